import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import type { LockChoice, LockSource } from './locked-projects.ts';
import { platformOf, pythonOf, targetWords } from './target-words.ts';

/**
 * The targets that a lock is made for, and a note that tells the others. `whyNot` gives the reason as a clause, null for those that it is made
 * for. Throws UserError E_LOCK_UNFIT (exit 1) when there is none, or none for an interpreter or platform that was named by hand.
 */
export function coveredTargets(
  { name }: Pick<LockSource, 'name'>,
  { targets, named }: Pick<LockChoice, 'targets' | 'named'>,
  whyNot: (target: MarkerEnvironment) => string | null,
): { readonly targets: readonly MarkerEnvironment[]; readonly notes: readonly Note[] } {
  const reasons = targets.map((target) => ({ target, why: whyNot(target) }));
  const covered = reasons.filter(({ why }) => why === null).map(({ target }) => target);
  const others = reasons.filter(({ why }) => why !== null);
  const [first] = others;
  if (first === undefined) return { targets, notes: [] };
  const told = `${oneLine(name)} is not made for ${targetWords(others.map(({ target }) => target))}: ${first.why ?? ''}`;
  if (covered.length === 0) throw unfit(told);
  const lost = lostByHand(named, targets, covered);
  const asked = others.find(({ target }) => lost.has(pythonOf(target)) || lost.has(platformOf(target)));
  if (asked !== undefined)
    throw unfit(`${oneLine(name)} is not made for ${[...lost].map(wordsOf).join(' and ')}: ${asked.why ?? ''}`);
  return { targets: covered, notes: [{ kind: 'omitted', text: told, file: name }] };
}

/** The interpreters and platforms that were named by hand and of which no target is left. */
export function lostByHand(
  named: LockChoice['named'],
  targets: readonly MarkerEnvironment[],
  left: readonly MarkerEnvironment[],
): ReadonlySet<string> {
  const isGone = (value: string, nameOf: (target: MarkerEnvironment) => string): boolean =>
    targets.some((target) => nameOf(target) === value) && !left.some((target) => nameOf(target) === value);
  return new Set([
    ...(named?.pythons ?? []).filter((python) => isGone(python, pythonOf)),
    ...(named?.platforms ?? []).filter((platform) => isGone(platform, platformOf)),
  ]);
}

function wordsOf(value: string): string {
  return /^\d/u.test(value) ? `Python ${value}, which --python names` : `${value}, which --platform names`;
}

function unfit(told: string): UserError {
  return new UserError('E_LOCK_UNFIT', told, {
    exit: EXIT.unmet,
    hint: 'choose targets that it is made for with --python and --platform, or make a lock for these',
  });
}
