import type { Note } from '../../base/note.ts';
import { oneLine } from '../../base/text.ts';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import type { IndexClient } from '../../index/index-client.ts';
import { type LockedProjects, uncheckedProjects } from '../../lock/locked-projects.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import type { NixpkgsIdentity } from '../../nixpkgs/identity.ts';
import type { PackageSetNames } from '../../nixpkgs/package-set.ts';
import { preferredFormat } from '../../overrides/conditions.ts';
import { type DirectReader, directAddresses, withDirectSources } from '../direct/reader.ts';
import { type Formats, parseFormats } from '../formats.ts';
import { NO_PREFERENCES, type Preferences, preferredVersions, readLockFile } from '../lock/lock-input.ts';
import { onlyLockedFormat } from '../lock/locked-format.ts';
import { isRead } from '../options/nixpkgs-choice.ts';
import type { ResolvingOptions } from '../options.ts';
import type { RulesOf } from '../overrides/override-layers.ts';
import { createReleaseReader, type ReleaseReader, type ReleaseReaderOptions } from '../release/release-reader.ts';
import { type RequestedProjects, requestedProjects } from '../requirements/requirement-arguments.ts';
import { type CommandContext, openWorld, type World } from '../world.ts';
import { parseAsOf } from './as-of.ts';
import { narrowedTargets, type RunTargets, runTargets } from './targets.ts';

/** What a command line that resolves leads to before anything is resolved. */
export interface RunInputs<Options extends ResolvingOptions> {
  /** With what requirements files say of indexes and pre-releases. */
  readonly options: Options;
  /** The nixpkgs release that targets and form are of. */
  readonly release: string;
  /** What the nixpkgs has that the options name; null where none is read. */
  readonly evaluated: PackageSetNames | null;
  /** Which one that is; null where none is read. */
  readonly nixpkgsIdentity: NixpkgsIdentity | null;
  /** Notes on it. */
  readonly nixpkgsNotes: readonly Note[];
  readonly targets: RunTargets;
  /** Whether the lock file serves fewer targets than those of the run would be without it. */
  readonly isNarrowed: boolean;
  readonly formats: Formats;
  /** Milliseconds since 1970; null: no limit. */
  readonly asOf: number | null;
  readonly requested: RequestedProjects<Options>;
  /** The file of `--lock`. */
  readonly locked: LockedProjects | null;
  readonly preferences: Preferences;
}

/** How a command differs from others in what it makes of its options. */
export interface InputChoices {
  /** The preferences where `--prefer` says nothing. */
  readonly fallback?: Preferences;
  /** The command serves the interpreters that everything chosen admits: it tells of the others itself. */
  readonly servesAdmitted?: boolean;
}

/**
 * Reads the values of the options, the files that they name, and the requirements.
 * Throws UserError E_USAGE (exit 2) for values that mean nothing, and what reading requirements and lock files throws.
 */
export async function readRunInputs<Options extends ResolvingOptions>(
  stated: Options,
  context: CommandContext,
  { fallback = NO_PREFERENCES, servesAdmitted = false }: InputChoices = {},
): Promise<RunInputs<Options>> {
  // Loaded only then: it brings all that reads Nix.
  const nixpkgs = isRead(stated.nixpkgs)
    ? await (await import('./run-nixpkgs.ts')).openRunNixpkgs(stated, stated.nixpkgs, context)
    : null;
  const given = nixpkgs === null ? stated : { ...stated, release: nixpkgs.release };
  const release = given.release ?? DEFAULT_RELEASE;
  const wanted = runTargets(given.release, given, nixpkgs?.targets);
  const formats = parseFormats(given.format);
  const asOf = given.asOf === null ? null : parseAsOf(given.asOf);
  const reading = { targets: wanted.environments, release, context };
  // A group may be one of the files of -p only; these have looked for it.
  const groups = { names: given.groups, areOptional: given.projectFiles.length > 0 };
  const named = { pythons: given.pythons ?? [], platforms: given.platforms ?? [] };
  const locked = given.lock === null ? null : await readLockFile(given.lock, { ...reading, groups, named });
  if (locked !== null) throwAll(uncheckedProjects(locked));
  // What a lock file was not made for, and nobody asked for by hand, asks for projects that it does not have.
  const served = new Set(locked?.targets);
  const targets = locked === null ? wanted : narrowedTargets(wanted, (each) => served.has(each));
  const read = (await nixpkgs?.names(targets)) ?? null;
  const evaluated = read?.set ?? null;
  const nixpkgsNotes = [...(nixpkgs?.notes ?? []), ...(read?.notes ?? [])];
  const preferences =
    given.prefer === null ? fallback : await preferredVersions(given.prefer, { ...reading, set: evaluated });
  const requested = await requestedProjects(given, {
    ...context,
    targets,
    commits: preferences.commits ?? [],
    tellsExcluded: !servesAdmitted,
  });
  if (locked !== null && requested.requirements.length + locked.roots.length === 0) throw nothingLocked(locked);
  // A run that fails shows these: they may be what explains it.
  context.notes?.push(...nixpkgsNotes, ...requested.notes, ...(locked?.notes ?? []), ...preferences.notes);
  return {
    options: requested.options,
    release,
    evaluated,
    nixpkgsIdentity: nixpkgs?.identity ?? null,
    nixpkgsNotes,
    targets,
    isNarrowed: targets !== wanted,
    formats,
    asOf,
    requested,
    locked,
    preferences,
  };
}

function nothingLocked({ file }: LockedProjects): UserError {
  return new UserError('E_USAGE', `no requirement is given: ${oneLine(file)} asks for nothing for these targets`, {
    exit: EXIT.usage,
    hint: `ask for a dependency group of it with --group, for an extra with --lock '${oneLine(file)}[extra]', or name a project`,
  });
}

/** Where a command steps into a run of another one. */
export interface RunSeam {
  /** The inputs as the run goes on with them. */
  readonly adapt?: <Options extends ResolvingOptions>(inputs: RunInputs<Options>) => RunInputs<Options>;
  /** The preferences where `--prefer` says nothing. */
  readonly fallback?: Preferences;
  /** Whether a run-time project (PEP 503 name) counts as met without a look; missing: none does. */
  readonly supplies?: (project: string) => boolean;
  /** The folder in which the text on stdout will lie as a file, absolute; missing: the working directory. Paths of sources lead out of it. */
  readonly fileFolder?: string;
  /** What answers in place of the indexes. */
  readonly index?: (world: World) => IndexClient;
  /** The reader as the run goes on with it. */
  readonly reader?: (reader: DirectReader) => DirectReader;
}

/** What is open while a run resolves and reads. */
export interface OpenRun {
  readonly world: World;
  readonly reader: DirectReader;
}

/**
 * Opens indexes and network for `use`, and closes them after it. `rulesOf`: rules that may prefer a kind of archive; null for none.
 * Throws what opening the indexes and reading sources by address throws.
 */
export async function withOpenRun<Result>(
  inputs: RunInputs<ResolvingOptions>,
  {
    context,
    rulesOf,
    metadataFrom,
    isSupplied,
    seam = {},
  }: {
    readonly context: CommandContext;
    readonly rulesOf: RulesOf | null;
    readonly seam?: RunSeam;
  } & Pick<ReleaseReaderOptions, 'metadataFrom' | 'isSupplied'>,
  use: (run: OpenRun) => Promise<Result>,
): Promise<Result> {
  const { options, targets, formats, asOf, requested, locked } = inputs;
  const ruleContext = { release: options.release, environments: targets.environments };
  const notes: Note[] = [];
  const opened = await openWorld(options, { ...context, notes });
  const world = seam.index === undefined ? opened : { ...opened, index: seam.index(opened) };
  try {
    const lockedFormat = onlyLockedFormat(locked, {
      filesOf: async (project, version) => (await releases.files(project, version)).files,
      wanted: formats.general,
      notes: world.notes,
    });
    const releases: ReleaseReader = createReleaseReader({
      world,
      targets,
      asOf,
      metadataFrom,
      ...(isSupplied === undefined ? {} : { isSupplied }),
      formatOf: async (project, version) =>
        formats.byProject.get(project) ??
        (await lockedFormat(project, version)) ??
        (rulesOf === null ? null : preferredFormat(await rulesOf(project), version, ruleContext)) ??
        formats.general,
      onProgress: context.onProgress,
    });
    const reader = await withDirectSources(releases, directAddresses(requested, locked), {
      world,
      command: context,
      offline: options.offline,
      targets,
      metadataFrom,
      requested,
    });
    return await use({ world, reader: seam.reader?.(reader) ?? reader });
  } finally {
    // Requests that closing cuts off leave notes too, which explain nothing.
    context.notes?.push(...notes);
    await world.close();
  }
}
