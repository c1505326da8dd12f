import { ALWAYS, and, type Condition, compareNumbers, NEVER, not, or } from './condition.ts';
import type { Value, VersionValue } from './value.ts';

export type Comparison = '<' | '<=' | '==' | '!=' | '>=' | '>';

/** Compares the interpreter's version with a literal (tuple, number or text); null where the literal is none of these. */
export function compareVersionInfo(version: VersionValue, operator: Comparison, literal: Value): Condition | null {
  const { form } = version;
  if (form === 'hex') return literal.kind === 'number' ? compareHex(operator, literal.value) : null;
  const numbers = numbersOf(form, literal);
  if (numbers === null) return null;
  if (form !== 'minor') return compareRelease(version.length, operator, numbers);
  // The second number alone means something else for Python 2 than for Python 3.
  return or(
    [2, 3].map((major) =>
      and([compareRelease(1, '==', [major]), compareRelease(2, operator, [major, numbers[0] ?? 0])]),
    ),
  );
}

/** `sys.version_info` itself, or the tuple `(sys.version_info[0], sys.version_info[1])`; null for anything else. */
export function asVersion(value: Value): VersionValue | null {
  if (value.kind === 'version') return value;
  if (value.kind !== 'tuple') return null;
  const forms = value.items.map((item) => (item.value.kind === 'version' ? item.value.form : null));
  if (forms.join() === 'number,minor') return { kind: 'version', form: 'tuple', length: 2 };
  return forms.join() === 'number' ? { kind: 'version', form: 'tuple', length: 1 } : null;
}

/**
 * `sys.hexversion` has a byte for each of three numbers, and one for the release level, which is 0xf0 in final releases. Only these are told apart, so
 * that a bound below or above that level moves by one release: `< 0x030400f0` and `< 0x03040000` are the same.
 */
function compareHex(operator: Comparison, value: number): Condition {
  const level = value & 0xff;
  const release = [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff];
  // Python 3.4 and later, however short it is said.
  const least = release[2] === 0 ? release.slice(0, 2) : release;
  const from = compareRelease(least.length, '>=', least);
  const after = compareRelease(3, '>', release);
  switch (operator) {
    case '>=':
      return level <= FINAL ? from : after;
    case '>':
      return level < FINAL ? from : after;
    case '<':
      return not(level <= FINAL ? from : after);
    case '<=':
      return not(level < FINAL ? from : after);
    case '==':
      return level === FINAL ? compareRelease(3, '==', release) : NEVER;
    case '!=':
      return level === FINAL ? compareRelease(3, '!=', release) : ALWAYS;
  }
}

const FINAL = 0xf0;

/** The first `length` numbers of the version against `bound`, in the order of Python's tuples. */
function compareRelease(length: number, operator: Comparison, bound: readonly number[]): Condition {
  if (bound.length === 0) return operator === '>' || operator === '>=' || operator === '!=' ? ALWAYS : NEVER;
  const atLeast = (numbers: readonly number[]): Condition => ({
    kind: 'version',
    operator: '>=',
    bound: major(numbers),
  });
  // With more numbers than the bound, an equal start is greater: (3, 4, 1) > (3, 4). With fewer it is smaller.
  if (length !== bound.length) {
    if (operator === '==') return NEVER;
    if (operator === '!=') return ALWAYS;
    const from = length > bound.length ? atLeast(bound) : atLeast(next(bound.slice(0, length)));
    return operator === '>' || operator === '>=' ? from : not(from);
  }
  switch (operator) {
    case '>=':
      return atLeast(bound);
    case '<':
      return not(atLeast(bound));
    case '>':
      return atLeast(next(bound));
    case '<=':
      return not(atLeast(next(bound)));
    case '==':
      return equal(bound);
    case '!=':
      return not(equal(bound));
  }
}

/** Only 2 and 3 are majors, so `== 2` is everything before 3 and `== 3` everything from 3 on. */
function equal(bound: readonly number[]): Condition {
  const from: Condition = { kind: 'version', operator: '>=', bound };
  const until: Condition = { kind: 'version', operator: '<', bound: next(bound) };
  if (bound.length > 1) return and([from, until]);
  if (compareNumbers(bound, [2]) === 0) return until;
  return compareNumbers(bound, [3]) === 0 ? from : NEVER;
}

function next(bound: readonly number[]): number[] {
  return bound.map((number, i) => (i === bound.length - 1 ? number + 1 : number));
}

/** `(3, 0)` says no more than `3`; one spelling lets conditions meet. */
function major(bound: readonly number[]): readonly number[] {
  return bound.length === 2 && bound[1] === 0 ? bound.slice(0, 1) : bound;
}

function numbersOf(form: Exclude<VersionValue['form'], 'hex'>, literal: Value): number[] | null {
  switch (form) {
    case 'number':
    case 'minor':
      if (literal.kind === 'number') return [Math.trunc(literal.value)];
      return literal.kind === 'string' && /^\d+$/u.test(literal.value) ? [Number(literal.value)] : null;
    case 'text':
      if (literal.kind !== 'string' || !/^\d+(?:\.\d+)*\.?$/u.test(literal.value)) return null;
      return literal.value
        .split('.')
        .filter((part) => part !== '')
        .slice(0, 3)
        .map(Number);
    case 'tuple': {
      if (literal.kind !== 'tuple') return null;
      const numbers = literal.items.map((item) => (item.value.kind === 'number' ? item.value.value : null));
      // What follows the third number is the release level, which says nothing about releases.
      const release = numbers.slice(0, 3);
      return release.every((number) => number !== null) ? release : null;
    }
  }
}
