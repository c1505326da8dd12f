/**
 * A version constraint of Poetry as a PEP 440 specifier set, or null where PEP 440 cannot say it (`||`) or it is wrong.
 * constraint = part ("," part | white space part)*
 * part = "^" version | "~" version | "~=" version | version ".*" | operator version | version | "*"
 */
export function poetrySpecifier(constraint: string): string | null {
  const text = constraint.trim();
  if (text === '' || text === '*') return '';
  if (text.includes('|') || text.length > 500) return null;
  const parts = text
    .replace(/([<>=!~^]+)\s+/gu, '$1')
    .split(/[\s,]+/u)
    .filter((part) => part !== '' && part !== '*');
  const specifiers = parts.map(partSpecifier);
  const known = specifiers.filter((one) => one !== null);
  return known.length === specifiers.length ? known.join(',') : null;
}

/** The marker text for a `python` constraint: `^3.6` gives `python_version >= "3.6" and python_version < "4"`. Null where it cannot be read. */
export function pythonMarker(constraint: string): string | null {
  const alternatives = constraint.split(/\|\|?/u).map((one) => poetrySpecifier(one));
  const texts: string[] = [];
  for (const specifiers of alternatives) {
    if (specifiers === null) return null;
    if (specifiers === '') return '';
    texts.push(specifiers.split(',').map(comparisonMarker).join(' and '));
  }
  return texts.length === 1 ? (texts[0] ?? '') : texts.map((text) => `(${text})`).join(' or ');
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

function numbersOf(version: string): number[] {
  const release = /^\d+(?:\.\d+)*/u.exec(version)?.[0] ?? '0';
  return release.split('.').map(Number);
}

/** Up to the next number that may break: the leftmost that is not zero. */
function caretEnd(numbers: readonly number[]): number[] {
  const first = numbers.findIndex((number) => number > 0);
  const at = first < 0 ? numbers.length - 1 : first;
  return numbers.map((number, i) => (i < at ? number : i === at ? number + 1 : 0));
}

/** Up to the next minor version, or major where no minor is given. */
function tildeEnd(numbers: readonly number[]): number[] {
  const [major = 0, minor] = numbers;
  return minor === undefined ? [major + 1] : [major, minor + 1];
}

function comparisonMarker(specifier: string): string {
  const operator = /^[<>=!~]+/u.exec(specifier)?.[0] ?? '==';
  const version = specifier.slice(operator.length);
  const numbers = version.split('.');
  const zeros = numbers.slice(2).every((part) => part === '0' || part === '*');
  const variable = zeros ? 'python_version' : 'python_full_version';
  return `${variable} ${operator} "${zeros ? numbers.slice(0, 2).join('.') : version}"`;
}
