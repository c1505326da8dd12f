/**
 * The value of a Python string literal (also bytes, as the text they are in ASCII); null for what is no literal.
 * literal = prefix ( "'" text "'" | '"' text '"' | "'''" text "'''" | '"""' text '"""' )
 */
export function stringLiteral(literal: string): string | null {
  const opening = /^([A-Za-z]*)('''|"""|'|")/u.exec(literal);
  const prefix = opening?.[1]?.toLowerCase() ?? '';
  const quote = opening?.[2];
  if (quote === undefined || literal.length < prefix.length + 2 * quote.length || !literal.endsWith(quote)) return null;
  const text = literal.slice(prefix.length + quote.length, -quote.length).replace(/\r\n?/gu, '\n');
  return prefix.includes('r') ? text : unescapePython(text);
}

/** The text with its backslash escapes replaced; those that Python does not know stay as they are. */
export function unescapePython(text: string): string {
  return text.replace(ESCAPE, (whole: string, code: string) => {
    const first = code.charAt(0);
    if (first === '\n') return '';
    const simple = SIMPLE[first];
    if (simple !== undefined) return simple;
    if (/^[0-7]/u.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
    const point = Number.parseInt(code.slice(1), 16);
    return 'xuU'.includes(first) && code.length > 1 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

const ESCAPE = /\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/gu;

const SIMPLE: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\u0007', b: '\b', f: '\f', v: '\v' },
  ...{ '\\': '\\', "'": "'", '"': '"' },
};
