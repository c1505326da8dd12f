/** A token of a build description: a name, a text (without its marks), a mark such as `(`, or the end of a line. */
export interface Token {
  readonly kind: 'name' | 'text' | 'mark' | 'line';
  readonly value: string;
  readonly line: number;
}

/** Most tokens that are read of one file. */
const MAX_TOKENS = 100_000;

/** Tokens of a meson.build: comments from `#`, texts in `'` or `'''`, names, numbers and marks. */
export function mesonTokens(text: string): Token[] {
  return tokens(
    text,
    /#[^\n]*|'''[\s\S]{0,8000}?'''|f?'(?:[^'\\\n]|\\.){0,2000}'|[A-Za-z_]\w*|\d[\w.]*|\n|[=!<>+]=|[^\s\w]/gu,
    {
      unquote: (raw) => /^f?'''([\s\S]*)'''$/u.exec(raw)?.[1] ?? /^f?'([\s\S]*)'$/u.exec(raw)?.[1] ?? null,
      marks: /^\W/u,
    },
  );
}

/** Tokens of a CMakeLists.txt: comments from `#` or in `#[[`…`]]`, texts in `"` or `[[`…`]]`, arguments without marks, and parentheses. */
export function cmakeTokens(text: string): Token[] {
  return tokens(
    text,
    /#\[\[[\s\S]{0,8000}?\]\]|#[^\n]*|\[\[[\s\S]{0,2000}?\]\]|"(?:[^"\\]|\\[\s\S]){0,4000}"|\n|[()]|[^\s()"#]+|"/gu,
    {
      unquote: (raw) => /^"([\s\S]*)"$/u.exec(raw)?.[1] ?? /^\[\[([\s\S]*)\]\]$/u.exec(raw)?.[1] ?? null,
      marks: /^[()"]$/u,
    },
  );
}

/** Texts are bounded, so that marks which never close are not looked for through the whole file again and again. */
function tokens(
  text: string,
  pattern: RegExp,
  { unquote, marks }: { readonly unquote: (raw: string) => string | null; readonly marks: RegExp },
): Token[] {
  const found: Token[] = [];
  let line = 1;
  for (const [raw] of text.matchAll(pattern)) {
    if (found.length >= MAX_TOKENS) break;
    const inner = unquote(raw);
    if (raw === '\n') found.push({ kind: 'line', value: raw, line });
    else if (inner !== null) found.push({ kind: 'text', value: inner, line });
    else if (!raw.startsWith('#')) found.push({ kind: marks.test(raw) ? 'mark' : 'name', value: raw, line });
    line += countLines(raw);
  }
  return found;
}

function countLines(raw: string): number {
  let count = 0;
  for (let at = raw.indexOf('\n'); at >= 0; at = raw.indexOf('\n', at + 1)) count++;
  return count;
}
