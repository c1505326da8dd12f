import type { Marker, MarkerComparison, MarkerOperand, MarkerOperator, MarkerVariable } from './marker.ts';
import { normalizeName } from './name.ts';
import { unescapePython } from './python-string.ts';
import { accept, expect, fail, peek, type Scanner, skipBlanks } from './scanner.ts';

/** Deeper nesting comes from nobody who means well and would exhaust the stack. */
const DEEPEST = 200;

const VARIABLES: Readonly<Record<MarkerVariable, true>> = {
  python_version: true,
  python_full_version: true,
  os_name: true,
  sys_platform: true,
  platform_system: true,
  platform_machine: true,
  platform_release: true,
  platform_version: true,
  implementation_name: true,
  implementation_version: true,
  platform_python_implementation: true,
  extra: true,
  extras: true,
  dependency_groups: true,
};

/** Spellings of PEP 345 and of old setuptools. */
const OLD_SPELLINGS: ReadonlyMap<string, MarkerVariable> = new Map([
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.version', 'platform_version'],
  ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
]);

const WORD = /[a-z_.]+/y;
const QUOTED = /'[^']*'|"[^"]*"/y;
const OPERATOR = /===|==|~=|!=|<=|>=|<|>/y;
const IN = /in\b/y;
const NOT = /not\b/y;
const LOGICAL_OPERATOR = /(?:or|and)\b/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;
const BLANKS = /[ \t]+/y;

/** marker = conjunction *( "or" conjunction ); conjunction = atom *( "and" atom ). Stops before what does not belong to it. */
export function readMarker(scanner: Scanner, depth = 0): Marker {
  const alternatives: Marker[][] = [[readAtom(scanner, depth)]];
  for (let word = accept(scanner, LOGICAL_OPERATOR); word !== null; word = accept(scanner, LOGICAL_OPERATOR)) {
    const atom = readAtom(scanner, depth);
    if (word === 'or') alternatives.push([atom]);
    else alternatives.at(-1)?.push(atom);
  }
  const inAlternative = alternatives.length > 1;
  return groupOf(
    'or',
    alternatives.map((atoms) => {
      const [only, ...others] = atoms;
      const isMarked = inAlternative && others.length === 0 && only?.kind === 'and';
      return isMarked ? { ...only, parenthesised: true as const } : groupOf('and', atoms);
    }),
  );
}

/** atom = WS? ( "(" marker ")" | comparison ) WS? */
function readAtom(scanner: Scanner, depth: number): Marker {
  skipBlanks(scanner);
  const start = scanner.position;
  if (accept(scanner, OPEN) === null) {
    const comparison = readComparison(scanner);
    skipBlanks(scanner);
    return comparison;
  }
  if (depth === DEEPEST) fail(scanner, `more than ${DEEPEST} parentheses inside each other`, start);
  const marker = readMarker(scanner, depth + 1);
  if (accept(scanner, CLOSE) === null) fail(scanner, 'no ")" for this "("', start, scanner.position);
  skipBlanks(scanner);
  return marker;
}

/** comparison = operand WS? operator WS? operand */
function readComparison(scanner: Scanner): MarkerComparison {
  const left = readOperand(scanner);
  skipBlanks(scanner);
  const operator = readOperator(scanner);
  skipBlanks(scanner);
  const right = readOperand(scanner);
  return {
    kind: 'compare',
    left: namesSomething(right, NAME_SETS) ? normalized(left) : left,
    operator,
    right: namesSomething(left, NAMES) ? normalized(right) : right,
  };
}

/** operand = variable / "'" *no-apostrophe "'" / '"' *no-quote '"' */
function readOperand(scanner: Scanner): MarkerOperand {
  const start = scanner.position;
  const word = accept(scanner, WORD);
  if (word !== null) {
    const name = OLD_SPELLINGS.get(word) ?? word;
    if (isVariable(name)) return { kind: 'variable', name };
    fail(scanner, `there is no variable ${word}`, start, scanner.position);
  }
  const quoted = accept(scanner, QUOTED) ?? fail(scanner, 'expected a variable or a quoted text');
  const value = unescapePython(quoted.slice(1, -1));
  if (value === null) fail(scanner, 'this quoted text has a line break or a broken escape', start, scanner.position);
  return { kind: 'literal', value };
}

/** operator = "===" / "==" / "~=" / "!=" / "<=" / ">=" / "<" / ">" / "in" / "not" WS "in" */
function readOperator(scanner: Scanner): MarkerOperator {
  if (accept(scanner, IN) !== null) return 'in';
  if (accept(scanner, NOT) !== null) {
    expect(scanner, BLANKS, 'a blank after "not"');
    expect(scanner, IN, '"in" after "not"');
    return 'not in';
  }
  const symbol = peek(scanner, OPERATOR);
  for (const operator of ['===', '==', '~=', '!=', '<=', '>=', '<', '>'] as const) {
    if (symbol !== operator) continue;
    scanner.position += operator.length;
    return operator;
  }
  return fail(scanner, 'expected an operator: <, <=, ==, !=, >=, >, ~=, ===, in or "not in"');
}

function groupOf(kind: 'and' | 'or', operands: Marker[]): Marker {
  const [only, ...others] = operands;
  return only !== undefined && others.length === 0 ? only : { kind, operands };
}

function isVariable(name: string): name is MarkerVariable {
  return Object.hasOwn(VARIABLES, name);
}

/** Literals on either side of `extra`, and on the left of the sets of names, are names of extras and groups. */
const NAMES: readonly MarkerVariable[] = ['extra'];
const NAME_SETS: readonly MarkerVariable[] = ['extra', 'extras', 'dependency_groups'];

function namesSomething(operand: MarkerOperand, variables: readonly MarkerVariable[]): boolean {
  return operand.kind === 'variable' && variables.includes(operand.name);
}

function normalized(operand: MarkerOperand): MarkerOperand {
  return operand.kind === 'literal' ? { kind: 'literal', value: normalizeName(operand.value) } : operand;
}
