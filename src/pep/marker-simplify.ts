import { sortedUnique } from '../base/text.ts';
import {
  evaluateMarker,
  formatMarker,
  type Marker,
  type MarkerComparison,
  type MarkerEnvironment,
  type MarkerGroup,
} from './marker.ts';
import { variableOf } from './marker-evaluate.ts';

/** Sizes beyond which a marker is nobody's honest work: it comes back as it is, because simplifying would take too long. */
const MOST_COMPARISONS = 300;
const MOST_EVALUATIONS = 200_000;
const MOST_GUESSES = 6;

/** An environment with one possible value of `extra`; `guesses` answers the comparisons that no list of values can decide. */
interface Point {
  readonly environment: MarkerEnvironment;
  readonly guesses: ReadonlyMap<string, boolean>;
}

/** Where something holds: one bit for each point. */
type Bits = bigint;

/**
 * The part of the marker that still distinguishes between the environments: false when it is true on none of them, true when on all.
 * Comparisons that are the same everywhere, that repeat others or that others imply are dropped. The result has the same value as the
 * marker on each environment for each value of `extra`, which is open where an environment does not set it.
 * Without environments, and for a marker of hundreds of comparisons, the marker comes back as it is.
 */
export function simplifyMarker(marker: Marker, environments: readonly MarkerEnvironment[]): Marker | boolean {
  const comparisons = comparisonsOf(marker);
  if (environments.length === 0 || comparisons.length > MOST_COMPARISONS) return marker;
  const points = pointsOf(comparisons, environments);
  if (points === null || points.length * comparisons.length > MOST_EVALUATIONS) return marker;
  const bitsOf = evaluator(points);
  const everywhere = (1n << BigInt(points.length)) - 1n;

  // Dropping one comparison can make another one superfluous. Each round has fewer comparisons, so this ends.
  let size = comparisons.length + 1;
  let simple: Marker | boolean = marker;
  while (typeof simple !== 'boolean' && comparisonsOf(simple).length < size) {
    size = comparisonsOf(simple).length;
    simple = simplifyWithin(simple, everywhere, bitsOf);
  }
  return simple;
}

function comparisonsOf(marker: Marker): readonly MarkerComparison[] {
  return marker.kind === 'compare' ? [marker] : marker.operands.flatMap(comparisonsOf);
}

/** What has the same value as the marker where `care` has a bit; `care` is not empty. */
function simplifyWithin(marker: Marker, care: Bits, bitsOf: (marker: Marker) => Bits): Marker | boolean {
  const holds = bitsOf(marker) & care;
  if (holds === care) return true;
  if (holds === 0n) return false;
  return marker.kind === 'compare' ? marker : simplifyGroup(marker, care, bitsOf);
}

// An operand of "and" matters only where all others hold, one of "or" only where none does. From the last to the first, so that
// what is written first stays.
function simplifyGroup(
  { kind, operands }: MarkerGroup,
  care: Bits,
  bitsOf: (marker: Marker) => Bits,
): Marker | boolean {
  const neutral = kind === 'and';
  const rest = [...operands];
  for (let index = rest.length - 1; index >= 0; index -= 1) {
    const operand = rest[index];
    if (operand === undefined) continue;
    const others = rest.filter((_, position) => position !== index).map(bitsOf);
    const matters = neutral
      ? others.reduce((bits, other) => bits & other, care)
      : others.reduce((bits, other) => bits & ~other, care);
    const simple = matters === 0n ? neutral : simplifyWithin(operand, matters, bitsOf);
    if (simple === neutral) rest.splice(index, 1);
    else if (typeof simple === 'boolean') return simple;
    else rest.splice(index, 1, ...(simple.kind === kind ? simple.operands : [simple]));
  }
  const [only, ...more] = rest;
  if (only === undefined) return neutral;
  return more.length === 0 ? only : { kind, operands: rest };
}

function evaluator(points: readonly Point[]): (marker: Marker) => Bits {
  const known = new Map<Marker, Bits>();
  const bitsOf = (marker: Marker): Bits => {
    const found = known.get(marker);
    if (found !== undefined) return found;
    const bits = compute(marker);
    known.set(marker, bits);
    return bits;
  };
  const compute = (marker: Marker): Bits => {
    if (marker.kind === 'compare') return comparisonBits(marker, points);
    const parts = marker.operands.map(bitsOf);
    return marker.kind === 'and'
      ? parts.reduce((all, part) => all & part, (1n << BigInt(points.length)) - 1n)
      : parts.reduce((any, part) => any | part, 0n);
  };
  return bitsOf;
}

function comparisonBits(comparison: MarkerComparison, points: readonly Point[]): Bits {
  const text = formatMarker(comparison);
  const digits = points.map(({ environment, guesses }) =>
    (guesses.get(text) ?? evaluateMarker(comparison, environment)) ? '1' : '0',
  );
  return BigInt(`0b${digits.join('')}`);
}

// For `==` and the like it matters only which of the literals `extra` is equal to, so those, none and another one stand for all values.
// `in` asks for parts of texts: such a comparison is guessed both ways, which keeps it unless the rest decides. Null: too many guesses.
function pointsOf(
  comparisons: readonly MarkerComparison[],
  environments: readonly MarkerEnvironment[],
): readonly Point[] | null {
  const ofExtra = comparisons.filter((comparison) => variableOf(comparison) === 'extra');
  const isGuessed = ({ operator }: MarkerComparison): boolean => operator === 'in' || operator === 'not in';
  const guessed = sortedUnique(ofExtra.filter(isGuessed).map(formatMarker));
  if (guessed.length > MOST_GUESSES) return null;
  const values = valuesOf(ofExtra.filter((comparison) => !isGuessed(comparison)));
  const assignments = assignmentsOf(guessed);
  return environments.flatMap((environment): Point[] =>
    environment.extra === undefined
      ? values.flatMap((extra) => assignments.map((guesses) => ({ environment: { ...environment, extra }, guesses })))
      : [{ environment, guesses: new Map() }],
  );
}

function valuesOf(comparisons: readonly MarkerComparison[]): readonly string[] {
  if (comparisons.length === 0) return [''];
  const operands = comparisons.flatMap(({ left, right }) => [left, right]);
  const literals = operands.flatMap((operand) => (operand.kind === 'literal' ? [operand.value] : []));
  const longest = literals.reduce((length, literal) => Math.max(length, literal.length), 0);
  return sortedUnique(['', ...literals, 'x'.repeat(longest + 1)]);
}

function assignmentsOf(texts: readonly string[]): readonly ReadonlyMap<string, boolean>[] {
  return texts.reduce<readonly ReadonlyMap<string, boolean>[]>(
    (assignments, text) => assignments.flatMap((map) => [true, false].map((value) => new Map([...map, [text, value]]))),
    [new Map()],
  );
}
