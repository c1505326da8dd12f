import type { Note } from '../../base/note.ts';
import { compareText, countOf, joinWords, sortedUnique } from '../../base/text.ts';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import type { PackageFacts } from '../../classify/package-facts.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
import type { Requirement } from '../../pep/requirement.ts';
import type { Version } from '../../pep/version.ts';
import { fixedByLock, lockFaults, unhashedNotes } from '../lock/locked-closure.ts';
import { rootsOfLock } from '../repository/roots-of-lock.ts';
import { withLiftedBounds } from './build-bounds.ts';
import { buildsSolved } from './build-solve.ts';
import { type UnusableChecks, withChecksSolved } from './check-solve.ts';
import {
  type ClosureRequest,
  newSearch,
  resolveFitting,
  type Search,
  type SolveKind,
  takeChosen,
} from './closure-search.ts';
import { boundsOfTools, type LateBounds, noLateBounds } from './late-bounds.ts';
import { isSupplied, suppliedVersion } from './set-fit.ts';

export type { ClosureRequest } from './closure-search.ts';

/** Every package that is generated, classified and after overrides, sorted by name. */
export interface Closure {
  readonly packages: readonly PackageFacts[];
  /** What was asked for: the requirements of the user, else what the lock file was made for. */
  readonly roots: readonly Requirement[];
  /** By package (PEP 503 name) the first solve that chose it. */
  readonly solvedFor: ReadonlyMap<string, SolveKind>;
  /** Packages (PEP 503 names) whose sdist brings its own build backend (`backend-path`). */
  readonly selfBuilt: ReadonlySet<string>;
  /** By package the extras that its requirements name, those of tests too. */
  readonly declaredExtras: ReadonlyMap<string, ReadonlySet<string>>;
  /** By package the check inputs that could not be resolved with the others, each with the reason. Their notes are among `notes`. */
  readonly unusableChecks: UnusableChecks;
  /** Versions that a lock decides, by PEP 503 name, for what the package set supplies. */
  readonly lockedVersions: ReadonlyMap<string, Version>;
  readonly notes: readonly Note[];
}

/**
 * Finds what has to be generated, by three solves, each with the versions of the former fixed: run time; build requirements, in turn those of what these lead to, until
 * nothing new is asked for; and check inputs, only with `--with-checks`. What the packages of the third solve are tested with themselves is not resolved: their tests
 * run as far as the package set goes, as all tests do without `--with-checks`.
 * With a lock its versions are the only candidates of their projects.
 * Throws UserError E_UNSATISFIABLE, E_NO_SUCH_PROJECT, E_NO_MATCHING_VERSION, E_HASH_NOT_ADMITTED, E_BUILD_BOUNDS, with a lock E_NOT_IN_LOCK, E_LOCK_MISMATCH and E_LOCKED_VERSION, and what reading releases throws.
 */
export async function findClosure(request: ClosureRequest): Promise<Closure> {
  const misfits = new Map<string, Note>();
  const { requested, locked, reader, targets } = request;
  const roots =
    requested.requirements.length > 0
      ? requested.requirements
      : await rootsOfLock(locked ?? null, { provider: reader, targets: targets.environments });
  const lateBounds = noLateBounds();
  let searches = 0;
  for (;;) {
    const before = misfits.size + request.names.taken.size;
    const toolBounds = boundsOfTools(lateBounds);
    const closure = await closureKnowing({ misfits, lateBounds, toolBounds }, request, roots);
    // What turned out not to fit may have counted as supplied in an earlier solve.
    if (closure === null || misfits.size + request.names.taken.size > before) continue;
    if (boundsOfTools(lateBounds).some((bound) => !toolBounds.includes(bound))) {
      searches += 1;
      if (searches > MOST_SEARCHES_FOR_BOUNDS) throw endlessBounds(lateBounds);
      continue;
    }
    const taken = [...request.names.taken].flatMap(([project, note]) => (misfits.has(project) ? [] : [note]));
    return { ...closure, notes: [...misfits.values(), ...taken, ...closure.notes] };
  }
}

/** Each is a whole search. Packages need one or two; an index on which every version of a tool leads to a new bound of it would make one for each of its versions. */
const MOST_SEARCHES_FOR_BOUNDS = 20;

function endlessBounds({ missed }: LateBounds): UserError {
  const tools = joinWords(sortedUnique(missed));
  return new UserError(
    'E_BUILD_BOUNDS',
    `each version of ${tools} that was tried is excluded by what it is built with itself, ${MOST_SEARCHES_FOR_BOUNDS} times in turn`,
    { hint: 'name the version to take in a constraints file (-c)', exit: EXIT.unmet },
  );
}

/** Null when a misfit was found that changes the earlier solves. */
async function closureKnowing(
  known: Parameters<typeof newSearch>[1],
  request: ClosureRequest,
  roots: readonly Requirement[],
): Promise<Closure | null> {
  const search = newSearch(request, known);
  const { locked } = search;
  const text = request.phase ?? `resolving ${countOf(roots.length, 'requirement')}`;
  request.onProgress({ kind: 'phase', text });
  if (locked !== null) throwAll(await faultsOfLock(roots, { ...search, locked }));
  const { resolution, notes } = await resolveFitting(roots, 'run-time', search);
  search.notes.push(...notes);
  const read = await takeChosen([...resolution.packages.values()], 'run-time', search);
  if (!(await buildsSolved(read, 'build', search))) return null;
  const checked = request.options.withChecks ? await withChecksSolved(search) : { search, unusableChecks: new Map() };
  return checked === null ? null : closureOf(checked.search, { roots, unusableChecks: checked.unusableChecks });
}

function faultsOfLock(
  roots: readonly Requirement[],
  search: Search & { readonly locked: LockedProjects },
): Promise<readonly UserError[]> {
  return lockFaults(roots, {
    locked: search.locked,
    targets: search.targets.environments,
    provider: search.reader,
    supplies: (project) => isSupplied(project, search),
  });
}

function closureOf(search: Search, found: Pick<Closure, 'roots' | 'unusableChecks'>): Closure {
  const read = [...search.packages.values()];
  const sorted = read.map(({ facts }) => facts).sort((a, b) => compareText(a.name, b.name));
  const versionOf = (name: string): Version | null => search.versions.get(name) ?? suppliedVersion(name, search);
  return {
    ...found,
    packages: withLiftedBounds(sorted, versionOf),
    solvedFor: search.solvedFor,
    selfBuilt: new Set(read.flatMap(({ facts, isSelfBuilt }) => (isSelfBuilt ? [facts.name] : []))),
    declaredExtras: new Map(read.map(({ facts, extras }) => [facts.name, extras])),
    lockedVersions: fixedByLock(search.locked, 'run-time'),
    notes: [...search.notes, ...unhashedNotes(search.packages.keys(), search.locked)],
  };
}
