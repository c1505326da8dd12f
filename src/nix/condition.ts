import type { Marker, MarkerOperator } from '../pep/marker.ts';
import { fullVersion, pythonVersion } from './condition-versions.ts';

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
    if (left.kind === right.kind) {
      unknown.add('a comparison of two literals or two variables');
      return true;
    }
    const [variable, literal] = left.kind === 'variable' ? [left, right] : [right, left];
    const literalFirst = left.kind === 'literal';
    const name = variable.kind === 'variable' ? variable.name : '';
    const found = comparison(name, {
      operator,
      literal: literal.kind === 'literal' ? literal.value : '',
      literalFirst,
    });
    if (found === null) unknown.add(name);
    return found ?? true;
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
    const [, operator = '', literal = ''] = match ?? [];
    const condition = isOperator(operator) ? fullVersion({ operator, literal, literalFirst: false }) : null;
    if (condition === null) unknown.push(part);
    return condition ?? true;
  });
  return { condition: combine('and', conditions), unknown };
}

function isOperator(text: string): text is '~=' | '===' | '==' | '!=' | '<=' | '>=' | '<' | '>' {
  return ['~=', '===', '==', '!=', '<=', '>=', '<', '>'].includes(text);
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

/** Conditions joined, and simplified as far as they tell by themselves; without any, what joining nothing gives. */
export function combine(kind: 'and' | 'or', conditions: readonly Condition[]): Condition {
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

/** A comparison of a variable with a text. `literalFirst`: the text stands before the operator, as in `"linux" in sys_platform`. */
export interface Comparison {
  readonly operator: MarkerOperator;
  readonly literal: string;
  readonly literalFirst: boolean;
}

/** Null where nothing can be told, or the comparison has no meaning. */
function comparison(variable: string, compared: Comparison): Condition | null {
  const { operator } = compared;
  if (operator === 'not in' || operator === '!=') {
    const opposite = comparison(variable, { ...compared, operator: operator === '!=' ? '==' : 'in' });
    return opposite === null ? null : negate(opposite);
  }
  if (variable === 'python_version') return pythonVersion(compared);
  if (variable === 'python_full_version') return fullVersion(compared);
  return oneOfValues(variable, compared);
}

/** The values that a variable can have where Nix builds Python, each with its condition; platform_machine can have others. */
const VALUES: Readonly<Record<string, readonly (readonly [value: string, condition: Condition])[]>> = {
  os_name: [['posix', true]],
  // Targets with Python 2, which says linux2, count as linux too.
  sys_platform: [
    ['linux', flag('isLinux')],
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

function oneOfValues(variable: string, compared: Comparison): Condition | null {
  const values = Object.hasOwn(VALUES, variable) ? VALUES[variable] : undefined;
  const { operator, literal } = compared;
  if (values === undefined || operator === '~=' || operator === '===') return null;
  const isOther = variable === 'platform_machine' && !values.some(([value]) => value === literal);
  if (isOther && EQUALITIES.has(operator))
    return { kind: 'cpu', name: CPU_NAMES.get(literal) ?? literal, negated: false };
  const holds = values.filter(([value]) => compareTexts(value, compared));
  return combine(
    'or',
    holds.map(([, condition]) => condition),
  );
}

/** Of texts, which have no order, by PEP 508. */
const EQUALITIES: ReadonlySet<string> = new Set(['==', '<=', '>=']);

/** Processors that Nix calls otherwise than the kernel does. */
const CPU_NAMES: ReadonlyMap<string, string> = new Map([
  ['ppc64le', 'powerpc64le'],
  ['ppc64', 'powerpc64'],
]);

function compareTexts(value: string, { operator, literal, literalFirst }: Comparison): boolean {
  if (operator === 'in') return literalFirst ? value.includes(literal) : literal.includes(value);
  return EQUALITIES.has(operator) && value === literal;
}
