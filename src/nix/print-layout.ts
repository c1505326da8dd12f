import type { Expression } from './expression.ts';
import { flat, needsParentheses } from './print-flat.ts';

/** Columns of a line, its indentation not counted. */
const WIDTH = 100;

/** Where text begins: the indentation of its line, the column it starts at, and how much must fit behind it on its last line. */
export interface Place {
  readonly indent: number;
  readonly column: number;
  readonly after: number;
}

/** Whether the expression on one line, as `flat` gives it, has room there. */
export function fits(line: string | null, { indent, column, after }: Place): line is string {
  return line !== null && column - indent + line.length + after <= WIDTH;
}

/** The beginning of a line. */
export function atStart(indent: number, after = 0): Place {
  return { indent, column: indent, after };
}

/** Whether what follows `=` begins on its line, whole or with a bracket that opens there. */
export function staysOnLine(value: Expression, place: Place): boolean {
  if (fits(flat(value), place)) return true;
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'string':
    case 'indented':
    case 'identifier':
    case 'path':
      return true;
    case 'with':
      return isBlock(value.body);
    case 'apply':
      return callLayout(value, place).kind !== 'stacked';
    case 'function':
      return isBlock(bodyOf(value)) && typeof value.parameter === 'string';
    case 'binary':
      return isOpenBlock(value.operands[0]) || isUpdateOfSet(value);
    default:
      return false;
  }
}

/** How a call is broken. */
export type CallLayout =
  | { readonly kind: 'last' }
  | { readonly kind: 'stacked' }
  | { readonly kind: 'middle'; readonly index: number };

/** How a call that does not fit on its line is broken: its last argument opened, one argument in parentheses opened, or everything stacked. */
export function callLayout(call: Expression & { readonly kind: 'apply' }, place: Place): CallLayout {
  const last = call.arguments.at(-1);
  const head = [
    flat(call.function, 'function'),
    ...call.arguments.slice(0, -1).map((argument) => flat(argument, 'argument')),
  ];
  const opener = 2;
  if (
    last !== undefined &&
    !head.includes(null) &&
    fits(head.join(' '), { ...place, after: opener }) &&
    opensAsArgument(last)
  )
    return { kind: 'last' };
  const index = call.arguments.findIndex((argument) => {
    const line = flat(argument, 'argument');
    return needsParentheses(argument, 'argument') && (line === null || line.length > WIDTH / 2);
  });
  const others = [
    flat(call.function, 'function'),
    ...call.arguments.filter((_, at) => at !== index).map((argument) => flat(argument, 'argument')),
  ];
  return index >= 0 && !others.includes(null) ? { kind: 'middle', index } : { kind: 'stacked' };
}

/** Whether an argument may begin on the line of its call and open there. */
export function opensAsArgument(argument: Expression): boolean {
  if (argument.kind === 'function') return typeof argument.parameter === 'string' && isBlock(bodyOf(argument));
  if (argument.kind === 'apply')
    return argument.arguments.length > 0 && opensAsArgument(argument.arguments.at(-1) ?? argument);
  if (argument.kind === 'with') return isBlock(argument.body);
  return isBlock(argument);
}

/** `base // { ... }`: the set opens behind the operator. */
export function isUpdateOfSet(expression: Expression & { readonly kind: 'binary' }): boolean {
  const [first, last] = expression.operands;
  return (
    expression.operator === '//' &&
    expression.operands.length === 2 &&
    first !== undefined &&
    flat(first) !== null &&
    last?.kind === 'set'
  );
}

/** Brackets that can be opened at the end of a line. */
export function isBlock(expression: Expression | undefined): boolean {
  return (
    expression !== undefined &&
    (expression.kind === 'list' || expression.kind === 'set' || expression.kind === 'indented')
  );
}

/** What a function of plain arguments gives in the end; anything else itself. */
export function bodyOf(expression: Expression): Expression {
  return expression.kind === 'function' && typeof expression.parameter === 'string'
    ? bodyOf(expression.body)
    : expression;
}

/** A block that has something in it; an empty one stays on its line. */
function isOpenBlock(expression: Expression | undefined): boolean {
  if (expression?.kind === 'list') return expression.items.length > 0;
  return expression?.kind === 'set' ? expression.bindings.length > 0 : expression?.kind === 'indented';
}
