import type { SyntaxNode } from '@lezer/common';
import { mergeHeaps, mergeValues } from './branch.ts';
import type { CallArguments } from './call-arguments.ts';
import { evaluate } from './expression.ts';
import { countStep, type Frame, MAX_DEPTH, type Machine, newTable, Raised } from './machine.ts';
import { execute } from './statement.ts';
import { childrenOf, placeOf, statementsOf, textOf } from './syntax.ts';
import { type FunctionValue, itemsFrom, NONE, type Slot, unknown, type Value } from './value.ts';

interface Parameter {
  readonly name: string;
  readonly kind: 'plain' | '*' | '**';
  readonly fallback: SyntaxNode | null;
}

/** Calls a function of the evaluated files. Its result is what it returns, by condition where it returns several things. */
export function callFunction(machine: Machine, callee: FunctionValue, args: CallArguments): Value {
  countStep(machine);
  const parameters = parametersOf(callee);
  if (machine.depth > MAX_DEPTH - 20) return unknown('calls itself too deeply', args.place);
  const slots = bindParameters(machine, callee, parameters, args);
  const frame: Frame = {
    source: callee.source,
    globals: callee.globals,
    scopes: [newTable(machine, 'scope', slots), ...callee.scopes],
    globalNames: new Set(),
    exits: [],
    base: machine.path.length,
    package: '',
  };
  const body = childrenOf(callee.node).at(-1);
  if (body === undefined) return NONE;
  if (callee.node.name === 'LambdaExpression') return evaluate(machine, frame, body);
  machine.depth += 10;
  try {
    return run(machine, frame, statementsOf(body), args);
  } finally {
    machine.depth -= 10;
    machine.path.length = frame.base;
  }
}

/** Runs the body and joins its ways out. */
function run(machine: Machine, frame: Frame, statements: readonly SyntaxNode[], args: CallArguments): Value {
  const fallsThrough = execute(machine, frame, statements);
  const returns = frame.exits.filter((exit) => exit.kind === 'return');
  const last = returns.at(-1);
  if (!fallsThrough && last === undefined) {
    const raise = frame.exits.findLast((exit) => exit.kind === 'raise');
    throw new Raised(raise?.exception ?? 'Exception', 'it raises', args.place);
  }
  let result: Value = fallsThrough || last === undefined ? NONE : last.value;
  if (!fallsThrough && last !== undefined) machine.heap = last.heap;
  for (const exit of (fallsThrough ? returns : returns.slice(0, -1)).toReversed()) {
    result = mergeValues(exit.when, exit.value, result);
    machine.heap = mergeHeaps(exit.when, exit.heap, machine.heap);
  }
  return result;
}

export function parametersOf(callee: {
  readonly node: SyntaxNode;
  readonly source: FunctionValue['source'];
}): Parameter[] {
  const list = childrenOf(callee.node).find((child) => child.name === 'ParamList');
  const nodes = list === undefined ? [] : childrenOf(list);
  const parameters: Parameter[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node?.name !== 'VariableName') continue;
    const before = nodes[i - 1]?.name;
    const assign = nodes.slice(i + 1, i + 3).findIndex((next) => next.name === 'AssignOp');
    const ended = nodes.slice(i + 1, i + 3).findIndex((next) => next.name === ',');
    const fallback = assign >= 0 && (ended < 0 || assign < ended) ? (nodes[i + 2 + assign] ?? null) : null;
    parameters.push({
      name: textOf(callee.source, node),
      kind: before === '*' || before === '**' ? before : 'plain',
      fallback,
    });
    if (fallback !== null) i += 2 + assign;
  }
  return parameters;
}

function bindParameters(
  machine: Machine,
  callee: FunctionValue,
  parameters: readonly Parameter[],
  args: CallArguments,
): Map<string, Slot> {
  const { place } = args;
  const slots = new Map<string, Slot>();
  const named = new Set(parameters.filter(({ kind }) => kind === 'plain').map(({ name }) => name));
  let next = 0;
  for (const { name, kind } of parameters) {
    if (kind === '*') {
      slots.set(name, { value: { kind: 'tuple', items: itemsFrom(args.positional.slice(next)) }, place });
    } else if (kind === '**') {
      const others = [...args.keywords].filter(([key]) => !named.has(key));
      const rest = args.rest?.kind === 'unknown' ? args.rest : null;
      slots.set(name, { value: { kind: 'ref', id: newTable(machine, 'dict', others, rest) }, place });
    } else {
      const keyword = args.keywords.get(name);
      const value = keyword?.value ?? args.positional[next];
      if (keyword === undefined) next++;
      const open = args.rest ?? unknown(`the parameter ${name} gets nothing`, placeOf(callee.source, callee.node));
      slots.set(name, { value: value ?? callee.defaults.get(name) ?? open, place });
    }
  }
  return slots;
}
