import type { Note } from '../../base/note.ts';
import { type UserError, userErrorsOf } from '../../base/user-error.ts';
import { lostByHand } from '../../lock/covered-targets.ts';
import type { LockChoice, LockedProjects } from '../../lock/locked-projects.ts';
import { targetsOfFork } from '../../lock/pick-projects.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';

type TargetChoice = Pick<LockChoice, 'targets' | 'named'>;

/**
 * Reads a lock for the targets that use the same versions as the first of them, the binding one, where its forks are between targets that nobody named by hand: the
 * others are left out, which a note says. Throws what `read` throws; E_LOCK_FORK where an interpreter or platform that was named would be left out.
 */
export function withoutForks(choice: TargetChoice, read: (choice: TargetChoice) => LockedProjects): LockedProjects {
  const notes: Note[] = [];
  let { targets } = choice;
  let fork: unknown = null;
  for (;;) {
    try {
      const locked = read({ ...choice, targets });
      return { ...locked, notes: [...locked.notes, ...notes] };
    } catch (thrown) {
      const errors = userErrorsOf(thrown) ?? [];
      const left = errors.length === 0 ? null : withoutOthers(errors, targets);
      // What was named by hand may be left on interpreters alone that the lock is not made for.
      if (left === null || lostByHand(choice.named, choice.targets, left).size > 0) throw fork ?? thrown;
      fork ??= thrown;
      notes.push(...errors.map(forkNote));
      targets = left;
    }
  }
}

/** The targets without those that use another version than the first that uses any; null where that does not settle all forks. */
function withoutOthers(
  errors: readonly UserError[],
  targets: readonly MarkerEnvironment[],
): readonly MarkerEnvironment[] | null {
  let left = targets;
  for (const error of errors) {
    const uses = targetsOfFork(error);
    const first = left.find((target) => uses?.some((use) => use.includes(target)));
    const taken = uses?.filter((use) => first !== undefined && use.includes(first)) ?? [];
    if (uses === null || (first !== undefined && taken.length > 1)) return null;
    left = left.filter((target) => taken[0]?.includes(target) === true || !uses.some((use) => use.includes(target)));
  }
  return left.length === 0 || left.length === targets.length ? null : left;
}

function forkNote({ message }: UserError): Note {
  return {
    kind: 'omitted',
    text: `${message}; the version for the default interpreter is taken, and the targets of others are left out`,
  };
}
