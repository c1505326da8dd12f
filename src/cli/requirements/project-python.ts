import type { Note } from '../../base/note.ts';
import { excerpt, joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { requiresPythonAdmits } from '../../pep/requires-python.ts';
import type { RunTargets } from '../run/targets.ts';

/** A project and the interpreters that it says it is for. */
export interface StatedPython {
  /** For messages: a file, or name and version. */
  readonly by: string;
  readonly requiresPython: string;
}

/**
 * A warning where the requires-python of a project excludes some interpreters of the targets: its requirements are chosen for all of them. Upper bounds do not count.
 * Throws UserError E_REQUIRES_PYTHON (exit 1) where it excludes one that binds, because what the project needs there cannot be told.
 */
export function requiresPythonNotes(
  requiresPython: string | null,
  { file, targets }: { readonly file: string; readonly targets: RunTargets },
): Note[] {
  if (requiresPython === null) return [];
  const isExcluded = (python: string): boolean => requiresPythonAdmits(requiresPython, python) === false;
  const text = `${file} requires Python ${excerpt(requiresPython)}`;
  const bound = targets.binding.filter(isExcluded);
  if (bound.length > 0)
    throw new UserError('E_REQUIRES_PYTHON', `${text}, and the targets have ${joinWords(bound)}`, {
      exit: EXIT.unmet,
      hint: 'name interpreters that it admits with --python',
    });
  const excluded = targets.pythons.filter(isExcluded);
  if (excluded.length === 0) return [];
  return [
    {
      kind: 'warning',
      text: `${text}, but ${joinWords(excluded)} of the targets ${excluded.length === 1 ? 'is' : 'are'} considered too`,
    },
  ];
}
