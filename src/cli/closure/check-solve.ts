import type { Note } from '../../base/note.ts';
import { compareText, excerpt, sortedUnique } from '../../base/text.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import type { PythonInput } from '../../classify/package-facts.ts';
import { withStubs } from '../../classify/settle.ts';
import { formatRequirement } from '../../pep/requirement.ts';
import { parseSpecifierSet, specifierAllows } from '../../pep/specifier.ts';
import type { Resolution } from '../../resolve/provider.ts';
import { fixedByLock } from '../lock/locked-closure.ts';
import { buildRequirements, buildsSolved, resolveBuild, type Wanted } from './build-solve.ts';
import {
  forked,
  newExtras,
  type ReadPackage,
  requirementOf,
  resolveFitting,
  type Search,
  takeChosen,
} from './closure-search.ts';
import { suppliedVersion, suppliesInput } from './set-fit.ts';
import { cannotBeMet } from './unmet.ts';

/** By package, its check inputs that cannot be used, each with the reason; all by PEP 503 names. */
export type UnusableChecks = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What the third solve adds. */
export interface CheckedSearch {
  readonly search: Search;
  readonly unusableChecks: UnusableChecks;
}

/**
 * The third solve: the check inputs of all packages so far that the set does not supply, with their own run-time and build requirements, and everything decided fixed. A check input
 * whose bound excludes what is decided, and one that cannot be resolved or built, is left out of its package with a note, and never ends the run. Null when a misfit was
 * found that changes the earlier solves.
 */
export async function withChecksSolved(before: Search): Promise<CheckedSearch | null> {
  const refused = new Map<Wanted, Reason>();
  const { wanted, excluded } = wantedChecks(before);
  if (wanted.length > 0) before.onProgress({ kind: 'phase', text: 'resolving check inputs' });
  for (;;) {
    const search = forked(before);
    const left = wanted.filter((want) => !refused.has(want));
    const { read, reasons } = await takeMost(left, search);
    for (const [want, reason] of reasons) refused.set(want, reason);
    const unbuildable = await unbuildableAmong(read, search);
    if (unbuildable === 'misfit') return null;
    if (unbuildable === null)
      return { search: withNotes(search, excluded, refused), unusableChecks: unusableOf(excluded, refused) };
    const known = refused.size;
    for (const want of left) {
      const reached = reachedFrom(want.requirement.name, search);
      const [project] = sortedUnique(unbuildable.reasons.keys()).filter((name) => reached.has(name));
      if (project !== undefined && !refused.has(want))
        refused.set(want, {
          comment: `${project} cannot be built`,
          told: `${project} cannot be built: ${unbuildable.reasons.get(project)}`,
        });
    }
    if (refused.size === known) throw unbuildable.thrown;
  }
}

/** Why a check input is left out: for a comment, and for a note, where the whole story has room. */
interface Reason {
  readonly comment: string;
  readonly told: string;
}

/** A check input that is left out, and the package. */
interface Excluded {
  readonly by: string;
  readonly name: string;
  readonly reason: Reason;
}

function wantedChecks(search: Search): { readonly wanted: readonly Wanted[]; readonly excluded: readonly Excluded[] } {
  const wanted: Wanted[] = [];
  const excluded: Excluded[] = [];
  const decided = new Map([...fixedByLock(search.locked, 'check'), ...search.versions]);
  for (const by of sortedUnique(search.packages.keys())) {
    for (const input of checkInputs(by, search)) {
      const version =
        decided.get(input.name) ?? (suppliesInput(input, search) ? suppliedVersion(input.name, search) : null);
      const allows =
        version === null || specifierAllows(parseSpecifierSet(input.specifier), version, { prereleases: true });
      if (!allows) {
        const reason = `the tests ask for ${input.name}${input.specifier}, and ${version.text} is used`;
        excluded.push({ by, name: input.name, reason: { comment: reason, told: reason } });
      } else if (search.versions.has(input.name)) {
        const extras = newExtras(input.name, input.extras, search);
        if (extras.length > 0) wanted.push({ requirement: requirementOf({ ...input, extras }), by });
      } else if (!suppliesInput(input, search)) wanted.push({ requirement: requirementOf(input), by });
    }
  }
  return { wanted: [...wanted].sort(byText), excluded };
}

function byText(a: Wanted, b: Wanted): number {
  return compareText(formatRequirement(a.requirement), formatRequirement(b.requirement)) || compareText(a.by, b.by);
}

function checkInputs(project: string, search: Search): readonly PythonInput[] {
  const facts = search.packages.get(project)?.facts;
  if (facts === undefined || facts.check.enabled === false) return [];
  const has = (name: string): boolean => search.packages.has(name) || search.names.inSet(name) !== null;
  const { nativeCheckInputs } = facts.inputs;
  // A stub takes the place of a project, is in the set, and on no index.
  const stated = withStubs(nativeCheckInputs, has).flatMap((input, index) =>
    input.kind === 'python' && input === nativeCheckInputs[index] ? [input] : [],
  );
  const isImplied = facts.check.runner === 'pytest' && !stated.some(({ name }) => name === 'pytest');
  const runner: PythonInput = { kind: 'python', name: 'pytest', extras: [], specifier: '', marker: null, origins: [] };
  return isImplied ? [...stated, runner] : stated;
}

const UNUSABLE: ReadonlySet<string> = new Set([
  'E_UNSATISFIABLE',
  'E_NO_MATCHING_VERSION',
  'E_NO_SUCH_PROJECT',
  'E_RESOLUTION_BUDGET',
  'E_CONFLICTING_URLS',
  'E_LOCKED_VERSION',
]);

interface Resolved {
  readonly resolution: Resolution;
  readonly notes: readonly Note[];
}

/**
 * Resolves as many as can be met together, and takes that; in doubt those that come first stay. By halves, so that few that cannot be met among many cost few attempts.
 * Gives what was read, and why the others are left out.
 */
async function takeMost(
  wanted: readonly Wanted[],
  search: Search,
): Promise<{ readonly read: readonly ReadPackage[]; readonly reasons: ReadonlyMap<Wanted, Reason> }> {
  const reasons = new Map<Wanted, Reason>();
  const accepted: Wanted[] = [];
  const resolved: Resolved[] = [];
  const accept = async (more: readonly Wanted[]): Promise<void> => {
    if (more.length === 0) return;
    try {
      const requirements = [...accepted, ...more].map(({ requirement }) => requirement);
      resolved.push(await resolveFitting(requirements, 'check', search));
      accepted.push(...more);
    } catch (thrown) {
      if (!cannotBeMet(thrown, UNUSABLE)) throw thrown;
      const [only, ...others] = more;
      if (only !== undefined && others.length === 0) reasons.set(only, reasonOf(thrown));
      else {
        const half = Math.ceil(more.length / 2);
        await accept(more.slice(0, half));
        await accept(more.slice(half));
      }
    }
  };
  await accept(wanted);
  const last = resolved.at(-1);
  if (last === undefined) return { read: [], reasons };
  search.notes.push(...last.notes);
  return { read: await takeChosen([...last.resolution.packages.values()], 'check', search), reasons };
}

/** Why the builds of what was read cannot be resolved. */
interface Unbuildable {
  readonly thrown: unknown;
  /** By package (PEP 503 name). */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Resolves the builds of what was read; null when that went well, `misfit` when the earlier solves have to be done again. */
async function unbuildableAmong(read: readonly ReadPackage[], search: Search): Promise<Unbuildable | 'misfit' | null> {
  try {
    return (await buildsSolved(read, 'check', search)) ? null : 'misfit';
  } catch (thrown) {
    if (!cannotBeMet(thrown, UNUSABLE)) throw thrown;
    return { thrown, reasons: await culpritsOf(thrown, search) };
  }
}

/** The packages whose build requirements cannot be met by themselves; all that ask for something when each can. */
async function culpritsOf(thrown: unknown, search: Search): Promise<ReadonlyMap<string, string>> {
  const culprits = new Map<string, string>();
  const asking: string[] = [];
  for (const name of sortedUnique(search.packages.keys())) {
    const facts = search.packages.get(name)?.facts;
    const wanted = facts === undefined ? [] : await buildRequirements(facts, search);
    if (wanted.length === 0) continue;
    asking.push(name);
    try {
      await resolveBuild(wanted, 'check', forked(search));
    } catch (failure) {
      if (!cannotBeMet(failure, UNUSABLE)) throw failure;
      culprits.set(name, messageOf(failure));
    }
  }
  return culprits.size > 0 ? culprits : new Map(asking.map((name) => [name, messageOf(thrown)]));
}

/** The packages that a project leads to, by what they need to be built and to run. */
function reachedFrom(project: string, { packages }: Search): ReadonlySet<string> {
  const reached = new Set([project]);
  for (const name of reached) {
    const facts = packages.get(name)?.facts;
    if (facts === undefined) continue;
    const { 'build-system': builds, nativeBuildInputs, buildInputs, dependencies } = facts.inputs;
    const ofExtras = Object.values(facts.optionalDependencies).flat();
    for (const input of [...builds, ...nativeBuildInputs, ...buildInputs, ...dependencies, ...ofExtras])
      if (input.kind === 'python') reached.add(input.name);
  }
  return reached;
}

/** Versions that exclude each other take more words than a comment has room for. */
function reasonOf(thrown: unknown): Reason {
  const message = messageOf(thrown);
  if (!cannotBeMet(thrown)) return { comment: message, told: message };
  const comment = 'it cannot be resolved with what is used';
  return { comment, told: `${comment}: ${message}` };
}

function messageOf(thrown: unknown): string {
  return excerpt((userErrorsOf(thrown) ?? []).map(({ message }) => message).join('; '));
}

function allUnusable(excluded: readonly Excluded[], refused: ReadonlyMap<Wanted, Reason>): readonly Excluded[] {
  const ofSolve = [...refused].map(([{ by, requirement }, reason]) => ({ by, name: requirement.name, reason }));
  return [...excluded, ...ofSolve].sort((a, b) => compareText(a.by, b.by) || compareText(a.name, b.name));
}

function unusableOf(excluded: readonly Excluded[], refused: ReadonlyMap<Wanted, Reason>): UnusableChecks {
  const unusable = new Map<string, Map<string, string>>();
  for (const { by, name, reason } of allUnusable(excluded, refused)) {
    const ofPackage = unusable.get(by) ?? new Map<string, string>();
    unusable.set(by, ofPackage);
    ofPackage.set(name, reason.comment);
  }
  return unusable;
}

function withNotes(search: Search, excluded: readonly Excluded[], refused: ReadonlyMap<Wanted, Reason>): Search {
  const notes = allUnusable(excluded, refused).map(
    ({ by, name, reason }): Note => ({
      kind: 'omitted',
      text: `${name} is left out of nativeCheckInputs: ${reason.told}`,
      project: by,
    }),
  );
  return { ...search, notes: [...search.notes, ...notes] };
}
