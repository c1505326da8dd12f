import { starSecrets } from './secrets.ts';

/** How many characters of a long line are shown on each side of the place. */
const SHOWN = 30;

/**
 * The line of `source` with the place `start` (inclusive) to `end` (exclusive, both in UTF-16 units) and a line `~~^` under it,
 * each indented by four blanks. A long line is cut around the place; what a terminal would obey is shown as `?`, and credentials of URLs as stars.
 */
export function caretBlock(source: string, start: number, end = start): string {
  const lineStart = source.lastIndexOf('\n', Math.max(start - 1, 0)) + 1;
  const from = start < lineStart ? 0 : lineStart;
  const lineEnd = source.indexOf('\n', Math.max(start, from));
  // Before it is cut: a part of a URL could not be told from other text.
  const line = starSecrets(source.slice(from, lineEnd < 0 ? undefined : lineEnd));
  const first = Math.min(start - from, line.length);
  const last = Math.min(Math.max(end - from, first), line.length, first + SHOWN);

  const cutLeft = Math.max(first - SHOWN, 0);
  const cutRight = Math.min(last + SHOWN, line.length);
  const left = cutLeft > 0 ? '...' : '';
  const right = cutRight < line.length ? '...' : '';
  const shown = `${left}${line.slice(cutLeft, cutRight)}${right}`;
  const under = ' '.repeat(left.length + first - cutLeft) + '~'.repeat(last - first);
  return `    ${oneCellEach(shown)}\n    ${under}^`;
}

// Every unit keeps one cell, so that the caret stays under its place.
function oneCellEach(text: string): string {
  return text.replace(/\s/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
}
