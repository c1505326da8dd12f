import { countOf } from '../base/text.ts';
import type { FileOutcome } from '../repository/write-plan.ts';
import type { Style } from './style.ts';

/** What a run has done to the files of a repository: a line for each that is not as it was, and one with the count. `isDry`: what it would do. */
export function outcomeLines(outcomes: ReadonlyMap<string, FileOutcome>, style: Style, isDry = false): string[] {
  const lines: string[] = [];
  let written = 0;
  let unchanged = 0;
  for (const [path, outcome] of outcomes) {
    const word = isDry ? WORDS[outcome].dry : WORDS[outcome].done;
    if (WRITTEN.has(outcome)) written += 1;
    else unchanged += 1;
    if (word === null) continue;
    const why = WORDS[outcome].why;
    lines.push(
      `${outcome === 'conflict' ? style.red(word) : style.bold(word)} ${path}${why === null ? '' : `: ${why(path)}`}`,
    );
  }
  return [...lines, `${countOf(written, 'file')} ${isDry ? 'to write' : 'written'}, ${unchanged} unchanged`];
}

/** The files where a hand edit and what is generated cannot be brought together. */
export function conflictsOf(outcomes: ReadonlyMap<string, FileOutcome>): readonly string[] {
  return [...outcomes].flatMap(([path, outcome]) => (outcome === 'conflict' ? [path] : []));
}

const WRITTEN: ReadonlySet<FileOutcome> = new Set(['created', 'restored', 'replaced', 'merged', 'removed']);

interface Wording {
  /** Null: not worth a line. */
  readonly done: string | null;
  readonly dry: string | null;
  readonly why: ((path: string) => string) | null;
}

const WORDS: Readonly<Record<FileOutcome, Wording>> = {
  created: { done: 'wrote', dry: 'would write', why: null },
  replaced: { done: 'wrote', dry: 'would write', why: null },
  restored: { done: 'wrote', dry: 'would write', why: () => 'it was deleted, and the repository needs it' },
  merged: { done: 'merged', dry: 'would merge', why: () => 'your edits are kept' },
  removed: { done: 'removed', dry: 'would remove', why: null },
  unchanged: { done: null, dry: null, why: null },
  kept: { done: null, dry: null, why: null },
  conflict: {
    done: 'conflict',
    dry: 'conflict',
    why: (path) =>
      `it is generated in another way where you edited it; it stays, and what would stand there is in ${path}.pypi2nix-new (take it over, or delete that file to keep yours)`,
  },
  orphaned: {
    done: 'kept',
    dry: 'would keep',
    why: () => 'nothing refers to it any more, but you edited it: delete it when it is not wanted',
  },
  declined: { done: null, dry: null, why: null },
  foreign: { done: null, dry: null, why: null },
};
