import { type Comparison, type Condition, combine, negate, type Test } from './condition.ts';

/** A version as far as it matters where interpreters are final releases. */
interface Bound {
  readonly parts: readonly number[];
  readonly wildcard: boolean;
  /** Before the release of these parts. */
  readonly isPrerelease: boolean;
}

/** Interpreters that a set of nixpkgs can have; what no list of versions names by itself is told by them. */
const PYTHONS: readonly string[] = ['2.6', '2.7', ...Array.from({ length: 39 }, (_, index) => `3.${index + 2}`)];

/**
 * A comparison with `python_version`, which is X.Y: of `>= "3.9.1"` 3.10 is the first that holds. Null for one without a meaning.
 * As PEP 508 says, what is no version is compared as text.
 */
export function pythonVersion(compared: Comparison): Condition | null {
  const { literal, literalFirst } = compared;
  if (compared.operator === 'in')
    return oneOf(PYTHONS.filter((python) => (literalFirst ? python.includes(literal) : literal.includes(python))));
  if (compared.operator === '!=') return opposite(pythonVersion({ ...compared, operator: '==' }));
  const bound = boundOf(compared);
  if (bound === null) return asText(compared);
  const { operator, parts } = bound;
  const [major = 0, minor = 0, ...rest] = parts;
  const hasPatch = rest.some((part) => part !== 0);
  const [here, next] = [`${major}.${minor}`, `${major}.${minor + 1}`];
  switch (operator) {
    case '<':
      return older(hasPatch ? next : shortOf(parts));
    case '>=':
      return atLeast(hasPatch ? next : shortOf(parts));
    case '<=':
      return older(next);
    case '>':
      return atLeast(next);
    case '~=':
      return literalFirst
        ? combine('and', [within([major]), older(next)])
        : combine('and', [atLeast(hasPatch ? next : shortOf(parts)), below(parts.slice(0, -1))]);
    case '===':
      return literal.trim() === here ? equal(here) : false;
    case '==':
      if (hasPatch) return false;
      return bound.wildcard && parts.length < 3 ? within(parts) : equal(here);
    case 'never':
      return false;
  }
}

/** A comparison with the whole version, X.Y.Z; those that ask for X.Y only are told by that. Null for one without a meaning, or that Nix cannot tell. */
export function fullVersion(compared: Comparison): Condition | null {
  const { literal, literalFirst } = compared;
  if (compared.operator === 'in') {
    if (literalFirst) return null;
    return combine(
      'or',
      [...literal.matchAll(/\d+\.\d+\.\d+/gu)].map(([version]) => full('equal', version)),
    );
  }
  if (compared.operator === '!=') return opposite(fullVersion({ ...compared, operator: '==' }));
  const bound = boundOf(compared);
  if (bound === null) return asText(compared);
  const { operator, parts } = bound;
  const [major = 0, minor = 0, patch = 0, ...rest] = parts;
  const hasPatch = patch !== 0 || rest.some((part) => part !== 0);
  const version = [major, minor, patch, ...rest].join('.');
  switch (operator) {
    case '<':
      return hasPatch ? full('older', version) : older(shortOf(parts));
    case '>=':
      return hasPatch ? full('atLeast', version) : atLeast(shortOf(parts));
    case '<=':
      return full('atMost', version);
    case '>':
      return full('newer', version);
    case '~=':
      return literalFirst
        ? null
        : combine('and', [hasPatch ? full('atLeast', version) : atLeast(shortOf(parts)), below(parts.slice(0, -1))]);
    case '===':
      return literal.trim() === version ? full('equal', version) : false;
    case '==':
      return bound.wildcard && parts.length < 3 ? within(parts) : full('equal', version);
    case 'never':
      return false;
  }
}

type Operator = '<' | '<=' | '>' | '>=' | '==' | '===' | '~=';

const FLIPPED: Readonly<Record<string, Operator>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * The bound, and the operator with the variable in front. Interpreters are final releases: none is equal to a pre-release, and what comes after one comes
 * after or is its release. Null where the specifier is none.
 */
function boundOf({ operator, literal, literalFirst }: Comparison): {
  readonly operator: Operator | 'never';
  readonly parts: readonly number[];
  readonly wildcard: boolean;
} | null {
  const bound = parsed(literal);
  if (bound === null) return null;
  const { parts, wildcard, isPrerelease } = bound;
  if (wildcard && (operator !== '==' || literalFirst)) return null;
  if (operator === '~=' && parts.length < 2 && !literalFirst) return null;
  const flipped = literalFirst ? (FLIPPED[operator] ?? operator) : operator;
  if (!isPrerelease) return isPlain(flipped) ? { operator: flipped, parts, wildcard } : null;
  const released = ofPrerelease(flipped, literalFirst);
  return released === 'never' || isPlain(released) ? { operator: released, parts, wildcard } : null;
}

/** The operator that says of the release what this one says of its pre-release. `< 3.11` leaves out the pre-releases of 3.11 (PEP 440), whichever side they stand on. */
function ofPrerelease(operator: string, literalFirst: boolean): string {
  if (operator === '==') return 'never';
  if (operator === '<=') return '<';
  return operator === '>' && !literalFirst ? '>=' : operator;
}

function isPlain(operator: string): operator is Operator {
  return ['<', '<=', '>', '>=', '==', '===', '~='].includes(operator);
}

/** version = [ "v" ] digits *( "." digits ) [ ".*" ] [ suffix ] */
function parsed(text: string): Bound | null {
  const match = /^\s*v?(\d+(?:\.\d+)*)(\.\*)?(.*)$/u.exec(text);
  if (match === null) return null;
  const [, digits = '', star, suffix = ''] = match;
  return {
    parts: digits.split('.').map(Number),
    wildcard: star !== undefined,
    isPrerelease: /^[._-]?(?:a|b|c|rc|alpha|beta|pre|preview|dev)(?![a-z])/iu.test(suffix),
  };
}

/** Only the same text is equal; what has no meaning for texts is null. */
function asText({ operator }: Comparison): Condition | null {
  return operator === '~=' || operator === '===' ? null : false;
}

function opposite(condition: Condition | null): Condition | null {
  return condition === null ? null : negate(condition);
}

function oneOf(pythons: readonly string[]): Condition {
  if (pythons.length === PYTHONS.length) return true;
  const ofThree = PYTHONS.filter((python) => python.startsWith('3.'));
  const isEveryThree = ofThree.every((python) => pythons.includes(python));
  const single = isEveryThree ? pythons.filter((python) => !python.startsWith('3.')) : pythons;
  return combine('or', [...single.map(equal), ...(isEveryThree ? [atLeast('3')] : [])]);
}

function older(version: string): Test {
  return { kind: 'python', is: 'older', version };
}

function atLeast(version: string): Test {
  return { kind: 'python', is: 'atLeast', version };
}

function equal(version: string): Test {
  return { kind: 'python', is: 'equal', version };
}

function full(is: (Test & { readonly kind: 'full' })['is'], version: string): Test {
  return { kind: 'full', is, version };
}

/** The first two numbers: `3.9`, or `4` where there is but one. */
function shortOf([major = 0, minor]: readonly number[]): string {
  return minor === undefined ? String(major) : `${major}.${minor}`;
}

/** Before the next number of the last part: [3] -> before 4, [3, 9] -> before 3.10. A patch level counts as its X.Y. */
function below([major = 0, minor]: readonly number[]): Condition {
  return older(minor === undefined ? String(major + 1) : `${major}.${minor + 1}`);
}

/** `3.*`, `3.9.*`. */
function within(parts: readonly number[]): Condition {
  const [major = 0, minor] = parts;
  if (minor !== undefined) return equal(`${major}.${minor}`);
  return combine('and', [atLeast(String(major)), below([major])]);
}
