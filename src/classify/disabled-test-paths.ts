import { compareText, joinWords, sortedUnique } from '../base/text.ts';
import type { DisabledTest } from './package-facts.ts';

/** A project that tests import and that cannot be used. */
export interface LackingImport {
  /** Its name with the reason, for example `numpy, which the package set does not have`. */
  readonly text: string;
  /** The collected test files that cannot be read without it; missing: all. */
  readonly neededBy?: readonly string[];
}

/**
 * The paths to leave out so that the other tests run without what is lacking, each with its reason: folders where nothing in them can run, else files. Null where
 * no test would be left, or where it is not known which files need it (`files`: all that the runner collects).
 */
export function disabledTestPaths(
  files: readonly string[] | undefined,
  lacking: readonly LackingImport[],
): readonly DisabledTest[] | null {
  const reasons = new Map<string, string[]>();
  for (const { text, neededBy } of lacking) {
    if (neededBy === undefined) return null;
    for (const file of neededBy) reasons.set(file, [...(reasons.get(file) ?? []), text]);
  }
  if (files === undefined || files.every((file) => reasons.has(file))) return null;
  if (![...reasons.keys()].every(isPlain)) return null;
  const byPath = new Map<string, string[]>();
  for (const [file, why] of reasons) {
    const path = widest(file, { files, isOut: (one) => reasons.has(one) });
    byPath.set(path, [...(byPath.get(path) ?? []), ...why]);
  }
  return [...byPath]
    .sort(([a], [b]) => compareText(a, b))
    .map(([test, why]) => ({ test, reason: `needs ${joinWords(sortedUnique(why))}` }));
}

/** Hooks of nixpkgs take the paths for patterns of a shell. */
function isPlain(path: string): boolean {
  return /^[\w./+-]+$/u.test(path) && !path.startsWith('-');
}

/** The widest folder around a file in which nothing can run; the file itself without one. A conftest.py in it is not read then. */
function widest(
  file: string,
  { files, isOut }: { readonly files: readonly string[]; readonly isOut: (file: string) => boolean },
): string {
  const folders = file.split('/').slice(0, -1);
  for (let depth = 1; depth <= folders.length; depth++) {
    const folder = `${folders.slice(0, depth).join('/')}/`;
    if (files.every((one) => !one.startsWith(folder) || isOut(one))) return folder.slice(0, -1);
  }
  return file;
}
