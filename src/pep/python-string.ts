const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\r', ''],
  ['\r\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

// A backslash before the line break: the string goes on in the next line.
const JOINED_LINES = /\\\\|\\(?:\r\n|[\r\n])/g;

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r\n|[\s\S]))|\\$/g;

/**
 * The value of a Python string literal, given by what stands between its quotes. Null where Python has a syntax error: a line
 * break without a backslash before it, a broken escape, a lone backslash at the end. `\N{...}`, which needs the Unicode names, is null too. Unknown escapes keep
 * their backslash.
 */
export function unescapePython(body: string): string | null {
  if (/[\n\r\0]/.test(body.replace(JOINED_LINES, ''))) return null;
  let broken = false;
  const value = body.replace(ESCAPE, (whole, octal, hex, short, long, other) => {
    if (typeof octal === 'string') return String.fromCodePoint(Number.parseInt(octal, 8));
    const code = hex ?? short ?? long;
    if (typeof code === 'string' && Number.parseInt(code, 16) <= 0x10ffff) {
      return String.fromCodePoint(Number.parseInt(code, 16));
    }
    if (typeof other === 'string' && !'xuUN'.includes(other)) return SIMPLE_ESCAPES.get(other) ?? whole;
    broken = true;
    return whole;
  });
  return broken ? null : value;
}
