import { parse } from 'toml';
import * as v from 'valibot';

/** Packages that the tables of build backends name, as far as they are named and not searched for. */
export interface DeclaredPackages {
  readonly packages: readonly string[];
  readonly packageDir: ReadonlyMap<string, string>;
}

const Name = v.looseObject({ name: v.string() });
const Strings = v.array(v.string());
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
          targets: v.optional(v.looseObject({ wheel: v.optional(v.looseObject({ packages: v.optional(Strings) })) })),
        }),
      ),
    }),
  ),
  maturin: v.optional(
    v.looseObject({ 'module-name': v.optional(v.string()), 'python-source': v.optional(v.string()) }),
  ),
});

/** Reads `tool.flit`, `tool.poetry`, `tool.setuptools`, `tool.hatch` and `tool.maturin`. A table of another form says nothing. */
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
  for (const [name, folder] of Object.entries(setuptools?.['package-dir'] ?? {})) packageDir.set(name, folder);
  for (const path of table('hatch').hatch?.build?.targets?.wheel?.packages ?? []) {
    const at = path.lastIndexOf('/');
    packages.push(moduleOf(path.slice(at + 1)));
    if (at > 0) packageDir.set('', path.slice(0, at));
  }
  const { maturin } = table('maturin');
  const extension = maturin?.['module-name'];
  if (extension !== undefined) packages.push(extension);
  const pythonSource = maturin?.['python-source'];
  if (pythonSource !== undefined) packageDir.set('', pythonSource);
  return { packages: packages.filter((name) => name !== ''), packageDir };
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
