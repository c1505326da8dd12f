import { parse } from 'toml';
import * as v from 'valibot';
import { packageSearch } from './package-search.ts';

/** Packages that the tables of build backends name, as far as they are named and not searched for. */
export interface DeclaredPackages {
  readonly packages: readonly string[];
  readonly packageDir: ReadonlyMap<string, string>;
  /** Tells the packages that a search in the tree may find: `tool.setuptools.packages.find` with `include` and `exclude`. */
  readonly isFound: (name: string) => boolean;
  /** `tool.setuptools.packages.find` looks for packages beside what is listed. */
  readonly searches: boolean;
}

const Name = v.looseObject({ name: v.string() });
const Strings = v.array(v.string());
const Search = v.looseObject({
  find: v.looseObject({ where: v.optional(Strings), include: v.optional(Strings), exclude: v.optional(Strings, []) }),
});
const ToolSchema = v.looseObject({
  flit: v.optional(
    v.looseObject({
      module: v.optional(Name),
      metadata: v.optional(v.looseObject({ module: v.optional(v.string()) })),
    }),
  ),
  poetry: v.optional(
    v.looseObject({
      packages: v.optional(v.array(v.looseObject({ include: v.string(), from: v.optional(v.string()) }))),
    }),
  ),
  setuptools: v.optional(
    v.looseObject({
      packages: v.optional(v.unknown()),
      'py-modules': v.optional(Strings),
      'package-dir': v.optional(v.record(v.string(), v.string())),
    }),
  ),
  hatch: v.optional(
    v.looseObject({
      build: v.optional(
        v.looseObject({
          targets: v.optional(
            v.looseObject({
              wheel: v.optional(
                v.looseObject({
                  packages: v.optional(Strings),
                  'only-include': v.optional(Strings),
                  sources: v.optional(v.unknown()),
                }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
  pdm: v.optional(v.looseObject({ build: v.optional(v.looseObject({ 'package-dir': v.optional(v.string()) })) })),
  'scikit-build': v.optional(
    v.looseObject({ wheel: v.optional(v.looseObject({ packages: v.optional(v.unknown()) })) }),
  ),
  maturin: v.optional(
    v.looseObject({ 'module-name': v.optional(v.string()), 'python-source': v.optional(v.string()) }),
  ),
});

/** Reads `tool.flit`, `tool.poetry`, `tool.setuptools`, `tool.hatch`, `tool.pdm`, `tool.scikit-build` and `tool.maturin`. A table of another form says nothing. */
export function declaredPackages(tool: Readonly<Record<string, unknown>>, backend: string | null): DeclaredPackages {
  const packages: string[] = [];
  const packageDir = new Map<string, string>();
  const table = (name: string) => {
    const decoded = v.safeParse(ToolSchema, { [name]: tool[name] });
    return decoded.success ? decoded.output : {};
  };
  if (backend === null || backend.startsWith('flit')) {
    const { flit } = table('flit');
    packages.push(...[flit?.module?.name, flit?.metadata?.module].filter((name) => name !== undefined));
  }
  for (const { include, from } of table('poetry').poetry?.packages ?? []) {
    packages.push(moduleOf(include));
    if (from !== undefined) packageDir.set('', from);
  }
  const { setuptools } = table('setuptools');
  const listed = v.safeParse(Strings, setuptools?.packages);
  packages.push(...(listed.success ? listed.output : []), ...(setuptools?.['py-modules'] ?? []));
  const searched = v.safeParse(Search, setuptools?.packages);
  const find = searched.success ? searched.output.find : { exclude: [] };
  const [where] = find.where ?? [];
  if (where !== undefined && where !== '.') packageDir.set('', where);
  for (const [name, folder] of Object.entries(setuptools?.['package-dir'] ?? {})) packageDir.set(name, folder);
  const wheel = table('hatch').hatch?.build?.targets?.wheel;
  const sources = v.safeParse(Strings, wheel?.sources);
  const included = (wheel?.['only-include'] ?? []).filter((path) => {
    const [folder] = sources.success ? sources.output.filter((source) => path.startsWith(`${source}/`)) : [];
    return folder !== undefined && !path.slice(folder.length + 1).includes('/');
  });
  const ofScikitBuild = v.safeParse(Strings, table('scikit-build')['scikit-build']?.wheel?.packages);
  for (const path of [
    ...(wheel?.packages ?? included),
    ...(ofScikitBuild.success && backend?.startsWith('scikit_build_core') === true ? ofScikitBuild.output : []),
  ]) {
    const plain = path.replace(/^\.\//u, '').replace(/\/+$/u, '');
    const at = plain.lastIndexOf('/');
    packages.push(moduleOf(plain.slice(at + 1)));
    if (at > 0) packageDir.set('', plain.slice(0, at));
  }
  const ofPdm = backend?.startsWith('pdm') === true ? table('pdm').pdm?.build?.['package-dir'] : undefined;
  if (ofPdm !== undefined) packageDir.set('', ofPdm);
  const { maturin } = table('maturin');
  const extension = maturin?.['module-name'];
  if (extension !== undefined) packages.push(extension);
  const pythonSource = maturin?.['python-source'];
  if (pythonSource !== undefined) packageDir.set('', pythonSource);
  return {
    packages: packages.filter((name) => name !== ''),
    packageDir,
    isFound: packageSearch(find),
    searches: searched.success,
  };
}

/** The library of a Cargo.toml, which maturin makes a module where no table names one; null where it names none, or is no TOML. */
export function crateModule(text: string): string | null {
  let table: unknown;
  try {
    table = parse(text);
  } catch {
    // The module is left out, and the import check with it; building tells what is wrong with the file.
    return null;
  }
  const crate = v.safeParse(CrateSchema, table);
  if (!crate.success) return null;
  const name = crate.output.lib?.name ?? crate.output.package?.name?.replaceAll('-', '_');
  return name ?? null;
}

const CrateSchema = v.looseObject({
  lib: v.optional(v.looseObject({ name: v.optional(v.string()) })),
  package: v.optional(v.looseObject({ name: v.optional(v.string()) })),
});

function moduleOf(include: string): string {
  return /^[\w/.-]+$/u.test(include) ? include.replace(/\.py$/u, '').replaceAll('/', '.') : '';
}
