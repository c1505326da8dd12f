import { type LogicalLine, logicalLines } from './logical-lines.ts';

/**
 * A Python file with those lines only that import something, the heads of the statements around them, and their other branches; `pass` stands for the rest of a block.
 * All keep their line numbers, so that the grammar finds the same imports in it at a fraction of the cost. A file whose lines cannot be told apart
 * without the grammar is given back whole.
 */
export function importingPart(text: string): string {
  const plain = text.replace(/^\ufeff/u, '');
  const last = plain.lastIndexOf('import');
  if (last < 0) return '';
  // Behind the last import only the branches of its own statement matter.
  const lines = logicalLines(plain, (line) => line.indent === 0 && line.from > last && !isBranch(plain, line));
  const blocks = lines === null ? null : blocksOf(plain, lines);
  return blocks === null ? plain : keptText(plain, blocks);
}

/** A logical line with its place among the others. */
interface BlockLine extends LogicalLine {
  /** The head of the block that it stands in; null at the top level. */
  readonly head: BlockLine | null;
  readonly statement: Statement;
  /** It is a head, and its block has a line that is kept, or one that stands for all. */
  isFilled: boolean;
}

/** All heads of one statement, of which none makes sense alone: a decorator and what it decorates, `try` and its `except`. */
interface Statement {
  isKept: boolean;
}

/** The lines with what has to be kept; null where the indentation is none that Python takes. */
function blocksOf(text: string, lines: readonly LogicalLine[]): readonly BlockLine[] | null {
  const blocks: BlockLine[] = [];
  const open: BlockLine[] = [];
  for (const line of lines) {
    let sibling: BlockLine | null = null;
    while ((open.at(-1)?.indent ?? -1) >= line.indent) sibling = open.pop() ?? null;
    const head = open.at(-1) ?? null;
    if (sibling === null ? head === null && line.indent > 0 : sibling.indent !== line.indent) return null;
    const goesOn = sibling !== null && (text[sibling.word] === '@' || isBranch(text, line));
    const statement = goesOn && sibling !== null ? sibling.statement : { isKept: false };
    const { from, to, indent, word, imports } = line;
    const block = { from, to, indent, word, imports, head, statement, isFilled: false };
    blocks.push(block);
    open.push(block);
    if (line.imports) keep(block);
  }
  // What stands below `match` can only be `case`.
  return blocks.some(({ head }) => head?.imports === true && text.startsWith('match', head.word)) ? null : blocks;
}

function keep(line: BlockLine): void {
  line.statement.isKept = true;
  for (let { head } = line; head !== null && !head.isFilled; { head } = head) {
    head.isFilled = true;
    head.statement.isKept = true;
  }
}

/** A line that goes on with the statement before it. */
function isBranch(text: string, line: LogicalLine): boolean {
  const first = text[line.word];
  return (first === 'e' || first === 'f') && BRANCH.test(text.slice(line.word, line.word + 8));
}

const BRANCH = /^(?:except|else|elif|finally)\b/u;

function keptText(text: string, blocks: readonly BlockLine[]): string {
  let part = '';
  let end = 0;
  for (const { from, to, word, head, statement } of blocks) {
    const isRest = !statement.isKept && head?.statement.isKept === true && !head.isFilled;
    if (isRest) head.isFilled = true;
    if (!statement.isKept && !isRest) continue;
    part += `${text.slice(end, from).replace(/[^\n]+/gu, '')}${isRest ? `${text.slice(from, word)}pass\n` : text.slice(from, to)}`;
    end = isRest ? text.indexOf('\n', word) + 1 || text.length : to;
  }
  return part;
}
