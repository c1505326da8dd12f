import type { Note } from '../base/note.ts';
import { starSecrets } from '../base/secrets.ts';
import { compareText, oneLine } from '../base/text.ts';
import type { Style } from './style.ts';

/** Notes without repetitions, ordered by project, then by place and text. */
export function orderedNotes(notes: readonly Note[]): Note[] {
  const byText = new Map(
    notes.map((note) => [JSON.stringify([note.project, note.kind, note.text, note.file, note.line]), note]),
  );
  return [...byText.values()].sort(
    (a, b) =>
      compareText(a.project ?? '', b.project ?? '') ||
      compareText(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      compareText(a.text, b.text),
  );
}

/** One line a note: `note: toolz: licence … (setup.py:12)`. */
export function noteLines(notes: readonly Note[], style: Style): string[] {
  return orderedNotes(notes).map((note) => {
    const label = note.kind === 'warning' ? style.yellow('warning:') : style.dim('note:');
    const project = note.project === undefined ? '' : `${note.project}: `;
    return `${label} ${project}${starSecrets(oneLine(note.text))}${placeText(note)}`;
  });
}

function placeText(note: Note): string {
  if (note.file === undefined) return '';
  return ` (${oneLine(note.file)}${note.line === undefined ? '' : `:${note.line}`})`;
}
