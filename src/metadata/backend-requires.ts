import * as v from 'valibot';
import { oneLine } from '../base/text.ts';
import { normalizeName } from '../pep/name.ts';
import type { Place, Reading } from './release-facts.ts';

/** What a backend reads of pyproject.toml. */
export interface BackendTables {
  readonly buildBackend: string | null;
  /** The table `tool`. */
  readonly tool: Readonly<Record<string, unknown>>;
  /** The run-time requirements of the project's table, and those of its extras. */
  readonly dependencies: Reading<readonly string[]>;
  readonly extras: Readonly<Record<string, readonly string[]>>;
  /** The text of pyproject.toml. */
  readonly text: string;
}

export interface BackendRequires {
  /** Absent where the tables ask for nothing. */
  readonly requires: Reading<readonly string[]>;
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

interface Asked {
  readonly requires: readonly string[];
  /** Why the tables ask for more than is told here; missing: they do not. */
  readonly open?: string;
}

const FILE = 'pyproject.toml';
const NOTHING: Asked = { requires: [] };
const OWN_REQUIREMENTS = 'its table asks for the run-time requirements, which pyproject.toml does not state';

/**
 * What `get_requires_for_build_wheel` (PEP 517) of known backends adds to `build-system.requires` because their tables in pyproject.toml ask for it: dependencies of
 * hatchling's builder and its hooks, providers of metadata and `build.requires` of scikit-build-core, `run-setuptools` of pdm-backend and cffi of maturin.
 */
export function backendRequires(tables: BackendTables): BackendRequires {
  const backend = tables.buildBackend ?? '';
  const [, name, asked] = READERS.find(([pattern]) => pattern.test(backend)) ?? [];
  const { requires, open } = asked?.(tables) ?? NOTHING;
  if (name === undefined || (requires.length === 0 && open === undefined))
    return { requires: { kind: 'absent' }, unknowns: [] };
  const place = placeOf(tables.text, name);
  return {
    requires: requires.length === 0 ? { kind: 'absent' } : { kind: 'known', value: [...new Set(requires)], place },
    unknowns: open === undefined ? [] : [{ ...place, what: `build requirements of ${backend}`, why: open }],
  };
}

/** Backends, the header of the table that is read, and its reader. */
const READERS: readonly (readonly [backend: RegExp, table: RegExp, read: (tables: BackendTables) => Asked])[] = [
  [/^hatchling\./u, /^tool\.hatch\.build\b/u, ofHatchling],
  [/^scikit_build_core\./u, /^tool\.scikit-build\b/u, ofScikitBuild],
  [/^pdm\.backend$/u, /^tool\.pdm\.build\b/u, ofPdm],
  [/^maturin$/u, /^tool\.maturin\b/u, ofMaturin],
];

const Strings = v.fallback(v.array(v.string()), []);
const Flag = (usual: boolean) => v.optional(v.fallback(v.boolean(), usual), usual);
const HatchDependencies = {
  dependencies: v.optional(Strings, []),
  'require-runtime-dependencies': v.optional(v.fallback(v.boolean(), false)),
  'require-runtime-features': v.optional(Strings),
};
const HatchHooks = v.optional(
  v.record(v.string(), v.looseObject({ ...HatchDependencies, 'enable-by-default': Flag(true) })),
  {},
);
const HatchTable = v.looseObject({ ...HatchDependencies, hooks: HatchHooks });
const Hatch = v.looseObject({
  build: v.looseObject({
    ...HatchTable.entries,
    targets: v.optional(v.looseObject({ wheel: v.optional(HatchTable) })),
  }),
});

/**
 * A hook of the wheel stands in place of one of the same name for all targets, and so do its flag and its features; dependencies add up (BuilderConfig.dependencies of hatchling).
 */
function ofHatchling({ tool, dependencies, extras }: BackendTables): Asked {
  const decoded = v.safeParse(Hatch, tool.hatch);
  if (!decoded.success) return NOTHING;
  const { build } = decoded.output;
  const wheel = build.targets?.wheel;
  const hooks = new Map([...Object.entries(build.hooks), ...Object.entries(wheel?.hooks ?? {})]);
  const enabled = [...hooks.values()].filter((hook) => hook['enable-by-default']);
  const tables = [build, ...(wheel === undefined ? [] : [wheel]), ...enabled];
  const [flag, wanted] = ['require-runtime-dependencies', 'require-runtime-features'] as const;
  const own = (wheel?.[flag] ?? build[flag]) || enabled.some((hook) => hook[flag]);
  const features = [wheel?.[wanted] ?? build[wanted], ...enabled.map((hook) => hook[wanted])].flatMap(
    (one) => one ?? [],
  );
  const ofExtra = new Map(Object.entries(extras).map(([extra, requires]) => [normalizeName(extra), requires]));
  return {
    requires: [
      ...tables.flatMap((table) => table.dependencies),
      ...(own && dependencies.kind === 'known' ? dependencies.value : []),
      ...features.flatMap((extra) => ofExtra.get(normalizeName(extra)) ?? []),
    ],
    ...(own && dependencies.kind === 'unknown' ? { open: OWN_REQUIREMENTS } : {}),
  };
}

const ScikitBuild = v.looseObject({
  metadata: v.optional(
    v.fallback(v.record(v.string(), v.looseObject({ provider: v.optional(v.string(), '') })), {}),
    {},
  ),
  build: v.optional(v.looseObject({ requires: v.optional(Strings, []) })),
});

/** What `get_requires_for_dynamic_metadata` of the providers that scikit-build-core itself has gives. */
const PROVIDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['scikit_build_core.metadata.setuptools_scm', ['setuptools-scm']],
  ['scikit_build_core.metadata.fancy_pypi_readme', ['hatch-fancy-pypi-readme>=22.3']],
  ['scikit_build_core.metadata.regex', []],
  ['scikit_build_core.metadata.template', []],
]);

function ofScikitBuild({ tool }: BackendTables): Asked {
  const decoded = v.safeParse(ScikitBuild, tool['scikit-build']);
  if (!decoded.success) return NOTHING;
  const { metadata, build } = decoded.output;
  const providers = Object.values(metadata).flatMap(({ provider }) => (provider === '' ? [] : [provider]));
  const foreign = providers.find((provider) => !PROVIDERS.has(provider));
  return {
    requires: [...providers.flatMap((provider) => PROVIDERS.get(provider) ?? []), ...(build?.requires ?? [])],
    ...(foreign === undefined ? {} : { open: `its provider of metadata ${oneLine(foreign)} may ask for more` }),
  };
}

const Pdm = v.looseObject({ build: v.looseObject({ 'run-setuptools': Flag(false) }) });

function ofPdm({ tool }: BackendTables): Asked {
  const decoded = v.safeParse(Pdm, tool.pdm);
  return decoded.success && decoded.output.build['run-setuptools'] ? { requires: ['setuptools>=40.8.0'] } : NOTHING;
}

const Maturin = v.looseObject({ bindings: v.optional(v.string()) });

function ofMaturin({ tool }: BackendTables): Asked {
  const decoded = v.safeParse(Maturin, tool.maturin);
  return decoded.success && decoded.output.bindings === 'cffi' ? { requires: ['cffi'] } : NOTHING;
}

/** The line of the key that asks, in a table of that name; else the first line of such a table. */
function placeOf(text: string, name: RegExp): Place {
  const lines = text.split('\n');
  let table = '';
  let first: number | null = null;
  for (const [index, line] of lines.entries()) {
    const header = /^[ \t]{0,20}\[{1,2}([^\][]{1,200})\]/u.exec(line)?.[1];
    if (header !== undefined) table = header.replace(/["' \t]/gu, '');
    if (!name.test(table)) continue;
    first ??= index + 1;
    if (header === undefined && ASKING.test(line)) return { file: FILE, line: index + 1 };
  }
  return first === null ? { file: FILE } : { file: FILE, line: first };
}

const ASKING =
  /\b(?:dependencies|require-runtime-(?:dependencies|features)|requires|provider|run-setuptools|bindings)\b[^=]{0,20}=/u;
