import type { Note } from '../base/note.ts';
import type { RepositoryUpdate } from '../repository/package-update.ts';
import { orderedNotes } from './notes.ts';

/** The text that `update --json` puts on stdout: one object of the form 1. `isWritten`: whether the repository has the new versions now. */
export function updateJson(
  { packages, added, removed }: RepositoryUpdate,
  { isWritten, notes }: { readonly isWritten: boolean; readonly notes: readonly Note[] },
): string {
  const value = { form: 1, written: isWritten, packages, added, removed, notes: orderedNotes(notes) };
  return `${JSON.stringify(value, null, 2)}\n`;
}
