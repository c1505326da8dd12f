import type { Marker, MarkerOperator } from '../pep/marker.ts';

/** A test that Nix can make of the interpreter or the platform. */
export type Test =
  /** Of X.Y of the interpreter. */
  | { readonly kind: 'python'; readonly is: 'older' | 'atLeast' | 'equal' | 'different'; readonly version: string }
  /** Of its whole version. */
  | {
      readonly kind: 'full';
      readonly is: 'older' | 'atLeast' | 'newer' | 'atMost' | 'equal' | 'different';
      readonly version: string;
    }
  /** A flag of the host platform, for example `isDarwin`. */
  | { readonly kind: 'platform'; readonly flag: string; readonly negated: boolean }
  /** The name of the processor where no flag stands for it. */
  | { readonly kind: 'cpu'; readonly name: string; readonly negated: boolean }
  | { readonly kind: 'pypy'; readonly negated: boolean };

/** When something holds: always, never, or by a test. Constants occur alone only. */
export type Condition = boolean | Test | Combination;

/** Tests joined by `and` or `or`, at least two. */
export interface Combination {
  readonly kind: 'and' | 'or';
  readonly operands: readonly (Test | Combination)[];
}

/**
 * A marker as a condition, by the rules of PEP 508: `python_version` has two components, so `python_version >= "3.9.1"` begins with 3.10.
 * `unknown` names variables that Nix knows nothing of; comparisons with them count as true.
 */
export function conditionOfMarker(marker: Marker): {
  readonly condition: Condition;
  readonly unknown: readonly string[];
} {
  const unknown = new Set<string>();
  const read = (part: Marker): Condition => {
    if (part.kind !== 'compare') return combine(part.kind, part.operands.map(read));
    const { left, right, operator } = part;
    if (left.kind === 'variable' && right.kind === 'literal')
      return comparison({ variable: left.name, operator, literal: right.value, unknown });
    if (left.kind === 'literal' && right.kind === 'variable')
      return comparison({
        variable: right.name,
        operator: FLIPPED[operator] ?? operator,
        literal: left.value,
        unknown,
        literalFirst: true,
      });
    unknown.add('a comparison of two literals or two variables');
    return true;
  };
  const condition = read(marker);
  return { condition, unknown: [...unknown] };
}

/** Requires-Python (`>=3.9,<4`) as the condition under which an interpreter is allowed; what is no specifier is left out and named. */
export function conditionOfRequiresPython(specifiers: string): {
  readonly condition: Condition;
  readonly unknown: readonly string[];
} {
  const unknown: string[] = [];
  const parts = specifiers
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const conditions = parts.map((part): Condition => {
    const match = /^(~=|===|==|!=|<=|>=|<|>)\s*(\S+)$/u.exec(part);
    const condition = match === null ? null : fullVersion(match[1] ?? '', match[2] ?? '');
    if (condition === null) unknown.push(part);
    return condition ?? true;
  });
  return { condition: combine('and', conditions), unknown };
}

/** The condition that holds where this one does not, pushed down to the tests: `pythonOlder` becomes `pythonAtLeast`. */
export function negate(condition: Condition): Condition {
  if (typeof condition === 'boolean') return !condition;
  switch (condition.kind) {
    case 'python':
      return { ...condition, is: OPPOSITE[condition.is] };
    case 'full':
      return { ...condition, is: OPPOSITE[condition.is] };
    case 'and':
    case 'or':
      return combine(condition.kind === 'and' ? 'or' : 'and', condition.operands.map(negate));
    default:
      return { ...condition, negated: !condition.negated };
  }
}

const OPPOSITE = {
  older: 'atLeast',
  atLeast: 'older',
  newer: 'atMost',
  atMost: 'newer',
  equal: 'different',
  different: 'equal',
} as const;

const FLIPPED: Readonly<Partial<Record<MarkerOperator, MarkerOperator>>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function combine(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const neutral = kind === 'and';
  const operands: (Test | Combination)[] = [];
  const seen = new Set<string>();
  for (const condition of conditions) {
    if (condition === !neutral) return !neutral;
    if (typeof condition === 'boolean') continue;
    for (const operand of condition.kind === kind ? condition.operands : [condition]) {
      const key = JSON.stringify(operand);
      if (!seen.has(key)) operands.push(operand);
      seen.add(key);
    }
  }
  const [first] = operands;
  if (first === undefined) return neutral;
  return operands.length === 1 ? first : { kind, operands };
}

interface Comparison {
  readonly variable: string;
  readonly operator: MarkerOperator;
  readonly literal: string;
  /** Gets the variable when nothing can be told. */
  readonly unknown: Set<string>;
  /** `"linux" in sys_platform`: the variable is the text that is searched. */
  readonly literalFirst?: boolean;
}

function comparison({ variable, operator, literal, unknown, literalFirst = false }: Comparison): Condition {
  if (
    operator === 'not in' ||
    (operator === '!=' && variable !== 'python_version' && variable !== 'python_full_version')
  )
    return negate(comparison({ variable, operator: operator === '!=' ? '==' : 'in', literal, unknown, literalFirst }));
  const found =
    variable === 'python_version'
      ? pythonVersion(operator, literal)
      : variable === 'python_full_version'
        ? fullVersion(operator, literal)
        : oneOfValues(variable, { operator, literal, literalFirst });
  if (found === null) unknown.add(variable);
  return found ?? true;
}

/** The values that a variable can have where Nix builds Python, each with its condition; platform_machine can have others. */
const VALUES: Readonly<Record<string, readonly (readonly [value: string, condition: Condition])[]>> = {
  os_name: [['posix', true]],
  sys_platform: [
    ['linux', flag('isLinux')],
    // So says Python 2.
    ['linux2', flag('isLinux')],
    ['darwin', flag('isDarwin')],
  ],
  platform_system: [
    ['Linux', flag('isLinux')],
    ['Darwin', flag('isDarwin')],
  ],
  platform_machine: [
    ['x86_64', flag('isx86_64')],
    ['aarch64', combine('and', [flag('isAarch64'), flag('isLinux')])],
    ['arm64', combine('and', [flag('isAarch64'), flag('isDarwin')])],
  ],
  implementation_name: [
    ['cpython', { kind: 'pypy', negated: true }],
    ['pypy', { kind: 'pypy', negated: false }],
  ],
  platform_python_implementation: [
    ['CPython', { kind: 'pypy', negated: true }],
    ['PyPy', { kind: 'pypy', negated: false }],
  ],
};

function flag(name: string): Test {
  return { kind: 'platform', flag: name, negated: false };
}

function oneOfValues(
  variable: string,
  { operator, literal, literalFirst }: { operator: MarkerOperator; literal: string; literalFirst: boolean },
): Condition | null {
  const values = Object.hasOwn(VALUES, variable) ? VALUES[variable] : undefined;
  if (values === undefined) return null;
  const holds = values.filter(([value]) => compareTexts(value, { operator, literal, literalFirst }));
  const isOther = variable === 'platform_machine' && operator === '==' && !values.some(([value]) => value === literal);
  if (isOther) return { kind: 'cpu', name: literal, negated: false };
  return combine(
    'or',
    holds.map(([, condition]) => condition),
  );
}

function compareTexts(
  value: string,
  { operator, literal, literalFirst }: { operator: MarkerOperator; literal: string; literalFirst: boolean },
): boolean {
  if (operator === 'in') return literalFirst ? value.includes(literal) : literal.includes(value);
  if (operator === '<' || operator === '<=') return value < literal || (operator === '<=' && value === literal);
  if (operator === '>' || operator === '>=') return value > literal || (operator === '>=' && value === literal);
  return value === literal;
}

/** release = digits *("." digits), and ".*" behind it; pre-release parts do not matter where nixpkgs has final releases. */
function releaseOf(text: string): { readonly parts: readonly number[]; readonly wildcard: boolean } | null {
  const match = /^\s*v?(\d+(?:\.\d+)*)(\.\*)?/u.exec(text);
  if (match === null) return null;
  return { parts: (match[1] ?? '').split('.').map(Number), wildcard: match[2] !== undefined };
}

function pythonVersion(operator: string, literal: string): Condition | null {
  if (operator === 'in')
    return combine(
      'or',
      [...literal.matchAll(/\d+\.\d+/gu)].map(([version]) => ({ kind: 'python', is: 'equal', version })),
    );
  const release = releaseOf(literal);
  if (release === null) return null;
  const [major = 0, minor = 0, ...rest] = release.parts;
  const here = bound(release.parts);
  const next = `${major}.${minor + 1}`;
  const hasPatch = rest.some((part) => part !== 0);
  switch (operator) {
    case '<':
      return { kind: 'python', is: 'older', version: hasPatch ? next : here };
    case '>=':
      return { kind: 'python', is: 'atLeast', version: hasPatch ? next : here };
    case '<=':
      return { kind: 'python', is: 'older', version: next };
    case '>':
      return { kind: 'python', is: 'atLeast', version: next };
    case '~=':
      return combine('and', [pythonVersion('>=', literal) ?? true, below(release.parts.slice(0, -1))]);
    case '==':
    case '===':
      if (release.wildcard) return within(release.parts);
      return hasPatch ? false : { kind: 'python', is: 'equal', version: `${major}.${minor}` };
    case '!=':
      return negate(pythonVersion('==', literal) ?? false);
    default:
      return null;
  }
}

function fullVersion(operator: string, literal: string): Condition | null {
  const release = releaseOf(literal);
  if (release === null) return null;
  const [major = 0, minor = 0, ...rest] = release.parts;
  const hasPatch = rest.some((part) => part !== 0);
  const version = [major, minor, ...(rest.length === 0 ? [0] : rest)].join('.');
  switch (operator) {
    case '<':
      return hasPatch
        ? { kind: 'full', is: 'older', version }
        : { kind: 'python', is: 'older', version: bound(release.parts) };
    case '>=':
      return hasPatch
        ? { kind: 'full', is: 'atLeast', version }
        : { kind: 'python', is: 'atLeast', version: bound(release.parts) };
    case '<=':
      return { kind: 'full', is: 'atMost', version };
    case '>':
      return { kind: 'full', is: 'newer', version };
    case '~=':
      return combine('and', [fullVersion('>=', literal) ?? true, below(release.parts.slice(0, -1))]);
    case '==':
    case '===':
      return release.wildcard ? within(release.parts) : { kind: 'full', is: 'equal', version };
    case '!=':
      return negate(fullVersion('==', literal) ?? false);
    default:
      return null;
  }
}

/** The first two numbers: `3.9`, or `4` where there is but one. */
function bound([major = 0, minor]: readonly number[]): string {
  return minor === undefined ? String(major) : `${major}.${minor}`;
}

/** Before the next number of the last part: [3] -> before 4, [3, 9] -> before 3.10. A patch level counts as its X.Y. */
function below(parts: readonly number[]): Condition {
  const [major = 0, minor] = parts;
  return { kind: 'python', is: 'older', version: minor === undefined ? String(major + 1) : `${major}.${minor + 1}` };
}

/** `3.*`, `3.9.*`. */
function within(parts: readonly number[]): Condition {
  const [major = 0, minor] = parts;
  if (minor !== undefined) return { kind: 'python', is: 'equal', version: `${major}.${minor}` };
  return combine('and', [{ kind: 'python', is: 'atLeast', version: String(major) }, below([major])]);
}
