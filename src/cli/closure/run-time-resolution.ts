import type { Note } from '../../base/note.ts';
import { countOf, joinWords, oneLine } from '../../base/text.ts';
import { throwAll } from '../../base/user-error.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { resolutionFailureError } from '../../report/resolution-failure.ts';
import type { Resolution } from '../../resolve/provider.ts';
import { resolve } from '../../resolve/resolve.ts';
import type { DirectReader } from '../direct/reader.ts';
import { checkLockedFile, fixedByLock, lockedProvider, lockFaults } from '../lock/locked-closure.ts';
import type { ResolvingOptions } from '../options.ts';
import type { RulesOf } from '../overrides/override-layers.ts';
import { rootsOfLock } from '../repository/roots-of-lock.ts';
import { missingHashes } from '../requirements/required-hashes.ts';
import type { RequestedProjects } from '../requirements/requirement-arguments.ts';
import { type InputChoices, type RunInputs, type RunSeam, readRunInputs, withOpenRun } from '../run/run-inputs.ts';
import { bindingTargets, type RunTargets } from '../run/targets.ts';
import type { CommandContext, World } from '../world.ts';
import { servedTargets } from './served-pythons.ts';
import { similarNames } from './similar-names.ts';
import { cannotBeMet } from './unmet.ts';

/** What a command line leads to at run time, with nothing supplied by a package set. */
export interface RunTimeResolution {
  readonly requested: RequestedProjects;
  /** The requirements of the user, else what the lock file was made for. */
  readonly roots: readonly Requirement[];
  readonly locked: LockedProjects | null;
  readonly targets: RunTargets;
  readonly world: World;
  /** Reads metadata from wheels where there are some. */
  readonly reader: DirectReader;
  readonly resolution: Resolution;
  /** By PEP 503 name the digests (sha256, lower-case hex) that requirements files and the lock file admit. */
  readonly admitted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly notes: readonly Note[];
}

/** What a command does with a resolution, and how it differs from others. */
export interface ResolutionUse<Result> extends InputChoices {
  /** Called while indexes and network are open. */
  readonly use: (resolved: RunTimeResolution) => Promise<Result>;
  /** Rules that may say how a release is read; null: none. */
  readonly rulesOf?: RulesOf | null;
  readonly seam?: RunSeam;
}

/**
 * Resolves the run-time requirements of a command line.
 * Throws UserError E_UNSATISFIABLE, with a lock file E_NOT_IN_LOCK, E_LOCK_MISMATCH and E_LOCKED_VERSION (exit 1), and what reading requirements, lock files and indexes throws.
 */
export async function withRunTimeResolution<Result>(
  given: ResolvingOptions,
  context: CommandContext,
  { use, rulesOf = null, seam = {}, ...choices }: ResolutionUse<Result>,
): Promise<Result> {
  const read = await readRunInputs(given, context, choices);
  const inputs = seam.adapt?.(read) ?? read;
  const { requested, locked, preferences } = inputs;
  return withOpenRun(inputs, { context, rulesOf, metadataFrom: 'wheel', seam }, async ({ world, reader }) => {
    const environments = inputs.targets.environments;
    const roots =
      requested.requirements.length === 0
        ? await rootsOfLock(locked, { provider: reader, targets: environments })
        : requested.requirements;
    context.onProgress({ kind: 'phase', text: `resolving ${countOf(roots.length, 'requirement')}` });
    const run = { inputs, world, reader, roots, supplies: seam.supplies ?? (() => false) };
    const found = choices.servesAdmitted === true ? await resolvedAsServed(run) : await resolved(run, inputs.targets);
    const { resolution, targets } = found;
    const unneeded = requested.requirements.length === 0 ? unneededNotes(locked, resolution) : [];
    const notes = [
      ...inputs.nixpkgsNotes,
      ...requested.notes,
      ...(locked?.notes ?? []),
      ...preferences.notes,
      ...found.notes,
      ...unneeded,
    ];
    throwAll(missingHashes(namesByIndex(resolution, reader), requested));
    await checkArchives(resolution, { reader, locked });
    const admitted = admittedDigests(requested, locked);
    return use({ requested, roots, locked, targets, world, reader, resolution, admitted, notes });
  });
}

interface Run {
  readonly inputs: RunInputs<ResolvingOptions>;
  readonly world: World;
  readonly reader: DirectReader;
  readonly roots: readonly Requirement[];
  /** As `RunSeam` has it. */
  readonly supplies: (project: string) => boolean;
}

interface Resolved {
  readonly resolution: Resolution;
  readonly targets: RunTargets;
  readonly notes: readonly Note[];
}

async function resolved(run: Run, targets: RunTargets): Promise<Resolved> {
  const { inputs, world, reader, roots } = run;
  const { requested, locked, options, preferences } = inputs;
  const { environments } = targets;
  if (locked !== null)
    throwAll(await lockFaults(roots, { locked, targets: environments, provider: reader, supplies: () => false }));
  const outcome = await resolve(
    {
      requirements: roots,
      constraints: requested.constraints,
      targets: environments,
      prereleases: options.pre,
      supplies: run.supplies,
      strategy: options.resolution,
      preferences: preferences.versions,
      fixed: fixedByLock(locked, 'run-time'),
      similarNames: similarNames(inputs.release),
      indexes: world.indexNames,
      unusableFiles: reader.unusableFiles,
      fixedBy: (name) => (locked?.projects.has(name) === true ? locked.file : undefined),
    },
    lockedProvider(reader, locked),
  );
  if (outcome.kind === 'failed') throw resolutionFailureError(outcome.failure);
  return { resolution: outcome.resolution, targets, notes: outcome.notes };
}

/**
 * Resolved for the interpreters that everything chosen admits: again without the others, because what only they need is not chosen then. Where no versions serve
 * all targets, those are served from the oldest interpreter on that binds.
 */
async function resolvedAsServed(run: Run): Promise<Resolved> {
  const { reader, roots, inputs } = run;
  const stated = inputs.requested.requiresPython;
  const left: Note[] = [];
  let found = await resolved(run, inputs.targets).catch(async (thrown: unknown): Promise<Resolved> => {
    const narrow = bindingTargets(inputs.targets);
    if (narrow.environments.length === inputs.targets.environments.length || !cannotBeMet(thrown)) throw thrown;
    // When that fails too, the targets are not why.
    const narrower = await resolved(run, narrow);
    const others = inputs.targets.pythons.filter((python) => !narrow.pythons.includes(python));
    left.push({ kind: 'omitted', text: `not for Python ${joinWords(others)}: no versions serve these and the others` });
    return narrower;
  });
  for (;;) {
    const { targets, notes } = await servedTargets({ ...found, roots, reader, stated });
    left.push(...notes);
    if (targets === found.targets) return { ...found, notes: [...found.notes, ...left] };
    found = await resolved(run, targets);
  }
}

/** A note on what the lock file has and nothing that it was made for needs: perhaps an extra does that its format cannot tell. */
function unneededNotes(locked: LockedProjects | null, { packages }: Resolution): Note[] {
  const names = [...(locked?.projects.keys() ?? [])].filter((name) => !packages.has(name));
  if (locked === null || names.length === 0) return [];
  const text = `${oneLine(locked.file)} has ${joinWords(names)}, and nothing that it asks for needs ${names.length === 1 ? 'it' : 'them'} on the targets`;
  return [{ kind: 'omitted', text }];
}

/** Archives that are had by their addresses, against the digests that the lock file has of them. Throws UserError E_HASH_NOT_ADMITTED (exit 1). */
async function checkArchives(
  { packages }: Resolution,
  { reader, locked }: Pick<RunTimeResolution, 'reader' | 'locked'>,
): Promise<void> {
  for (const { name, version } of packages.values()) {
    if (!reader.addresses.has(name)) continue;
    const { files } = await reader.files(name, version.text);
    for (const { filename, sha256 } of files) if (sha256 !== null) checkLockedFile(name, { filename, sha256 }, locked);
  }
}

/** What is had by its address is what the user named, and is checked where it is read. */
function namesByIndex({ packages }: Resolution, { addresses }: DirectReader): string[] {
  return [...packages.keys()].filter((name) => !addresses.has(name));
}

/** Where both a requirements file and the lock file name digests, both have to admit a file. */
function admittedDigests(
  { hashes }: RequestedProjects,
  locked: LockedProjects | null,
): ReadonlyMap<string, ReadonlySet<string>> {
  const admitted = new Map(hashes);
  for (const { name, files } of locked?.projects.values() ?? []) {
    const digests = new Set(files.flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256.toLowerCase()])));
    if (digests.size === 0) continue;
    const others = admitted.get(name);
    admitted.set(name, others === undefined ? digests : new Set([...digests].filter((each) => others.has(each))));
  }
  return admitted;
}
