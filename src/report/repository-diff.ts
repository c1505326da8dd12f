import { createTwoFilesPatch } from 'diff';
import { printable } from '../base/text.ts';
import type { FileChange } from '../repository/write-plan.ts';

/** What a run would change, as `diff -u` shows it and `patch -p1` takes it; empty for nothing. */
export function changesDiff(changes: readonly FileChange[]): string {
  return changes.map(fileDiff).join('');
}

function fileDiff({ path, text, before, beforeText }: FileChange): string {
  if (before !== null && beforeText === null) return `Binary files a/${path} and b/${path} differ\n`;
  const from = before === null ? '/dev/null' : `a/${path}`;
  const to = text === null ? '/dev/null' : `b/${path}`;
  const patch = createTwoFilesPatch(from, to, beforeText ?? '', text ?? '', undefined, undefined, { context: 3 });
  return printable(patch.replace(/^=+\n/u, ''));
}
