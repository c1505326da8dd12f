import { specifierAllows, tryParseSpecifierSet } from './specifier.ts';

/** Longer constraints are nobody's honest work. */
const LONGEST = 1000;

/**
 * A version constraint of Poetry as the text of a PEP 440 specifier set; null where PEP 440 cannot say it (`||`) or it is wrong.
 *
 * constraint = alternative *( "|" [ "|" ] alternative ); alternative = part *( ( "," / blank ) part )
 * part = [ "^" / "~" / "=" / operator ] version [ ".*" ] / "*"
 */
export function poetrySpecifier(constraint: string): string | null {
  const [only = null, ...others] = alternativesOf(constraint);
  return others.length === 0 ? only : null;
}

/** Whether a version satisfies a constraint of Poetry; null where the constraint cannot be read. */
export function poetryAllows(constraint: string, version: string): boolean | null {
  const sets = alternativesOf(constraint).map((text) => (text === null ? null : tryParseSpecifierSet(text)));
  const known = sets.filter((set) => set !== null);
  return known.length < sets.length ? null : known.some((set) => specifierAllows(set, version));
}

/** The marker text for a `python` constraint: `^3.6` gives `python_version >= "3.6" and python_version < "4.0"`. Null where it cannot be read, empty for any Python. */
export function pythonMarker(constraint: string): string | null {
  const alternatives = alternativesOf(constraint);
  if (alternatives.includes(null)) return null;
  if (alternatives.includes('')) return '';
  const texts = alternatives.map((specifiers) => (specifiers ?? '').split(',').map(comparisonMarker).join(' and '));
  return texts.length === 1 ? (texts[0] ?? '') : texts.map((text) => `(${text})`).join(' or ');
}

/** The specifier set of each alternative, null for one that cannot be read. */
function alternativesOf(constraint: string): readonly (string | null)[] {
  return constraint.length > LONGEST ? [null] : constraint.split(/\|\|?/u).map(alternativeSpecifier);
}

function alternativeSpecifier(text: string): string | null {
  const parts = text
    .replace(/([<>=!~^])\s+/gu, '$1')
    .split(/[\s,]+/u)
    .filter((part) => part !== '' && part !== '*');
  const specifiers = parts.map(partSpecifier);
  return specifiers.includes(null) ? null : specifiers.join(',');
}

function partSpecifier(part: string): string | null {
  const [, operator = '', version = ''] = /^([<>=!~^]*)v?(\d[0-9A-Za-z.*+!-]*)$/u.exec(part) ?? [];
  if (version === '') return null;
  switch (operator) {
    case '^':
      return `>=${version},<${caretEnd(numbersOf(version)).join('.')}`;
    case '~':
      return `>=${version},<${tildeEnd(numbersOf(version)).join('.')}`;
    case '':
    case '=':
      return `==${version}`;
    case '==':
    case '!=':
    case '>=':
    case '<=':
    case '>':
    case '<':
    case '~=':
      return operator + version;
    default:
      return null;
  }
}

function numbersOf(version: string): readonly bigint[] {
  return (/^\d+(?:\.\d+)*/u.exec(version)?.[0] ?? '0').split('.').map(BigInt);
}

/** Up to the next number that may break: the leftmost that is not zero. */
function caretEnd(numbers: readonly bigint[]): readonly bigint[] {
  const first = numbers.findIndex((number) => number > 0n);
  const at = first < 0 ? numbers.length - 1 : first;
  return numbers.map((number, i) => (i < at ? number : i === at ? number + 1n : 0n));
}

/** Up to the next minor version, or major where no minor is given. */
function tildeEnd([major = 0n, minor]: readonly bigint[]): readonly bigint[] {
  return minor === undefined ? [major + 1n] : [major, minor + 1n];
}

function comparisonMarker(specifier: string): string {
  const operator = /^[<>=!~]+/u.exec(specifier)?.[0] ?? '==';
  const version = specifier.slice(operator.length);
  const numbers = version.split('.');
  const zeros = numbers.slice(2).every((part) => part === '0' || part === '*');
  const variable = zeros ? 'python_version' : 'python_full_version';
  return `${variable} ${operator} "${zeros ? numbers.slice(0, 2).join('.') : version}"`;
}
