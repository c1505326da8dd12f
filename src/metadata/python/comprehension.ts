import type { SyntaxNode } from '@lezer/common';
import { bind } from './assign.ts';
import { ALWAYS, and, type Condition, not, unknownIn } from './condition.ts';
import { spread } from './container-methods.ts';
import { evaluate, notUnderstood } from './expression.ts';
import { type Frame, MAX_ITEMS, type Machine, newList, newTable } from './machine.ts';
import { isErrorNode, itemsOf, placeOf } from './syntax.ts';
import { choose, type Item, keyOf, MISSING, type Slot, truthOf, type Unknown, unknown, type Value } from './value.ts';

interface Clause {
  readonly kind: 'for' | 'if';
  readonly targets: readonly SyntaxNode[];
  readonly expression: SyntaxNode;
}

/**
 * List, set, dict and generator comprehensions over lists that are known; a generator is a list.
 * comprehension = element ("for" targets "in" expression | "if" expression)+
 */
export function evaluateComprehension(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const nodes = itemsOf(node);
  const start = nodes.findIndex((child) => child.name === 'for' || child.name === 'async');
  const clauses = start < 0 ? null : readClauses(nodes.slice(start));
  if (clauses === null) return notUnderstood(frame, node);
  const scopes = [newTable(machine, 'scope'), ...frame.scopes];
  const inner: Frame = { ...frame, scopes, globalNames: new Set(), enclosing: frame.enclosing ?? frame };
  const element = nodes.slice(0, start);
  const isDict = node.name === 'DictionaryComprehensionExpression';
  const items: Item[] = [];
  const slots = new Map<string, Slot>();
  let rest: Unknown | null = null;
  const place = placeOf(frame.source, node);
  const emit = (when: Condition): void => {
    const [first, second] = element;
    if (first === undefined || items.length >= MAX_ITEMS) return;
    const value = evaluate(machine, inner, first);
    if (!isDict || second === undefined) {
      items.push({ value, when });
      return;
    }
    const key = keyOf(value);
    const entry = evaluate(machine, inner, second);
    if (key === null) rest ??= unknown('has a key that is not known', place);
    else
      slots.set(key, {
        value: choose([
          { when, value: entry },
          { when: not(when), value: MISSING },
        ]),
        place,
      });
  };
  const failure = run(machine, inner, clauses, ALWAYS, emit);
  if (isDict) return { kind: 'ref', id: newTable(machine, 'dict', slots, rest ?? failure) };
  if (failure !== null) items.push({ value: failure, when: ALWAYS });
  return newList(machine, items, node.name === 'SetComprehensionExpression' ? 'set' : 'list');
}

/** Runs the clauses from the left; gives why the rest is not known. */
function run(
  machine: Machine,
  frame: Frame,
  clauses: readonly Clause[],
  when: Condition,
  emit: (when: Condition) => void,
): Unknown | null {
  const [clause, ...rest] = clauses;
  if (clause === undefined) {
    emit(when);
    return null;
  }
  const place = placeOf(frame.source, clause.expression);
  if (clause.kind === 'if') {
    const truth = truthOf(evaluate(machine, frame, clause.expression), machine.heap, place);
    if (truth.kind === 'never') return null;
    const open = unknownIn(truth);
    if (open !== null) return unknown(open.why, open.place);
    return run(machine, frame, rest, and([when, truth]), emit);
  }
  let failure: Unknown | null = null;
  for (const item of spread(machine, evaluate(machine, frame, clause.expression), { place })) {
    if (item.value.kind === 'unknown') {
      failure ??= item.value;
      continue;
    }
    const [target] = clause.targets;
    bind(machine, frame, clause.targets.length === 1 && target !== undefined ? target : clause.targets, item.value);
    failure = run(machine, frame, rest, and([when, item.when]), emit) ?? failure;
  }
  return failure;
}

function readClauses(nodes: readonly SyntaxNode[]): Clause[] | null {
  const clauses: Clause[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const keyword = nodes[i]?.name;
    if (keyword === 'if') {
      const expression = nodes[++i];
      if (expression === undefined) return null;
      clauses.push({ kind: 'if', targets: [], expression });
    } else if (keyword === 'for') {
      const end = nodes.findIndex((node, at) => at > i && node.name === 'in');
      const expression = nodes[end + 1];
      if (end < 0 || expression === undefined) return null;
      clauses.push({ kind: 'for', targets: nodes.slice(i + 1, end), expression });
      i = end + 1;
    } else {
      return null;
    }
  }
  return clauses.some(({ expression }) => isErrorNode(expression)) ? null : clauses;
}
