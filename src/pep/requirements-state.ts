import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { PlacedText, RequirementsFile, RequirementsFileOptions } from './requirements-file.ts';

/** What was read so far. */
export interface State {
  readonly options: RequirementsFileOptions;
  readonly result: Mutable<Omit<RequirementsFile, 'noBinary' | 'onlyBinary'>>;
  readonly noBinary: Set<string>;
  readonly onlyBinary: Set<string>;
  readonly errors: UserError[];
  hashesDemanded: PlacedText | null;
  files: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/** A line, its file, and the files that lead to it. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly isConstraint: boolean;
  readonly path: readonly string[];
}

/** Nothing read yet. */
export function newState(options: RequirementsFileOptions): State {
  return {
    options,
    result: {
      requirements: [],
      constraints: [],
      indexUrl: null,
      extraIndexUrls: [],
      findLinks: [],
      noIndex: false,
      prereleases: false,
      requireHashes: false,
      preferBinary: false,
      notes: [],
    },
    noBinary: new Set(),
    onlyBinary: new Set(),
    errors: [],
    hashesDemanded: null,
    files: 0,
  };
}

/** Adds a note about the line. */
export function note(state: State, { file, line }: Place, kind: Note['kind'], text: string): void {
  state.result.notes.push({ kind, text: oneLine(text), file, line });
}

/** Throws the fault of the line. */
export function refuse(place: Place, message: string): never {
  throw fileError(place, message);
}

/** `FILE:LINE` */
export function placeText({ file, line }: Pick<Place, 'file' | 'line'>): string {
  return `${oneLine(file)}:${line}`;
}

/** E_BAD_REQUIREMENTS_FILE (exit 65) with file and line. */
export function fileError(place: Pick<Place, 'file' | 'line'>, message: string, hint?: string): UserError {
  return new UserError('E_BAD_REQUIREMENTS_FILE', `${placeText(place)}: ${message}`, {
    exit: EXIT.data,
    hint: hint ?? 'the file has the syntax of pip requirements files',
  });
}
