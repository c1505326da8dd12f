import type { SyntaxNode } from '@lezer/common';
import { bind } from './assign.ts';
import { fork, mergeValues } from './branch.ts';
import { evaluateCall } from './call.ts';
import { compare, negate } from './comparison.ts';
import { evaluateComprehension } from './comprehension.ts';
import { ALWAYS, not, unknownIn } from './condition.ts';
import { spread } from './container-methods.ts';
import { concatenation, dictionary, formatString, number } from './literal.ts';
import { countStep, type Frame, getSlot, MAX_DEPTH, type Machine, newList } from './machine.ts';
import { evaluateMember } from './member.ts';
import { binaryOperation } from './operators.ts';
import { stringLiteral } from './string-literal.ts';
import { childrenOf, isErrorNode, itemsOf, placeOf, textOf } from './syntax.ts';
import {
  bool,
  choose,
  type Item,
  MISSING,
  NONE,
  num,
  str,
  truthOf,
  type Unknown,
  unknown,
  type Value,
} from './value.ts';

/** The value of an expression. What it cannot follow is a value of kind `unknown` with the reason; throws Raised and OutOfSteps. */
export function evaluate(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  countStep(machine);
  if (machine.depth >= MAX_DEPTH) return unknown('it is nested too deeply', placeOf(frame.source, node));
  machine.depth++;
  try {
    const value = evaluateNode(machine, frame, node);
    if (value.kind === 'string') countStep(machine, value.value.length >> 10);
    return value;
  } finally {
    machine.depth--;
  }
}

/** Reads a name: locals, globals, built-ins. */
export function lookUp(machine: Machine, frame: Frame, name: string, node: SyntaxNode): Value {
  for (const scope of frame.globalNames.has(name) ? [frame.globals] : [...frame.scopes, frame.globals]) {
    const value = getSlot(machine, scope, name);
    if (value.kind !== 'missing') return value;
  }
  return { kind: 'native', path: `builtins.${name}`, place: placeOf(frame.source, node) };
}

function evaluateNode(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const { source } = frame;
  switch (node.name) {
    case 'String': {
      const text = stringLiteral(textOf(source, node));
      return text === null ? notUnderstood(frame, node) : str(text);
    }
    case 'FormatString':
      return formatString(machine, frame, node);
    case 'ContinuedString':
      return concatenation(machine, frame, node);
    case 'Number':
      return number(frame, node);
    case 'Boolean':
      return bool(textOf(source, node) === 'True');
    case 'None':
      return NONE;
    case 'VariableName':
      return lookUp(machine, frame, textOf(source, node), node);
    case 'ParenthesizedExpression': {
      const [inner] = itemsOf(node);
      return inner === undefined ? notUnderstood(frame, node) : evaluate(machine, frame, inner);
    }
    case 'NamedExpression': {
      const [target, , valueNode] = childrenOf(node);
      if (target === undefined || valueNode === undefined) return notUnderstood(frame, node);
      const value = evaluate(machine, frame, valueNode);
      bind(machine, frame.enclosing ?? frame, target, value);
      return value;
    }
    case 'TupleExpression':
      return { kind: 'tuple', items: evaluateItems(machine, frame, itemsOf(node)) };
    case 'ArrayExpression':
      return newList(machine, evaluateItems(machine, frame, itemsOf(node)));
    case 'SetExpression':
      return newList(machine, evaluateItems(machine, frame, itemsOf(node)), 'set');
    case 'DictionaryExpression':
      return dictionary(machine, frame, node);
    case 'ArrayComprehensionExpression':
    case 'ComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'DictionaryComprehensionExpression':
      return evaluateComprehension(machine, frame, node);
    case 'MemberExpression':
      return evaluateMember(machine, frame, node);
    case 'CallExpression':
      return evaluateCall(machine, frame, node);
    case 'UnaryExpression':
      return unary(machine, frame, node);
    case 'BinaryExpression':
      return binary(machine, frame, node);
    case 'ConditionalExpression':
      return conditional(machine, frame, node);
    case 'LambdaExpression':
      return { kind: 'function', node, source, globals: frame.globals, scopes: frame.scopes, defaults: new Map() };
    default:
      return notUnderstood(frame, node);
  }
}

/** Entries of a list, tuple or argument list; `*more` is spread. */
export function evaluateItems(machine: Machine, frame: Frame, nodes: readonly SyntaxNode[]): Item[] {
  const items: Item[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node === undefined) continue;
    const starred = node.name === '*' ? nodes[++i] : undefined;
    if (starred !== undefined)
      items.push(...spread(machine, evaluate(machine, frame, starred), { place: placeOf(frame.source, node) }));
    else items.push({ value: evaluate(machine, frame, node), when: ALWAYS });
  }
  return items;
}

export function notUnderstood(frame: Frame, node: SyntaxNode): Unknown {
  const what = isErrorNode(node) ? 'something that is no Python' : `a construct that is not evaluated (${node.name})`;
  return unknown(what, placeOf(frame.source, node));
}

function unary(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const [operator, operand] = childrenOf(node);
  if (operator === undefined || operand === undefined) return notUnderstood(frame, node);
  const value = evaluate(machine, frame, operand);
  if (operator.name === 'not') return negate(machine, value, placeOf(frame.source, node));
  const sign = textOf(frame.source, operator);
  if (value.kind !== 'number' || sign === '~') return value.kind === 'unknown' ? value : notUnderstood(frame, node);
  return num(sign === '-' ? -value.value : value.value);
}

/** left operator right; comparisons chain: `a < b < c`. */
function binary(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const children = childrenOf(node);
  const [leftNode, rightNode] = [children[0], children.at(-1)];
  if (leftNode === undefined || rightNode === undefined || children.length < 3) return notUnderstood(frame, node);
  const operators = children.slice(1, -1);
  const operator = operators.map((part) => textOf(frame.source, part)).join(' ');
  const place = placeOf(frame.source, node);
  if (operator === 'and' || operator === 'or') return logical(machine, frame, operator, leftNode, rightNode);
  const comparing = isComparing(operators[0]);
  if (comparing && leftNode.name === 'BinaryExpression' && isComparing(childrenOf(leftNode)[1])) {
    const middle = childrenOf(leftNode).at(-1);
    if (middle === undefined) return notUnderstood(frame, node);
    const first = evaluate(machine, frame, leftNode);
    const second = compare(
      machine,
      operator,
      evaluate(machine, frame, middle),
      evaluate(machine, frame, rightNode),
      place,
    );
    return decide(machine, first, second, 'and', frame, node);
  }
  const left = evaluate(machine, frame, leftNode);
  const right = evaluate(machine, frame, rightNode);
  return comparing
    ? compare(machine, operator, left, right, place)
    : binaryOperation(machine, operator, left, right, place);
}

function isComparing(operator: SyntaxNode | undefined): boolean {
  return operator !== undefined && ['CompareOp', 'in', 'not', 'is'].includes(operator.name);
}

function logical(machine: Machine, frame: Frame, operator: 'and' | 'or', left: SyntaxNode, right: SyntaxNode): Value {
  const first = evaluate(machine, frame, left);
  const truth = truthOf(first, machine.heap, placeOf(frame.source, left));
  const settled = operator === 'and' ? 'never' : 'always';
  if (truth.kind === settled) return first;
  return decide(machine, first, evaluate(machine, frame, right), operator, frame, left);
}

/** `first and second` or `first or second` of two values. */
function decide(
  machine: Machine,
  first: Value,
  second: Value,
  operator: 'and' | 'or',
  frame: Frame,
  node: SyntaxNode,
): Value {
  const truth = truthOf(first, machine.heap, placeOf(frame.source, node));
  const takesSecond = operator === 'and' ? truth : not(truth);
  if (takesSecond.kind === 'always') return second;
  if (takesSecond.kind === 'never') return first;
  const open = unknownIn(truth);
  if (open === null)
    return choose([
      { when: takesSecond, value: second },
      { when: not(takesSecond), value: first },
    ]);
  // Whatever the unknown side is, a false side settles `and`, a true one `or`.
  const other = truthOf(second, machine.heap, placeOf(frame.source, node));
  if (other.kind === (operator === 'and' ? 'never' : 'always')) return bool(operator === 'or');
  return unknown(open.why, open.place);
}

function conditional(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const [whenTrue, , test, , whenFalse] = childrenOf(node);
  if (whenTrue === undefined || test === undefined || whenFalse === undefined) return notUnderstood(frame, node);
  const condition = truthOf(evaluate(machine, frame, test), machine.heap, placeOf(frame.source, test));
  let first: Value = MISSING;
  let second: Value = MISSING;
  fork(
    machine,
    condition,
    () => {
      first = evaluate(machine, frame, whenTrue);
      return true;
    },
    () => {
      second = evaluate(machine, frame, whenFalse);
      return true;
    },
  );
  if (condition.kind === 'always') return first;
  return condition.kind === 'never' ? second : mergeValues(condition, first, second);
}
