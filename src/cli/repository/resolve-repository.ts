import type { Note } from '../../base/note.ts';
import { excerpt } from '../../base/text.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import { pylockOf } from '../../lock/pylock-of-resolution.ts';
import { type OwnRelease, type RepositoryLock, repositoryTool } from '../../lock/repository-lock.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { formatPylock, type Pylock } from '../../pep/pylock.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { isTable, type TextTable } from '../../pep/toml-text.ts';
import { parseVersion, tryParseVersion, type Version } from '../../pep/version.ts';
import type { Pin } from '../../repository/manifest.ts';
import type { ResolvedPackage } from '../../resolve/provider.ts';
import { type RunTimeResolution, withRunTimeResolution } from '../closure/run-time-resolution.ts';
import { servedTargets } from '../closure/served-pythons.ts';
import { cannotBeMet } from '../closure/unmet.ts';
import { type Preferences, preferredVersions } from '../lock/lock-input.ts';
import { filesOfReleases } from '../lock/locked-files.ts';
import type { GenerateOptions, ResolvingOptions } from '../options.ts';
import { type RulesOf, runOverrides } from '../overrides/override-layers.ts';
import { type FoundRun, withFoundRun } from '../run/found-run.ts';
import type { RunInputs, RunSeam } from '../run/run-inputs.ts';
import { type RunNames, runNames } from '../run/run-names.ts';
import { lowestPython } from '../run/targets.ts';
import type { CommandContext } from '../world.ts';
import { withPins } from './repository-seam.ts';

/** The text of a lock file for a repository, and what is to be said of it. */
export interface ResolvedRepository {
  readonly text: string;
  readonly notes: readonly Note[];
}

export interface ResolveRequest {
  /** The folder of the repository, absolute. */
  readonly root: string;
  /** Those of the manifest, with its requirements. */
  readonly options: GenerateOptions;
  readonly pins: readonly Pin[];
  /** The lock file before: its versions and commits stay where they still fit. Null: there is none. */
  readonly previous: RepositoryLock | null;
  /** Projects (PEP 503 names) whose earlier versions do not count; missing: none. */
  readonly forgets?: (project: string) => boolean;
  /** What answers in place of the indexes; missing: they do. */
  readonly index?: RunSeam['index'];
  /** Looks at what was resolved at run time, and at what is generated, while indexes and network are open; an attempt that fails may have been looked at too. */
  readonly watch?: {
    readonly resolved?: (resolved: RunTimeResolution) => void;
    readonly found?: (found: FoundRun) => Promise<void>;
  };
  readonly context: CommandContext;
}

/**
 * Resolves what a repository asks for into its lock file: everything that is needed at run time, so that installers can read it, and of builds and checks what has to be
 * generated. Versions stay as they were where they fit; else those of the package set are tried first for what is not asked for by name.
 *
 * Throws UserError E_UNSATISFIABLE (exit 1), and what reading requirements, indexes and releases throws.
 */
export async function resolveRepository(request: ResolveRequest): Promise<ResolvedRepository> {
  try {
    return await resolvedWith(request, { isWhole: true });
  } catch (thrown) {
    if (!cannotBeMet(thrown, INCOMPLETE)) throw thrown;
    // An index of one's own need not have what the package set has. When that is not why, the first error is the one to tell.
    const resolved = await resolvedWith(request, { isWhole: false }).catch(() => null);
    if (resolved === null) throw thrown;
    const [error] = userErrorsOf(thrown) ?? [];
    const text = `pylock.toml has nothing of what the package set supplies, so pip and uv cannot install from it alone: ${excerpt(error?.message ?? '')}`;
    return { ...resolved, notes: [{ kind: 'omitted', text }, ...resolved.notes] };
  }
}

/** What may be said of a project that no index has. */
const INCOMPLETE: ReadonlySet<string> = new Set(['E_UNSATISFIABLE', 'E_NO_MATCHING_VERSION', 'E_NO_SUCH_PROJECT']);

/** `isWhole`: with what the package set supplies. */
async function resolvedWith(
  request: ResolveRequest,
  { isWhole }: { readonly isWhole: boolean },
): Promise<ResolvedRepository> {
  const { root, options } = request;
  const context = { ...request.context, directory: root };
  const rulesOf = await runOverrides(options.overrides, context);
  const earlier = earlierVersions(request);
  const commits = request.previous?.commits ?? [];
  const ofSet = await versionsOfSet(options, context);
  const fallback: Preferences = { versions: earlier, commits, notes: [] };
  let names: RunNames | null = null;
  const seam: RunSeam = {
    adapt(inputs) {
      names = runNames(inputs.release, options, inputs.evaluated);
      return preferring(withPins(inputs, request.pins), { earlier, ofSet });
    },
    ...(request.index === undefined ? {} : { index: request.index }),
    ...(isWhole ? {} : { supplies: (project) => (names?.inSet(project) ?? null) !== null }),
  };
  return withRunTimeResolution(options, context, {
    rulesOf,
    fallback,
    seam,
    async use(resolved) {
      request.watch?.resolved?.(resolved);
      const versions = new Map([...resolved.resolution.packages].map(([name, { version }]) => [name, version]));
      const builds = await generatedBeyond(versions, { request, rulesOf, earlier, commits });
      return await lockFileOf(resolved, { request, builds });
    },
  });
}

function earlierVersions({ previous, forgets = () => false }: ResolveRequest): ReadonlyMap<string, Version> {
  const texts = [...(previous?.packages ?? []), ...(previous?.releases ?? [])];
  return new Map(
    texts.flatMap(({ name, version }) => {
      const parsed = version === null || forgets(name) ? null : tryParseVersion(version);
      return parsed === null ? [] : [[name, parsed] as const];
    }),
  );
}

async function versionsOfSet(options: GenerateOptions, context: CommandContext): Promise<ReadonlyMap<string, Version>> {
  if (options.prefer !== null || options.deps === 'all') return new Map();
  const release = options.release ?? DEFAULT_RELEASE;
  return (await preferredVersions('nixpkgs', { release, targets: [], context })).versions;
}

/** Earlier versions go before those of the set, and what is asked for by name is as new as can be. */
function preferring<Options extends ResolvingOptions>(
  inputs: RunInputs<Options>,
  { earlier, ofSet }: { readonly earlier: Preferences['versions']; readonly ofSet: Preferences['versions'] },
): RunInputs<Options> {
  const direct = new Set(inputs.requested.requirements.map(({ name }) => name));
  const others = [...ofSet].filter(([name]) => !direct.has(name) && !earlier.has(name));
  return {
    ...inputs,
    preferences: { ...inputs.preferences, versions: new Map([...inputs.preferences.versions, ...others]) },
  };
}

/** What a run of `generate` with these versions generates beyond the run-time packages. */
interface BeyondRunTime {
  readonly builds: readonly ResolvedRelease[];
  readonly checks: readonly ResolvedRelease[];
  /** What projects of the package set need, as far as the run asked for it. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly notes: readonly Note[];
}

type ResolvedRelease = Pick<ResolvedPackage, 'name' | 'version'>;

/** A whole run up to its facts: it reads every archive that is generated from, so that the cache has what `composeRepository` needs. */
async function generatedBeyond(
  versions: ReadonlyMap<string, Version>,
  {
    request,
    rulesOf,
    earlier,
    commits,
  }: {
    readonly request: ResolveRequest;
    readonly rulesOf: RulesOf;
    readonly earlier: ReadonlyMap<string, Version>;
    readonly commits: RepositoryLock['commits'];
  },
): Promise<BeyondRunTime> {
  const needs = new Map<string, readonly string[]>();
  const seam: RunSeam = {
    adapt(inputs) {
      const preferred = new Map([...earlier, ...versions]);
      return { ...withPins(inputs, request.pins), preferences: { versions: preferred, commits, notes: [] } };
    },
    fallback: { versions, commits, notes: [] },
    ...(request.index === undefined ? {} : { index: request.index }),
    reader: (reader) => ({
      ...reader,
      async newestNeeds(project, version) {
        const found = await reader.newestNeeds(project, version);
        needs.set(project, found);
        return found;
      },
    }),
  };
  const context = { ...request.context, directory: request.root };
  return withFoundRun(request.options, { context, rulesOf, seam }, async (found) => {
    const settled = await found.settled();
    const own = beyond(found, versions);
    await request.watch?.found?.(found);
    const notes = [
      ...found.closure.notes,
      ...settled.notes,
      ...settled.packages.flatMap((facts) => facts.notes),
      ...found.world.notes,
    ];
    return { ...own, needs, notes };
  });
}

function beyond(
  { closure, reader }: FoundRun,
  versions: ReadonlyMap<string, Version>,
): Pick<BeyondRunTime, 'builds' | 'checks'> {
  const builds: ResolvedRelease[] = [];
  const checks: ResolvedRelease[] = [];
  for (const { name, version } of closure.packages) {
    if (reader.addresses.has(name) || versions.get(name)?.text === version) continue;
    (closure.solvedFor.get(name) === 'check' ? checks : builds).push({ name, version: parseVersion(version) });
  }
  return { builds, checks };
}

async function lockFileOf(
  resolved: RunTimeResolution,
  { request, builds }: { readonly request: ResolveRequest; readonly builds: BeyondRunTime },
): Promise<ResolvedRepository> {
  const { resolution, reader, world, admitted, locked, roots, requested } = resolved;
  const { root, options } = request;
  const indexed = [...resolution.packages.values()].filter(({ name }) => !reader.addresses.has(name));
  const reading = { reader, http: world.http, jobs: options.jobs, admitted, locked };
  const found = await filesOfReleases(indexed, reading);
  const own = await filesOfReleases([...builds.builds, ...builds.checks].map(asResolved), reading);
  const served = await servedTargets({ ...resolved, stated: requested.requiresPython });
  const declared = new Map(
    await Promise.all(
      [...resolution.packages.values()].map(
        async ({ name, version }): Promise<[string, readonly Requirement[]]> => [
          name,
          await reader.requirements(name, version),
        ],
      ),
    ),
  );
  const made = pylockOf({
    resolution,
    requested: roots,
    targets: resolved.targets.environments,
    requiresPython: `>=${lowestPython(served.targets.pythons)}`,
    filesOf: found.files,
    addresses: reader.addresses,
    directory: root,
    builds: new Map(),
    checks: new Map(),
    tool: {},
    declared,
  });
  // What the standard has no place for may be what expressions are made from.
  const cut = indexed.filter(({ name }) => made.packages.some((each) => each.name === name && each.tool !== null));
  const tool = repositoryTool(
    {
      builds: [...releases(builds.builds, own.files), ...releases(cut, found.files)],
      checks: releases(builds.checks, own.files),
      needs: builds.needs,
    },
    root,
  );
  const lock = { ...made, tool: { pypi2nix: { ...ownTable(made), ...tool } } };
  return {
    text: formatPylock(lock),
    notes: [...resolved.notes, ...world.notes, ...found.notes, ...own.notes, ...builds.notes, ...served.notes],
  };
}

/** Files are asked for by name and version alone. */
function asResolved({ name, version }: ResolvedRelease): ResolvedPackage {
  return { name, version, extras: [], requirements: [], yanked: null };
}

function releases(
  list: readonly ResolvedRelease[],
  files: ReadonlyMap<string, Omit<OwnRelease, 'name' | 'version'>>,
): readonly OwnRelease[] {
  return list.flatMap(({ name, version }) => {
    const known = files.get(name);
    return known === undefined ? [] : [{ name, version: version.text, ...known }];
  });
}

function ownTable({ tool }: Pylock): TextTable {
  const own = tool.pypi2nix;
  return isTable(own) ? own : {};
}
