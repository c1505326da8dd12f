import { UserError } from '../base/user-error.ts';
import { readMarker } from './marker-grammar.ts';
import { unescapePython } from './python-string.ts';
import { atEnd, fail, type Scanner } from './scanner.ts';

export { evaluateMarker, undefinedComparisons } from './marker-evaluate.ts';

/** Variables of PEP 508, PEP 735 and PEP 751; older spellings such as `os.name` are read as these. */
export type MarkerVariable =
  | 'python_version'
  | 'python_full_version'
  | 'os_name'
  | 'sys_platform'
  | 'platform_system'
  | 'platform_machine'
  | 'platform_release'
  | 'platform_version'
  | 'implementation_name'
  | 'implementation_version'
  | 'platform_python_implementation'
  | 'extra'
  | 'extras'
  | 'dependency_groups';

export type MarkerOperand =
  | { readonly kind: 'variable'; readonly name: MarkerVariable }
  /** Literals that are compared with names of extras or groups are in normal form (PEP 685). */
  | { readonly kind: 'literal'; readonly value: string };

export type MarkerOperator = '<' | '<=' | '!=' | '==' | '>=' | '>' | '~=' | '===' | 'in' | 'not in';

export interface MarkerComparison {
  readonly kind: 'compare';
  readonly left: MarkerOperand;
  readonly operator: MarkerOperator;
  readonly right: MarkerOperand;
}

export interface MarkerGroup {
  readonly kind: 'and' | 'or';
  /** Two or more, in the order in which they are written. */
  readonly operands: readonly Marker[];
  /** Written in parentheses that precedence does not ask for, as in `(a and b) or c`. Only `formatMarker` looks at it. */
  readonly parenthesised?: true;
}

export type Marker = MarkerComparison | MarkerGroup;

/** What a target says about itself. A variable that is missing is unknown, and comparisons with it count as true. */
export type MarkerEnvironment = Readonly<Partial<Record<MarkerVariable, string>>>;

/** Reads an environment marker. Throws UserError E_INVALID_MARKER (exit 65) with a caret under the place. */
export function parseMarker(text: string): Marker {
  const scanner: Scanner = {
    text,
    code: 'E_INVALID_MARKER',
    what: 'marker',
    hint: 'a marker compares variables with quoted texts, for example: python_version < "3.13" and sys_platform == "linux"',
    position: 0,
  };
  const marker = readMarker(scanner);
  return atEnd(scanner) ? marker : fail(scanner, 'expected "and", "or" or the end');
}

/** As `parseMarker`, null for what is no marker. */
export function tryParseMarker(text: string): Marker | null {
  try {
    return parseMarker(text);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The marker as text, as `str()` of Python's `packaging` gives it, but for literals that would not read back as they are: their odd characters are escaped. */
export function formatMarker(marker: Marker): string {
  if (marker.kind === 'compare')
    return [formatOperand(marker.left), marker.operator, formatOperand(marker.right)].join(' ');
  return marker.operands.map((operand) => formatIn(marker, operand)).join(` ${marker.kind} `);
}

function formatIn(parent: MarkerGroup, marker: Marker): string {
  const text = formatMarker(marker);
  if (marker.kind === 'compare') return text;
  const bindsTighter = parent.kind === 'or' && marker.kind === 'and';
  return bindsTighter && marker.parenthesised !== true ? text : `(${text})`;
}

function formatOperand(operand: MarkerOperand): string {
  return operand.kind === 'variable' ? operand.name : quote(operand.value);
}

function quote(value: string): string {
  const mark = value.includes('"') ? "'" : '"';
  if (!value.includes(mark) && unescapePython(value) === value) return `${mark}${value}${mark}`;
  const escaped = value.replace(/[\\"\p{Cc}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return character === '\\' ? '\\\\' : `\\x${code.toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}
