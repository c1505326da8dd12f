import type { Note } from '../base/note.ts';
import type { SdistFacts, WheelFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import type { Requirement } from '../pep/requirement.ts';
import { specifierAllows, tryParseSpecifierSet } from '../pep/specifier.ts';
import { tryParseVersion } from '../pep/version.ts';
import { buildInputs } from './build-inputs.ts';
import { linkedLibraries } from './libraries.ts';
import { licenceEvidence, licenceEvidenceOfMetadata, licencesOf } from './licence.ts';
import { metaOfSdist, metaOfWheel } from './meta.ts';
import type { Origin, PackageFacts, PythonInput, Source } from './package-facts.ts';
import { inputsOfRequirements } from './python-inputs.ts';
import { extraOf, testInputs } from './test-inputs.ts';
import { isDevelopmentGroup, isTestGroup } from './test-tools.ts';

/** A release whose version is chosen and whose files have been read. */
export interface ReadRelease {
  /** PEP 503 name. */
  readonly name: string;
  /** PEP 440 normal form. */
  readonly version: string;
  readonly source: Source;
  /** What the release says: the sdist where it is the source, else the wheel. */
  readonly facts:
    | { readonly kind: 'sdist'; readonly sdist: SdistFacts }
    | { readonly kind: 'wheel'; readonly wheel: WheelFacts };
  /** All its run-time requirements, those of extras with their `extra == "..."` markers, and where they stand. */
  readonly requirements: readonly Requirement[];
  readonly requirementsFrom: Omit<Origin, 'kind'>;
  readonly requiresPython: string | null;
  readonly notes: readonly Note[];
}

export interface ClassifyOptions {
  readonly targets: readonly MarkerEnvironment[];
}

/**
 * Tells the inputs of a release apart: build requirements, tools, linked libraries, run-time dependencies, extras and test inputs, with licence, description
 * and what else the expression says. Pure; each input knows where it comes from, and what could not be told is a note.
 */
export function classify(release: ReadRelease, options: ClassifyOptions): PackageFacts {
  const runtime = runtimeInputs(release, options.targets);
  const extras = extraInputs(release, options.targets);
  const shared = {
    name: release.name,
    version: release.version,
    source: release.source,
    optionalDependencies: extras,
    disabledTests: [],
    disabledTestPaths: [],
    disabled: excludesATarget(release.requiresPython, options.targets),
    relaxDeps: [],
    removeDeps: [],
    env: {},
    text: {},
    reasons: {},
    omissions: [],
  } as const;
  return release.facts.kind === 'sdist'
    ? { ...shared, ...sdistParts(release.facts.sdist, { release, runtime, targets: options.targets }) }
    : { ...shared, ...wheelParts(release.facts.wheel, { release, runtime }) };
}

type Parts = Pick<PackageFacts, 'inputs' | 'check' | 'importsCheck' | 'meta' | 'notes'>;

function sdistParts(
  sdist: SdistFacts,
  {
    release,
    runtime,
    targets,
  }: { release: ReadRelease; runtime: readonly PythonInput[]; targets: readonly MarkerEnvironment[] },
): Parts {
  const build = buildInputs(sdist, targets);
  const libraries = linkedLibraries(sdist);
  const tests = testInputs(sdist, {
    name: release.name,
    targets,
    runtime: new Set(runtime.filter((input) => input.marker === null).map((input) => input.name)),
    requirements: release.requirements,
  });
  const licence = licencesOf(licenceEvidence(sdist));
  const host = pluginHost(sdist, runtime);
  return {
    inputs: {
      'build-system': build.inputs,
      nativeBuildInputs: [],
      buildInputs: [...libraries.inputs, ...host],
      dependencies: runtime.filter((input) => !host.includes(input)),
      nativeCheckInputs: tests.inputs,
    },
    check: { runner: tests.runner, enabled: null, reason: sdist.tests.count === 0 ? 'no tests in the sdist' : null },
    importsCheck: sdist.modules,
    meta: { ...metaOfSdist(sdist, release.version), licences: licence.licences },
    notes: notesFor(release, [
      ...release.notes,
      ...sdist.unknowns.map(
        (unknown): Note => ({ kind: 'unknown', text: `${unknown.what}: ${unknown.why}`, ...placeOf(unknown) }),
      ),
      ...build.notes,
      ...libraries.notes,
      ...tests.notes,
      ...licence.notes,
    ]),
  };
}

function wheelParts(
  wheel: WheelFacts,
  { release, runtime }: { release: ReadRelease; runtime: readonly PythonInput[] },
): Parts {
  const licence = licencesOf(licenceEvidenceOfMetadata(wheel.coreMetadata));
  return {
    inputs: {
      'build-system': [],
      nativeBuildInputs: [],
      buildInputs: [],
      dependencies: runtime,
      nativeCheckInputs: [],
    },
    check: { runner: null, enabled: null, reason: 'a wheel has no tests' },
    importsCheck: wheel.modules ?? [],
    meta: { ...metaOfWheel(wheel, release.version), licences: licence.licences },
    notes: notesFor(release, [...release.notes, ...licence.notes]),
  };
}

function notesFor(release: ReadRelease, notes: readonly Note[]): Note[] {
  return notes.map((note) => ({ ...note, project: release.name }));
}

function placeOf({ file, line }: { file: string; line?: number }): { file: string; line?: number } {
  return line === undefined ? { file } : { file, line };
}

function runtimeInputs(release: ReadRelease, targets: readonly MarkerEnvironment[]): PythonInput[] {
  const plain = release.requirements.filter(
    (requirement) => extraOf(requirement) === null && requirement.name !== release.name,
  );
  return inputsOfRequirements(withOrigin(release, plain), targets);
}

function withOrigin(
  release: ReadRelease,
  requirements: readonly Requirement[],
): { requirement: Requirement; origin: Origin }[] {
  return requirements.map((requirement) => ({
    requirement,
    origin: { kind: 'requirement', ...release.requirementsFrom, requirement: requirement.spelled },
  }));
}

/** The extras that users install, by name; an extra that names others of the same project (`all = ["x[a,b]"]`) gets their inputs as its own. */
function extraInputs(
  release: ReadRelease,
  targets: readonly MarkerEnvironment[],
): Record<string, readonly PythonInput[]> {
  const byExtra = new Map<string, Requirement[]>();
  for (const requirement of release.requirements) {
    const extra = extraOf(requirement);
    if (extra === null) continue;
    byExtra.set(extra, [...(byExtra.get(extra) ?? []), requirement]);
  }
  const wanted = [...byExtra.keys()].filter((extra) => !isTestGroup(extra) && !isDevelopmentGroup(extra));
  return Object.fromEntries(
    wanted.map((extra) => {
      const environments = targets.map((target) => ({ ...target, extra }));
      const members = membersOf(extra, { byExtra, project: release.name, seen: new Set() });
      return [extra, inputsOfRequirements(withOrigin(release, members), environments)] as const;
    }),
  );
}

function membersOf(
  extra: string,
  context: { byExtra: ReadonlyMap<string, readonly Requirement[]>; project: string; seen: Set<string> },
): Requirement[] {
  if (context.seen.has(extra)) return [];
  context.seen.add(extra);
  return (context.byExtra.get(extra) ?? []).flatMap((requirement) =>
    requirement.name === context.project
      ? requirement.extras.flatMap((other) =>
          membersOf(normalizeName(other), context).map((member) => rebind(member, other, extra)),
        )
      : [requirement],
  );
}

/** A requirement of one extra as a requirement of another that includes it. */
function rebind(requirement: Requirement, from: string, to: string): Requirement {
  const { marker } = requirement;
  if (marker === null) return requirement;
  const rename = (part: typeof marker): typeof marker => {
    if (part.kind !== 'compare') return { ...part, operands: part.operands.map(rename) };
    if (
      part.right.kind === 'literal' &&
      part.left.kind === 'variable' &&
      part.left.name === 'extra' &&
      normalizeName(part.right.value) === normalizeName(from)
    ) {
      return { ...part, right: { kind: 'literal', value: to } };
    }
    return part;
  };
  return { ...requirement, marker: rename(marker) };
}

/** `disabled` is said only where requires-python excludes an interpreter of the targets by its lower bound. */
function excludesATarget(
  requiresPython: string | null,
  targets: readonly MarkerEnvironment[],
): PackageFacts['disabled'] {
  const set = requiresPython === null ? null : tryParseSpecifierSet(requiresPython);
  if (requiresPython === null || set === null) return null;
  const excluded = targets.some((target) => {
    const version = tryParseVersion(target.python_full_version ?? '');
    return version !== null && !specifierAllows(set, version, { prereleases: true });
  });
  return excluded ? { requiresPython } : null;
}

/** The pytest that a plugin of pytest runs in: nixpkgs has it among the build inputs, so that the plugin does not bring a pytest of its own. */
function pluginHost(sdist: SdistFacts, runtime: readonly PythonInput[]): PythonInput[] {
  if (sdist.coreMetadata?.classifiers.includes('Framework :: Pytest') !== true) return [];
  return runtime.filter((input) => input.name === 'pytest');
}
