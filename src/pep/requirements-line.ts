import { PYTHON_LINE_END, strip } from './python-space.ts';

/** A line of a requirements file after continuation lines, comments and variables: never empty. */
export interface LogicalLine {
  /** Of its first physical line, from 1. */
  readonly line: number;
  readonly text: string;
  /** Variables that it names and that have no value; they stay as they are written. */
  readonly unset: readonly string[];
}

const LINE_END = new RegExp(PYTHON_LINE_END);

/** Joins lines that end in `\`, takes comments out and puts values in for `${NAME}`, as pip does. */
export function logicalLines(text: string, variables: Readonly<Record<string, string | undefined>>): LogicalLine[] {
  const lines = text.replace(/^\ufeff/, '').split(LINE_END);
  return joinedLines(lines).flatMap(({ line, text: joined }) => {
    const bare = strip(withoutComment(joined));
    return bare === '' ? [] : [{ line, ...expanded(bare, variables) }];
  });
}

function joinedLines(lines: readonly string[]): { line: number; text: string }[] {
  const joined: { line: number; text: string }[] = [];
  let open: { line: number; texts: string[] } | null = null;
  for (const [index, text] of lines.entries()) {
    const isComment = strip(text).startsWith('#');
    const current: { line: number; texts: string[] } = open ?? { line: index + 1, texts: [] };
    const goesOn = text.endsWith('\\') && !isComment;
    // A comment ends a continued line; the blank keeps its mark a mark.
    if (isComment) current.texts.push(` ${text}`);
    else current.texts.push(goesOn ? withoutBackslashes(text) : text);
    open = goesOn ? current : null;
    if (open === null) joined.push({ line: current.line, text: current.texts.join('') });
  }
  if (open !== null) joined.push({ line: open.line, text: open.texts.join('') });
  return joined;
}

// pip takes them from both ends of a line that goes on.
function withoutBackslashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charAt(start) === '\\') start += 1;
  while (end > start && text.charAt(end - 1) === '\\') end -= 1;
  return text.slice(start, end);
}

// A comment begins with `#` at the start of the line or after white space; the one in `url#egg=name` is none.
function withoutComment(text: string): string {
  for (let mark = text.indexOf('#'); mark >= 0; mark = text.indexOf('#', mark + 1)) {
    if (mark === 0 || strip(text.charAt(mark - 1)) === '') return text.slice(0, mark);
  }
  return text;
}

function expanded(text: string, variables: Readonly<Record<string, string | undefined>>): Omit<LogicalLine, 'line'> {
  const unset: string[] = [];
  const result = text.replace(/\$\{([A-Z0-9_]+)\}/g, (written, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined && value !== '') return value;
    unset.push(name);
    return written;
  });
  return { text: result, unset };
}
