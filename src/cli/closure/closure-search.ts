import type { Note } from '../../base/note.ts';
import type { ProgressSink } from '../../base/progress.ts';
import { countOf } from '../../base/text.ts';
import { throwAll, UserError } from '../../base/user-error.ts';
import { classify } from '../../classify/classify.ts';
import type { PackageFacts, PythonInput } from '../../classify/package-facts.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { applyOverrides } from '../../overrides/apply.ts';
import { parseRequirement, type Requirement } from '../../pep/requirement.ts';
import type { Version } from '../../pep/version.ts';
import { resolutionFailureError } from '../../report/resolution-failure.ts';
import type { Resolution, ResolvedPackage } from '../../resolve/provider.ts';
import { resolve } from '../../resolve/resolve.ts';
import { checkLockedFile, fixedByLock, lockedProvider } from '../lock/locked-closure.ts';
import type { GenerateOptions } from '../options.ts';
import type { RulesOf } from '../overrides/override-layers.ts';
import type { ReleaseReader } from '../release/release-reader.ts';
import { missingHashes } from '../requirements/required-hashes.ts';
import type { RequestedProjects } from '../requirements/requirement-arguments.ts';
import type { RunNames } from '../run/run-names.ts';
import type { RunTargets } from '../run/targets.ts';
import { withAdmittedWheels } from './admitted-wheels.ts';
import { withRemovedBuilds } from './build-bounds.ts';
import type { LateBounds } from './late-bounds.ts';
import { isSupplied, misfitsOf } from './set-fit.ts';
import { similarNames } from './similar-names.ts';
import { extrasNamedBy } from './wanted-extras.ts';

export interface ClosureRequest {
  readonly requested: RequestedProjects;
  readonly options: Pick<GenerateOptions, 'deps' | 'bootstrap' | 'withChecks' | 'resolution' | 'relax'>;
  /** Null: the form that serves several releases. */
  readonly release: string | null;
  readonly targets: RunTargets;
  readonly names: RunNames;
  readonly rulesOf: RulesOf;
  readonly reader: ReleaseReader;
  /** The lock file that decides the versions; null for none. */
  readonly locked: LockedProjects | null;
  /** Whether expressions name extras of the set's packages; false when missing. */
  readonly usesExtras?: boolean;
  /** Versions by PEP 503 name that are tried first. */
  readonly preferences?: ReadonlyMap<string, Version>;
  readonly onProgress: ProgressSink;
  /** What is told when it begins; missing: how many requirements are resolved. */
  readonly phase?: string;
}

/** Which of the three solves chose a version. What a check input needs to be built belongs to the checks. */
export type SolveKind = 'run-time' | 'build' | 'check';

/** What the solves have found so far. */
export interface Search extends ClosureRequest {
  /** Projects that the set has in a version that does not fit, each with the note that says so; grows on the way, and with it the search begins again. */
  readonly misfits: Map<string, Note>;
  /** What builds ask of tools; grows on the way. */
  readonly lateBounds: LateBounds;
  /** What an earlier search has found that build tools must meet, from its late bounds. */
  readonly toolBounds: readonly Requirement[];
  readonly versions: Map<string, Version>;
  /** By project (PEP 503 name) the extras that were resolved. */
  readonly extras: Map<string, ReadonlySet<string>>;
  readonly solvedFor: Map<string, SolveKind>;
  readonly packages: Map<string, ReadPackage>;
  readonly notes: Note[];
}

export interface ReadPackage {
  readonly facts: PackageFacts;
  /** Whether its sdist brings its own build backend. */
  readonly isSelfBuilt: boolean;
  /** The extras that its requirements name, those of tests too. */
  readonly extras: ReadonlySet<string>;
}

/** A search that has found nothing yet. */
export function newSearch(
  request: ClosureRequest,
  known: Pick<Search, 'misfits' | 'lateBounds' | 'toolBounds'>,
): Search {
  const empty = { versions: new Map(), extras: new Map(), solvedFor: new Map(), packages: new Map(), notes: [] };
  return { ...request, ...known, ...empty };
}

/** A search that goes on from here and leaves this one as it is, but for misfits and late bounds. */
export function forked(search: Search): Search {
  return {
    ...search,
    versions: new Map(search.versions),
    extras: new Map(search.extras),
    solvedFor: new Map(search.solvedFor),
    packages: new Map(search.packages),
    notes: [...search.notes],
  };
}

/**
 * Resolves with all versions fixed that are decided. When the set's version of a supplied project does not fit, again with that project generated. Only the run-time solve
 * goes by `--resolution`: the lowest version of a build tool or a test runner that a bound admits is seldom one that works on the interpreters of today.
 * Throws UserError E_UNSATISFIABLE, and what `resolve` throws.
 */
export async function resolveFitting(
  requirements: readonly Requirement[],
  kind: SolveKind,
  search: Search,
): Promise<{ readonly resolution: Resolution; readonly notes: readonly Note[] }> {
  for (;;) {
    const outcome = await resolve(
      {
        requirements,
        constraints: search.requested.constraints,
        targets: search.targets.environments,
        prereleases: search.requested.options.pre,
        supplies: (name) => isSupplied(name, search),
        strategy: kind === 'run-time' ? search.options.resolution : 'highest',
        fixed: new Map([...fixedByLock(search.locked, kind), ...search.versions]),
        similarNames: similarNames(search.release ?? DEFAULT_RELEASE),
        indexes: search.reader.indexNames,
        unusableFiles: search.reader.unusableFiles,
        fixedBy: (name) => (search.locked?.projects.has(name) === true ? search.locked.file : undefined),
        ...(search.preferences === undefined ? {} : { preferences: search.preferences }),
      },
      lockedProvider(search.reader, search.locked),
    );
    if (outcome.kind === 'failed') throw resolutionFailureError(outcome.failure);
    // What builds and tests ask for is passed over where the set lacks it.
    const found = misfitsOf(outcome.resolution.supplied, {
      ...search,
      asksForExtras: kind === 'run-time' && search.usesExtras === true,
    });
    for (const { project, note } of found.replaced) search.misfits.set(project, note);
    if (found.replaced.length > 0) continue;
    return { resolution: outcome.resolution, notes: [...outcome.notes, ...found.kept] };
  }
}

/** Takes what was chosen into the search, and reads what was not read before. A package that is asked for a new extra is read again, because the extra becomes part of its expression. */
export async function takeChosen(
  chosen: readonly ResolvedPackage[],
  kind: SolveKind,
  search: Search,
): Promise<readonly ReadPackage[]> {
  const fresh = chosen.filter(
    ({ name, extras }) => !search.packages.has(name) || newExtras(name, extras, search).length > 0,
  );
  for (const { name, version, extras } of chosen) {
    search.versions.set(name, version);
    search.extras.set(name, new Set([...(search.extras.get(name) ?? []), ...extras]));
    if (!search.solvedFor.has(name)) search.solvedFor.set(name, kind);
  }
  if (kind === 'run-time')
    throwAll(
      missingHashes(
        chosen.flatMap(({ name }) => (search.requested.direct.has(name) ? [] : [name])),
        search.requested,
      ),
    );
  if (fresh.length > 0) search.onProgress({ kind: 'phase', text: `reading ${countOf(fresh.length, 'release')}` });
  const read = await Promise.all(fresh.map(({ name, version }) => readPackage(name, version, search)));
  for (const each of read) search.packages.set(each.facts.name, each);
  return read;
}

/** Those of the extras that nobody has asked for yet. */
export function newExtras(project: string, extras: readonly string[], search: Search): string[] {
  return extras.filter((extra) => search.extras.get(project)?.has(extra) !== true);
}

/** The requirement that an input was made from, without its place. */
export function requirementOf(input: PythonInput): Requirement {
  const extras = input.extras.length === 0 ? '' : `[${input.extras.join(',')}]`;
  return { ...parseRequirement(`${input.name}${extras}${input.specifier}`), marker: input.marker };
}

/** The bounds of an input that hold under conditions of their own, as requirements. */
export function conditionalRequirements({ name, bounds = [] }: PythonInput): Requirement[] {
  return bounds.map(({ specifier, marker }) => ({ ...parseRequirement(`${name}${specifier}`), marker }));
}

async function readPackage(name: string, version: Version, search: Search): Promise<ReadPackage> {
  const read = await search.reader.read(name, version);
  const { source } = read;
  if (source.kind === 'sdist' || source.kind === 'wheel') {
    checkHash(read.name, { ...source, admitted: search.requested.hashes });
    checkLockedFile(read.name, source, search.locked);
  }
  const release = withAdmittedWheels(read, { locked: search.locked, hashes: search.requested.hashes });
  const askedExtras = [...(search.extras.get(name) ?? [])];
  const { bootstrap } = search.options;
  const facts = classify(release, { targets: search.targets.environments, askedExtras, bootstrap });
  const changed = applyOverrides(facts, await search.rulesOf(name), {
    release: search.release,
    environments: search.targets.environments,
  });
  const pyproject = release.facts.kind === 'sdist' ? release.facts.sdist.pyproject : null;
  return {
    facts: withRemovedBuilds(changed, facts),
    isSelfBuilt: (pyproject?.backendPath.length ?? 0) > 0,
    extras: new Set([...extrasNamedBy(release.requirements), ...Object.keys(changed.optionalDependencies)]),
  };
}

function checkHash(
  name: string,
  found: { readonly sha256: string; readonly filename: string; readonly admitted: RequestedProjects['hashes'] },
): void {
  const admitted = found.admitted.get(name);
  if (admitted === undefined || admitted.has(found.sha256)) return;
  throw new UserError(
    'E_HASH_NOT_ADMITTED',
    `${found.filename} has the sha256 ${found.sha256}, which the requirements file does not admit`,
    {
      hint: `add --hash=sha256:${found.sha256} to the requirement after checking the archive, or ask for the version that it admits`,
    },
  );
}
