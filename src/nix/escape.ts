import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** Words of the language that cannot be names, https://nix.dev/manual/nix/latest/language/identifiers. `or` is one in all but a few places. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'assert',
  'else',
  'if',
  'in',
  'inherit',
  'let',
  'or',
  'rec',
  'then',
  'with',
]);

/** identifier = [A-Za-z_] [A-Za-z0-9_'-]*, no keyword */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_'-]*$/u.test(text) && !KEYWORDS.has(text);
}

/** A name in an attribute path or where it is defined: bare where it may be, else quoted. */
export function attributeName(name: string): string {
  return isIdentifier(name) ? name : `"${escapeString(name)}"`;
}

/**
 * Literal text inside `"..."`. `beforeInterpolation`: a `${...}` of ours follows, which a `$` at the end would take the meaning of.
 * Characters that a reader does not see are written as numbers; NUL is refused, which Nix cannot hold.
 */
export function escapeString(text: string, beforeInterpolation = false): string {
  return withNumbers(text, beforeInterpolation, (piece, isBefore) => {
    const escaped = piece
      .replace(/["\\]|\$(?=\{)/gu, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
      .replaceAll('\t', '\\t');
    return isBefore ? escaped.replace(/\$$/u, '\\$') : escaped;
  });
}

/** Literal text inside `''...''`; line breaks stay. `beforeInterpolation` as for `escapeString`. */
export function escapeIndented(text: string, beforeInterpolation = false): string {
  return withNumbers(text, beforeInterpolation, (piece, isBefore) => {
    // A pair of quotes is written ''' and a carriage return ''\r; a quote that is left alone before one of those would be read as part of it.
    const escaped = piece.replace(/'(?='')|''|'(?=\$(?:\{|$)|\r|$)|\$(?=\{)|\r/gu, (found) => {
      if (found === "''") return "'''";
      if (found === "'") return "''\\'";
      return found === '\r' ? "''\\r" : "''$";
    });
    return isBefore ? escaped.replace(/\$$/u, "''$") : escaped;
  });
}

/**
 * What a reader of the file would not see, or see elsewhere than it stands: control characters but for tab and line breaks, marks that turn the direction of
 * text, and characters without width. Text could hide code behind them, or look like code.
 */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /([\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff])/u;

/** Strings of Nix have no escape for a character by its number, but JSON has. */
function withNumbers(
  text: string,
  beforeInterpolation: boolean,
  escapePiece: (piece: string, beforeInterpolation: boolean) => string,
): string {
  refuseNul(text);
  // Every second piece is a character that is not seen.
  const pieces = text.split(UNSEEN);
  return pieces
    .map((piece, index) => {
      if (index % 2 === 0) return escapePiece(piece, beforeInterpolation || index < pieces.length - 1);
      const number = piece.charCodeAt(0).toString(16).padStart(4, '0');
      return `\${builtins.fromJSON "\\"\\\\u${number}\\""}`;
    })
    .join('');
}

/** Text as the rest of a comment line: on one line and printable, so it can neither end the comment nor hide in it. */
export function commentText(text: string): string {
  return oneLine(text);
}

function refuseNul(text: string): void {
  if (!text.includes('\0')) return;
  throw new UserError('E_TEXT_HAS_NUL', 'a text for a Nix expression has a NUL character, which Nix cannot hold', {
    hint: 'look for it in the overrides or in the metadata of the package',
    exit: EXIT.data,
  });
}
