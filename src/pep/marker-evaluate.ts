import type { Marker, MarkerComparison, MarkerEnvironment, MarkerOperand, MarkerVariable } from './marker.ts';
import { normalizeName } from './name.ts';
import { specifierAllows, tryParseSpecifier } from './specifier.ts';

/** Variables whose values are compared as versions where that is possible, else as texts. */
const VERSION_VARIABLES: ReadonlySet<MarkerVariable> = new Set([
  'implementation_version',
  'platform_release',
  'python_full_version',
  'python_version',
]);

const SET_VARIABLES: ReadonlySet<MarkerVariable> = new Set(['extras', 'dependency_groups']);

/**
 * Whether the marker holds, as Python's `packaging` 26.3 decides it, with these differences: a comparison with a variable that the
 * environment lacks counts as true (`extra` is then empty), and so does one that has no meaning (see `undefinedComparisons`), where
 * `packaging` raises errors. `extras` and `dependency_groups` are lists separated by commas or blanks.
 */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment): boolean {
  switch (marker.kind) {
    case 'and':
      return marker.operands.every((operand) => evaluateMarker(operand, environment));
    case 'or':
      return marker.operands.some((operand) => evaluateMarker(operand, environment));
    case 'compare':
      return evaluateComparison(marker, environment);
  }
}

/**
 * The comparisons of the marker that have no meaning in this environment: `~=` or `===` between texts that are no versions, two
 * literals, or `extras` and `dependency_groups` elsewhere than on the right.
 */
export function undefinedComparisons(marker: Marker, environment: MarkerEnvironment): readonly MarkerComparison[] {
  if (marker.kind === 'compare') return isDefined(marker, environment) ? [] : [marker];
  return marker.operands.flatMap((operand) => undefinedComparisons(operand, environment));
}

/** The variable that a comparison asks for: the left operand before the right one; null for two literals. */
export function variableOf({ left, right }: MarkerComparison): MarkerVariable | null {
  if (left.kind === 'variable') return left.name;
  return right.kind === 'variable' ? right.name : null;
}

function evaluateComparison(comparison: MarkerComparison, environment: MarkerEnvironment): boolean {
  const variable = variableOf(comparison);
  if (variable === null || !isDefined(comparison, environment)) return true;
  const value = valueIn(variable, environment);
  if (value === null) return true;
  const { left, right } = comparison;
  if (left.kind === 'literal' && SET_VARIABLES.has(variable)) return compareWithSet(left.value, comparison, value);
  return compareTexts(comparison, variable, sidesOf(left, right, value));
}

function isDefined(comparison: MarkerComparison, environment: MarkerEnvironment): boolean {
  const { left, operator, right } = comparison;
  const variable = variableOf(comparison);
  if (variable === null || (left.kind === 'variable' && SET_VARIABLES.has(left.name))) return false;
  if (operator !== '~=' && operator !== '===') return true;
  const value = valueIn(variable, environment);
  if (!VERSION_VARIABLES.has(variable)) return false;
  return value === null || tryParseSpecifier(`${operator}${sidesOf(left, right, value).right}`) !== null;
}

// Only one side is looked up: of two variables the right one stands for its own name.
function sidesOf(left: MarkerOperand, right: MarkerOperand, value: string): { left: string; right: string } {
  if (left.kind === 'literal') return { left: left.value, right: value };
  return { left: value, right: right.kind === 'variable' ? right.name : right.value };
}

function valueIn(variable: MarkerVariable, environment: MarkerEnvironment): string | null {
  const value = environment[variable];
  if (variable === 'extra') return normalizeName(value ?? '');
  if (value === undefined) return null;
  // Python built from an untagged checkout says `3.13.0+`, which is no version.
  return variable === 'python_full_version' && value.endsWith('+') ? `${value}local` : value;
}

function compareTexts(
  { operator }: MarkerComparison,
  variable: MarkerVariable,
  { left, right }: { left: string; right: string },
): boolean {
  if (VERSION_VARIABLES.has(variable)) {
    const allowed = allowsVersion(`${operator}${right}`, left);
    if (allowed !== null) return allowed;
  }
  switch (operator) {
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '==':
    case '<=':
    case '>=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
    case '>':
      // Texts have no order in PEP 508.
      return false;
    case '~=':
    case '===':
      // Undefined for texts, and so as everything that is not known.
      return true;
  }
}

// The markers of a run repeat few comparisons thousands of times.
const MOST_ANSWERS = 20_000;
const LONGEST_QUESTION = 200;
const answers = new Map<string, boolean | null>();

/** Null when the specifier is none. */
function allowsVersion(specifierText: string, version: string): boolean | null {
  const question = `${version}\n${specifierText}`;
  const known = answers.get(question);
  if (known !== undefined) return known;
  const specifier = tryParseSpecifier(specifierText);
  const answer = specifier === null ? null : specifierAllows([specifier], version);
  if (answers.size >= MOST_ANSWERS) answers.clear();
  if (question.length <= LONGEST_QUESTION) answers.set(question, answer);
  return answer;
}

function compareWithSet(name: string, { operator }: MarkerComparison, list: string): boolean {
  const names = list
    .split(/[\s,]+/)
    .filter((text) => text !== '')
    .map(normalizeName);
  if (operator === 'in') return names.includes(name);
  // A set is never equal to a name.
  return operator === 'not in' ? !names.includes(name) : operator === '!=';
}
