import type { Note } from '../base/note.ts';
import { compareText } from '../base/text.ts';
import type { SdistFacts, WheelFacts } from '../metadata/release-facts.ts';
import { formatMarker, type MarkerEnvironment } from '../pep/marker.ts';
import type { Requirement } from '../pep/requirement.ts';
import { buildInputs } from './build-inputs.ts';
import { buildTools } from './build-tools.ts';
import { cargoInputs } from './cargo-inputs.ts';
import { type ExtraMembers, extraMembers, type Member } from './extra-members.ts';
import { foreignMetadata } from './foreign-metadata.ts';
import { excludedInterpreters, excludedPyPy, withoutPyPyWheel } from './interpreters.ts';
import { linkedLibraries } from './libraries.ts';
import { licencesOf } from './licence.ts';
import { licenceEvidence, licenceEvidenceOfMetadata } from './licence-evidence.ts';
import { metaOfSdist, metaOfWheel, scriptsOfSdist } from './meta.ts';
import { nativeBuilders } from './native-builder.ts';
import type { Input, Origin, PackageFacts, PythonInput, Source, SystemInput } from './package-facts.ts';
import { inputsOfRequirements } from './python-inputs.ts';
import { statedText } from './stated-text.ts';
import { testInputs } from './test-inputs.ts';
import { isDevelopmentGroup, isTestGroup } from './test-tools.ts';
import { type ReadLinks, wheelLibraries } from './wheel-libraries.ts';

/** Where requirements stand; `lines`: where single ones do, by their text as `statedText()` has it. */
export type StatedFrom = Omit<Origin, 'kind'> & { readonly lines?: Readonly<Record<string, number>> };

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
    | {
        readonly kind: 'wheel';
        readonly wheel: WheelFacts;
        /** What its compiled files link; missing where it has none for Linux. */
        readonly links?: ReadLinks;
      };
  /** All its run-time requirements, those of extras with their `extra == "..."` markers, and where they stand. */
  readonly requirements: readonly Requirement[];
  readonly requirementsFrom: StatedFrom;
  /** Where those of extras stand; missing: at the same place. */
  readonly extrasFrom?: StatedFrom;
  readonly requiresPython: string | null;
  readonly notes: readonly Note[];
}

export interface ClassifyOptions {
  /** At least one. */
  readonly targets: readonly MarkerEnvironment[];
  /** Extras (PEP 685 names) that others ask for: `optionalDependencies` has these also when they are for tests or development. */
  readonly askedExtras?: readonly string[];
  /** Whether the package set has no standard environment like that of nixpkgs: what builds find there is an input then. */
  readonly bootstrap?: boolean;
}

/**
 * Tells the inputs of a release apart: build requirements, tools, linked libraries, run-time dependencies, extras and test inputs, with licence, description
 * and what else the expression says. Pure; each input knows where it comes from, and what could not be told is a note.
 */
export function classify(release: ReadRelease, options: ClassifyOptions): PackageFacts {
  const { targets } = options;
  const metadata = release.facts.kind === 'sdist' ? release.facts.sdist.coreMetadata : release.facts.wheel.coreMetadata;
  const members = extraMembers({
    project: release.name,
    requirements: release.requirements,
    provided: metadata?.providesExtra ?? [],
    targets,
  });
  const { requirementsFrom, extrasFrom = requirementsFrom } = release;
  const runtime = inputsOf(members.membersOf(''), { from: requirementsFrom, targets });
  const extras = wantedExtras(members, options.askedExtras ?? []).map(
    (extra) => [extra, inputsOf(members.membersOf(extra), { from: extrasFrom, targets })] as const,
  );
  const { disabled, notes: disabledNotes } = excludedInterpreters(release.requiresPython, targets);
  const pypy =
    release.facts.kind === 'sdist'
      ? excludedPyPy(release.facts.sdist.setupScript, targets)
      : withoutPyPyWheel(release.source, targets);
  const notes = [
    ...foreignMetadata(metadata, release),
    ...disabledNotes,
    ...pypy.notes,
    ...runtime.notes,
    ...extras.flatMap(([, read]) => read.notes),
  ];
  const shared = {
    name: release.name,
    version: release.version,
    source: release.source,
    optionalDependencies: Object.fromEntries(extras.map(([extra, { inputs }]) => [extra, inputs])),
    disabledTests: [],
    disabledTestPaths: [],
    disabled,
    ...pypy.facts,
    relaxDeps: [],
    removeDeps: [],
    env: {},
    text: {},
    reasons: {},
    omissions: [],
  } as const;
  const context = { release, members, runtime: runtime.inputs, notes, targets, bootstrap: options.bootstrap ?? false };
  return release.facts.kind === 'sdist'
    ? { ...shared, ...sdistParts(release.facts.sdist, context) }
    : { ...shared, ...wheelParts(release.facts, context) };
}

interface PartsContext {
  readonly release: ReadRelease;
  readonly members: ExtraMembers;
  readonly runtime: readonly PythonInput[];
  /** About what sdists and wheels have in common. */
  readonly notes: readonly Note[];
  readonly targets: readonly MarkerEnvironment[];
  readonly bootstrap: boolean;
}

type Parts = Pick<
  PackageFacts,
  'inputs' | 'check' | 'importsCheck' | 'meta' | 'notes' | 'cargo' | 'buildBackend' | 'dontUseCmakeConfigure'
> &
  Partial<Pick<PackageFacts, 'env' | 'importNeeds' | 'omissions'>>;

function sdistParts(sdist: SdistFacts, context: PartsContext): Parts {
  const { release, members, runtime, notes, targets, bootstrap } = context;
  const build = buildInputs(sdist, targets, { bootstrap });
  const builders = nativeBuilders(sdist);
  const libraries = linkedLibraries(sdist, builders, targets);
  const tools = buildTools(sdist, { builders, evidence: libraries.evidence });
  const cargo = cargoInputs(sdist, builders);
  const tests = testInputs(sdist, {
    name: release.name,
    targets,
    present: new Set([...build.inputs, ...runtime].filter(({ marker }) => marker === null).map(({ name }) => name)),
    members,
    extrasFrom: release.extrasFrom ?? release.requirementsFrom,
    scripts: scriptsOfSdist(sdist) ?? [],
  });
  const licence = licencesOf(licenceEvidence(sdist));
  const host = pluginHost(sdist, runtime);
  return {
    inputs: {
      'build-system': build.inputs,
      nativeBuildInputs: eachOnce([...cargo.tools, ...tools.inputs, ...build.tools]),
      buildInputs: [...libraries.inputs, ...host],
      dependencies: runtime.filter((input) => !host.includes(input)),
      nativeCheckInputs: tests.inputs,
    },
    check: {
      runner: tests.runner,
      enabled: tests.obstacle === null ? null : false,
      reason: sdist.tests.count === 0 ? 'no tests in the sdist' : tests.obstacle,
      ...(tests.files === null ? {} : { files: tests.files }),
      ...(tests.preparation.length === 0 ? {} : { preparation: tests.preparation }),
    },
    ...(tests.named.length === 0 ? {} : { env: { PYTEST_ADDOPTS: [tests.named.join(' ')] } }),
    omissions: build.omissions,
    importsCheck: sdist.modules,
    ...(sdist.importNeeds === undefined ? {} : { importNeeds: sdist.importNeeds }),
    meta: { ...metaOfSdist(sdist, release), licences: licence.licences },
    ...(cargo.vendoring === null ? {} : { cargo: cargo.vendoring }),
    ...otherBackend(sdist),
    ...(tools.dontUseCmakeConfigure ? { dontUseCmakeConfigure: true } : {}),
    notes: notesFor(release, [
      ...release.notes,
      ...notes,
      ...relevantUnknowns(sdist, [...build.inputs, ...runtime, ...tests.inputs]),
      ...build.notes,
      ...libraries.notes,
      ...tools.notes,
      ...cargo.notes,
      ...tests.notes,
      ...(tests.obstacle === null
        ? []
        : [{ kind: 'omitted', text: `its tests do not run: ${tests.obstacle}` } as const]),
      ...licence.notes,
    ]),
  };
}

/** Inputs of the same attribute as one, which is there wherever one of them is. */
function eachOnce(inputs: readonly SystemInput[]): SystemInput[] {
  const byName = new Map<string, SystemInput>();
  for (const input of inputs) {
    const before = byName.get(input.attribute);
    const { marker: _, ...always } = input;
    const origins = [...(before?.origins ?? []), ...input.origins];
    const isSame = conditionText(before) === conditionText(input);
    byName.set(input.attribute, before === undefined ? input : { ...(isSame ? before : always), origins });
  }
  return [...byName.values()].sort((a, b) => compareText(a.attribute, b.attribute));
}

function conditionText(input: SystemInput | undefined): string {
  return input?.marker === undefined ? '' : formatMarker(input.marker);
}

/** Builders of old releases of nixpkgs know setuptools only. */
function otherBackend({ pyproject, setupScript }: SdistFacts): Pick<PackageFacts, 'buildBackend'> {
  const name = pyproject?.buildBackend ?? null;
  if (name === null || name.startsWith('setuptools')) return {};
  return { buildBackend: { name, hasSetupScript: setupScript !== null } };
}

function wheelParts(
  { wheel, links }: ReadRelease['facts'] & { readonly kind: 'wheel' },
  { release, runtime, notes }: PartsContext,
): Parts {
  const licence = licencesOf(licenceEvidenceOfMetadata(wheel.coreMetadata));
  const libraries = wheelLibraries(links, release.source);
  return {
    inputs: {
      'build-system': [],
      nativeBuildInputs: libraries.tools,
      buildInputs: libraries.inputs,
      dependencies: runtime,
      nativeCheckInputs: [],
    },
    check: { runner: null, enabled: null, reason: 'a wheel has no tests' },
    importsCheck: wheel.modules ?? [],
    meta: { ...metaOfWheel(wheel, release), licences: licence.licences },
    notes: notesFor(release, [...release.notes, ...notes, ...libraries.notes, ...licence.notes]),
  };
}

function notesFor(release: ReadRelease, notes: readonly Note[]): Note[] {
  // What belongs to several extras would be told once for each.
  const told = new Map(notes.map((note) => [JSON.stringify([note.kind, note.text, note.file, note.line]), note]));
  return [...told.values()].map((note) => ({ ...note, project: release.name }));
}

/** What could not be read of files that only sometimes matter is told where something else of them was taken. */
function relevantUnknowns(sdist: SdistFacts, inputs: readonly Input[]): Note[] {
  const used = new Set(inputs.flatMap(({ origins }) => origins.map(({ file }) => file)));
  return sdist.unknowns
    .filter(({ what, file }) => !(what === 'requirements' || what === 'tox deps') || used.has(file))
    .map((unknown) => ({ kind: 'unknown', text: `${unknown.what}: ${unknown.why}`, ...placeOf(unknown) }));
}

function placeOf({ file, line }: { file: string; line?: number }): { file: string; line?: number } {
  return line === undefined ? { file } : { file, line };
}

/** The inputs that members are, each with the place where the release states it. */
function inputsOf(
  members: readonly Member[],
  { from, targets }: { readonly from: StatedFrom; readonly targets: readonly MarkerEnvironment[] },
): ReturnType<typeof inputsOfRequirements> {
  const withOrigins = members.map(({ requirement, stated }) => ({
    requirement,
    origin: statedOrigin(statedText(stated), from),
  }));
  return inputsOfRequirements(withOrigins, targets);
}

function statedOrigin(requirement: string, { lines, ...from }: StatedFrom): Origin {
  const line = lines !== undefined && Object.hasOwn(lines, requirement) ? lines[requirement] : from.line;
  return { kind: 'requirement', ...from, ...(line === undefined ? {} : { line }), requirement };
}

/** The extras that users install, and those of tests and development that are asked for. */
function wantedExtras({ extras }: ExtraMembers, asked: readonly string[]): string[] {
  const isForUsers = (extra: string): boolean => !isTestGroup(extra) && !isDevelopmentGroup(extra);
  return extras.filter((extra) => isForUsers(extra) || asked.includes(extra));
}

/** The pytest that a plugin of pytest runs in: nixpkgs has it among the build inputs, so that the plugin does not bring a pytest of its own. */
function pluginHost(sdist: SdistFacts, runtime: readonly PythonInput[]): PythonInput[] {
  if (sdist.coreMetadata?.classifiers.includes('Framework :: Pytest') !== true) return [];
  return runtime.filter((input) => input.name === 'pytest');
}
