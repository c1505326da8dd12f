/**
 * Why a note exists. `unknown`: something could not be read; `guess`: evidence leaves it open; `fallback`: a second-best
 * source was used; `omitted`: something was left out of the result; `warning`: the user should look at it.
 */
export type NoteKind = 'unknown' | 'guess' | 'fallback' | 'omitted' | 'warning';

/** Something that the user should know about a result. Notes are shown with the result and never stop a run. */
export interface Note {
  readonly kind: NoteKind;
  /** One sentence without a final full stop. */
  readonly text: string;
  /** PEP 503 name of the project that it is about, where there is one. */
  readonly project?: string;
  /** File of the release and line (from 1) where the evidence stands. */
  readonly file?: string;
  readonly line?: number;
}
