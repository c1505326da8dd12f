import type { Note } from '../../src/base/note.ts';
import { compareText } from '../../src/base/text.ts';
import type { SdistFacts } from '../../src/metadata/release-facts.ts';

/** Something that the sdist says and that could not be read. */
export interface Unknown {
  /** What it is, for example `setupScript.libraries`, or the text of the note. */
  readonly what: string;
  readonly why: string;
  readonly file: string;
  readonly line: number | null;
}

/**
 * What of an sdist could not be read and is told by no note, because nothing that was generated rests on it; in the order of files and lines.
 * Facts are plain data, so that every reading is found wherever it stands.
 */
export function untoldUnknowns(facts: SdistFacts, notes: readonly Note[]): readonly Unknown[] {
  const found = unknownsIn(facts, '');
  const isTold = (unknown: Unknown): boolean =>
    notes.some(
      ({ text, file, line }) => file === unknown.file && (line ?? null) === unknown.line && text.includes(unknown.why),
    );
  const distinct = new Map(found.map((unknown) => [JSON.stringify(unknown), unknown]));
  return [...distinct.values()]
    .filter((unknown) => !isTold(unknown))
    .sort((a, b) => compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compareText(a.what, b.what));
}

function unknownsIn(value: unknown, at: string): Unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => unknownsIn(entry, at));
  if (typeof value !== 'object' || value === null) return [];
  const fields: Readonly<Record<string, unknown>> = { ...value };
  // A reading has `kind` and `place`; the entries of `unknowns` say what they are themselves.
  if (typeof fields.why === 'string') {
    const place = typeof fields.place === 'object' && fields.place !== null ? { ...fields.place } : fields;
    const { file, line }: { readonly file?: unknown; readonly line?: unknown } = place;
    const what = typeof fields.what === 'string' ? fields.what : at;
    const unknown = { what, why: fields.why, line: typeof line === 'number' ? line : null };
    return [{ ...unknown, file: typeof file === 'string' ? file : '' }];
  }
  return Object.entries(fields).flatMap(([key, entry]) => unknownsIn(entry, at === '' ? key : `${at}.${key}`));
}
