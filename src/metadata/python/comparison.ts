import type { Place } from '../release-facts.ts';
import { and, type Condition, NEVER, not, or, unknownIn } from './condition.ts';
import { type Machine, objectOf } from './machine.ts';
import { describe, iterate } from './operators.ts';
import { bool, conditionValue, keyOf, lift, truthOf, unknown, type Value } from './value.ts';
import { asVersion, type Comparison, compareVersionInfo } from './version-condition.ts';

/** `left OPERATOR right` for comparisons, `in` and `not in`, `is` and `is not`. */
export function compare(machine: Machine, operator: string, left: Value, right: Value, place: Place): Value {
  switch (operator) {
    case 'not in':
      return negate(machine, compare(machine, 'in', left, right, place), place);
    case 'is':
      // An imported module is something; only what a function gave may be None.
      if (left.kind === 'native' && !left.path.includes('()') && right.kind === 'none') return bool(false);
      return compare(machine, '==', left, right, place);
    case 'is not':
      return negate(machine, compare(machine, 'is', left, right, place), place);
    case '<>':
      return compare(machine, '!=', left, right, place);
    case 'in':
      return membership(machine, left, right, place);
  }
  if (!isComparison(operator)) return unknown(`the operator ${operator} is not understood`, place);
  const version = asVersion(left);
  if (version !== null) return versionComparison(compareVersionInfo(version, operator, right), place);
  const mirrored = asVersion(right);
  if (mirrored !== null) return versionComparison(compareVersionInfo(mirrored, MIRROR[operator], left), place);
  return lift(left, (a) => lift(right, (b) => plainComparison(machine, operator, a, b, place)));
}

export function negate(machine: Machine, value: Value, place: Place): Value {
  return conditionValue(not(truthOf(value, machine.heap, place)));
}

const MIRROR = { '<': '>', '<=': '>=', '==': '==', '!=': '!=', '>=': '<=', '>': '<' } as const;

function isComparison(operator: string): operator is Comparison {
  return Object.hasOwn(MIRROR, operator);
}

function versionComparison(condition: Condition | null, place: Place): Value {
  return condition === null
    ? unknown('compares the version of Python with something unknown', place)
    : conditionValue(condition);
}

function plainComparison(machine: Machine, operator: Comparison, a: Value, b: Value, place: Place): Value {
  if (operator === '==' || operator === '!=') {
    const equal = equalValues(machine, a, b);
    return equal === null
      ? unknown(`compares ${describe(a)} with ${describe(b)}`, place)
      : bool(equal === (operator === '=='));
  }
  const order = orderOf(a, b);
  if (order === null) return unknown(`compares ${describe(a)} with ${describe(b)}`, place);
  return bool({ '<': order < 0, '<=': order <= 0, '>=': order >= 0, '>': order > 0 }[operator]);
}

function orderOf(a: Value, b: Value): number | null {
  if (a.kind === 'number' && b.kind === 'number') return a.value - b.value;
  if (a.kind === 'string' && b.kind === 'string') return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (a.kind !== 'tuple' || b.kind !== 'tuple') return null;
  for (let i = 0; i < Math.min(a.items.length, b.items.length); i++) {
    const [x, y] = [a.items[i]?.value, b.items[i]?.value];
    const order = x === undefined || y === undefined ? null : orderOf(x, y);
    if (order !== 0) return order;
  }
  return a.items.length - b.items.length;
}

/** Null where it is not known. */
function equalValues(machine: Machine, a: Value, b: Value): boolean | null {
  const left = keyOf(a);
  const right = keyOf(b);
  if (left !== null && right !== null) return left === right;
  if (a.kind === 'native' && b.kind === 'native' && TYPE.test(a.path) && TYPE.test(b.path)) return a.path === b.path;
  if ([a, b].some(({ kind }) => kind === 'native' || kind === 'unknown' || kind === 'version')) return null;
  const [x, y] = [iterate(machine, a, NOWHERE), iterate(machine, b, NOWHERE)];
  if ('kind' in x || 'kind' in y) return left !== null || right !== null ? false : null;
  if (x.length !== y.length) return false;
  const parts = x.map((item, i) => equalValues(machine, item.value, y[i]?.value ?? item.value));
  return parts.includes(null) ? null : !parts.includes(false);
}

/** The types that `type()` gives. */
const TYPE = /^builtins\.(?:str|bool|tuple|list|set|dict|int|float|bytes|unicode)$/u;

const NOWHERE: Place = { file: '' };

function membership(machine: Machine, left: Value, right: Value, place: Place): Value {
  if (right.kind === 'native' && left.kind === 'string') {
    const known = KNOWN_MEMBERS.get(`${left.value} in ${right.path}`);
    if (known !== undefined) return bool(known);
  }
  return lift(right, (container) => {
    if (container.kind === 'string') {
      return lift(left, (part) => {
        return part.kind === 'string'
          ? bool(container.value.includes(part.value))
          : unknown(`looks for ${describe(part)}`, place);
      });
    }
    const table = objectOf(machine, container);
    if (table?.kind === 'table' && (table.type === 'dict' || table.type === 'config')) {
      return lift(left, (key) => {
        const name = keyOf(key);
        if (name === null) return unknown(`looks for ${describe(key)}`, place);
        const slot = table.slots.get(name);
        if (slot === undefined) return table.rest ?? bool(false);
        return lift(slot.value, (value) => bool(value.kind !== 'missing'));
      });
    }
    const items = iterate(machine, container, place);
    if ('kind' in items) return items;
    const found = items.map((item) =>
      and([item.when, truthOf(compare(machine, '==', left, item.value, place), machine.heap, place)]),
    );
    const any = found.length === 0 ? NEVER : or(found);
    const open = unknownIn(any);
    return open === null ? conditionValue(any) : unknown(open.why, open.place);
  });
}

/** setuptools is always loaded where a setup.py runs today. */
const KNOWN_MEMBERS: ReadonlyMap<string, boolean> = new Map([
  ['setuptools in sys.modules', true],
  ['pip in sys.modules', false],
]);
