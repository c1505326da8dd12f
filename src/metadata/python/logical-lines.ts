/** One statement of a Python file, or the head of a compound one: a line with all that brackets, texts and `\` carry over to the next. */
export interface LogicalLine {
  /** Offset of its first character, indentation included. */
  readonly from: number;
  /** Offset behind its line break. */
  readonly to: number;
  /** Columns, tabs as the grammar counts them. */
  readonly indent: number;
  /** Offset of its first word. */
  readonly word: number;
  /** It has the word `import`, or a call of `importorskip`, outside of texts and comments. */
  readonly imports: boolean;
}

/**
 * The logical lines of a Python file in order, blank lines and comments left out; reading ends before the first one for which `isEnd` holds. Null where a text or bracket
 * is left open or something else is not as Python has it: then only the grammar can tell. Linear in the length of the text.
 * line = indentation { text | bracket | "\" newline | comment | … } newline
 */
export function logicalLines(text: string, isEnd: (line: LogicalLine) => boolean = () => false): LogicalLine[] | null {
  if (/\r(?!\n)|\f/u.test(text)) return null;
  const lines: LogicalLine[] = [];
  for (let from = 0; from < text.length; ) {
    const { word, indent } = indentationAt(text, from);
    const first = text[word] ?? '\n';
    if (first === '\n' || first === '\r' || first === '#') {
      from = lineBreakAfter(text, word) + 1;
      continue;
    }
    const end = statementEnd(text, word);
    if (end === null) return null;
    const line = { from, to: end.to, indent, word, imports: end.imports };
    if (isEnd(line)) return lines;
    lines.push(line);
    from = end.to;
  }
  return lines;
}

function indentationAt(text: string, from: number): { word: number; indent: number } {
  let word = from;
  let indent = 0;
  for (; text[word] === ' ' || text[word] === '\t'; word++) indent += text[word] === ' ' ? 1 : 8 - (indent % 8);
  return { word, indent };
}

/** The line break that ends the line of an offset, or the end of the text. */
function lineBreakAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The end of the line that begins at an offset. By characters: this is read of every test file, and regular expressions take four times as long. */
function statementEnd(text: string, from: number): { to: number; imports: boolean } | null {
  let depth = 0;
  let imports = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    switch (MEANINGS[code] ?? 0) {
      case NOTHING:
        break;
      case LINE_BREAK:
        if (depth === 0) return { to: at + 1, imports };
        break;
      case COMMENT:
        // The line break itself is looked at next.
        at = lineBreakAfter(text, at) - 1;
        break;
      case QUOTE: {
        const end = textEnd(text, at);
        if (end === null) return null;
        // A format string can hold the call.
        imports ||= end - at > 'importorskip'.length && text.slice(at, end).includes('importorskip');
        at = end - 1;
        break;
      }
      case OPENING:
        depth++;
        break;
      case CLOSING:
        if (--depth < 0) return null;
        break;
      case BACKSLASH: {
        const end = breakAt(text, at + 1);
        if (end === null) return null;
        at = end - 1;
        break;
      }
      case LETTER_I:
        imports ||= text.startsWith('import', at) && isImport(text, at);
    }
  }
  return depth === 0 ? { to: text.length, imports } : null;
}

const NOTHING = 0;
const LINE_BREAK = 1;
const COMMENT = 2;
const QUOTE = 3;
const OPENING = 4;
const CLOSING = 5;
const BACKSLASH = 6;
const LETTER_I = 7;

/** What a character may end or begin, by its code. */
const MEANINGS = new Uint8Array(128);
for (const [characters, meaning] of [
  ['\n', LINE_BREAK],
  ['#', COMMENT],
  ['"\'', QUOTE],
  ['([{', OPENING],
  [')]}', CLOSING],
  ['\\', BACKSLASH],
  ['i', LETTER_I],
] as const)
  for (const character of characters) MEANINGS[character.charCodeAt(0)] = meaning;

/** `import` as a word of its own, or at the beginning of `importorskip`. */
function isImport(text: string, at: number): boolean {
  return text.startsWith('orskip', at + 6) || !/\w/u.test(`${text[at - 1] ?? ''}${text[at + 6] ?? ''}`);
}

/** Behind the line break at an offset; null where there is none. */
function breakAt(text: string, at: number): number | null {
  if (text[at] === '\n') return at + 1;
  return text.startsWith('\r\n', at) ? at + 2 : null;
}

/** Behind the closing quotes of the text that begins at an offset; null where there are none. */
function textEnd(text: string, from: number): number | null {
  const quote = text.charCodeAt(from);
  const isLong = text.charCodeAt(from + 1) === quote && text.charCodeAt(from + 2) === quote;
  for (let at = from + (isLong ? 3 : 1); at < text.length; at++) {
    const code = text.charCodeAt(at);
    // In raw texts, too, a quote behind a backslash ends nothing.
    if (code === 92) at = (breakAt(text, at + 1) ?? at + 2) - 1;
    else if (code === 10 && !isLong) return null;
    else if (code === quote && !isLong) return at + 1;
    else if (code === quote && text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) return at + 3;
  }
  return null;
}
