import type { Note } from '../base/note.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { tryParseRequirement } from '../pep/requirement.ts';
import { projectOfModule } from './module-projects.ts';
import type { PythonInput } from './package-facts.ts';
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

/**
 * The build requirements of an sdist (PEP 518): `build-system.requires`, or setuptools where pyproject.toml names none, with setup_requires and the
 * projects whose modules setup.py imports without a guard.
 */
export function buildInputs(
  facts: SdistFacts,
  targets: readonly MarkerEnvironment[],
): { readonly inputs: readonly PythonInput[]; readonly notes: readonly Note[] } {
  const declared = declaredBuildDemands(facts);
  const known = namesOf(declared);
  const demands = [...declared, ...setupScriptDemands(facts, known), ...hookDemands(facts)].filter(
    ({ text }) => !broughtByHook(facts, text),
  );
  const { inputs, notes } = pythonInputs(demands, targets);
  return { inputs, notes: [...notes, ...backendNotes(facts), ...unreadNotes(facts)] };
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
    .filter((statement) => !statement.guarded && !statement.optional)
    .map((statement): Demand => {
      const project = projectOfModule(statement.module, known);
      return {
        text: project,
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
      file: 'pyproject.toml',
      requirement: text,
    },
  }));
}

/** maturin comes with `rustPlatform.maturinBuildHook`, which builds in its place. */
function broughtByHook(facts: SdistFacts, text: string): boolean {
  return facts.pyproject?.buildBackend === 'maturin' && tryParseRequirement(text)?.name === 'maturin';
}

function backendNotes(facts: SdistFacts): Note[] {
  const backend = facts.pyproject?.buildBackend ?? null;
  const isRead = facts.native.hookRequires !== null;
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
