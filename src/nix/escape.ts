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
 * Nix has no escape for control characters but \n, \r and \t: they stand as they are, and NUL is refused.
 */
export function escapeString(text: string, beforeInterpolation = false): string {
  refuseNul(text);
  const escaped = text
    .replace(/["\\]|\$(?=\{)/gu, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return beforeInterpolation ? escaped.replace(/\$$/u, '\\$') : escaped;
}

/** Literal text inside `''...''`; line breaks stay. `beforeInterpolation` as for `escapeString`. */
export function escapeIndented(text: string, beforeInterpolation = false): string {
  refuseNul(text);
  // A pair of quotes is written ''' and a carriage return ''\r; a quote that is left alone before one of those would be read as part of it.
  const escaped = text.replace(/'(?='')|''|'(?=\$(?:\{|$)|\r|$)|\$(?=\{)|\r/gu, (found) => {
    if (found === "''") return "'''";
    if (found === "'") return "''\\'";
    return found === '\r' ? "''\\r" : "''$";
  });
  return beforeInterpolation ? escaped.replace(/\$$/u, "''$") : escaped;
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
