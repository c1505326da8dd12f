import type { SyntaxNode } from '@lezer/common';
import { bind } from './assign.ts';
import { fork, mergeHeaps } from './branch.ts';
import { type Condition, unknownIn } from './condition.ts';
import { spread } from './container-methods.ts';
import { evaluate, lookUp } from './expression.ts';
import { countStep, type Exit, type Frame, type Machine } from './machine.ts';
import { conditionSince, execute } from './statement.ts';
import { childrenOf, itemsOf, nodesOf, placeOf, statementsOf, textOf } from './syntax.ts';
import { taint } from './taint.ts';
import { type Item, truthOf, type Unknown, unknown } from './value.ts';

/** "for" targets "in" expression body ["else" body] */
export function executeFor(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const nodes = itemsOf(node).filter((child) => child.name !== 'async');
  const at = nodes.findIndex((child) => child.name === 'in');
  const targets = nodes.slice(1, at);
  const bodyAt = nodes.findIndex((child) => child.name === 'Body');
  const body = nodes[bodyAt];
  const lists = nodes.slice(at + 1, bodyAt);
  const [list] = lists;
  if (at < 0 || body === undefined || list === undefined) return true;
  const statements = statementsOf(body);
  const place = placeOf(frame.source, list);
  const items = lists.flatMap((one): readonly Item[] => {
    const value = evaluate(machine, frame, one);
    return lists.length > 1 ? [{ value, when: { kind: 'always' } }] : spread(machine, value, { place });
  });
  const [target] = targets;
  const once = (item: Item): boolean => {
    bind(machine, frame, targets.length === 1 && target !== undefined ? target : targets, item.value);
    return execute(machine, frame, statements);
  };
  return loop(machine, frame, nodes.slice(bodyAt + 1), function* () {
    for (const item of items) {
      // An entry that is not known stands for any number of rounds, also none.
      const when: Condition = item.value.kind === 'unknown' ? asCondition(item.value) : item.when;
      yield () =>
        fork(
          machine,
          when,
          () => once(item),
          () => true,
        );
    }
  });
}

/** "while" test body ["else" body]. One whose end is not known is given up, with everything that its body names. */
export function executeWhile(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const [, test, body, ...rest] = itemsOf(node);
  if (test === undefined || body === undefined) return true;
  const statements = statementsOf(body);
  return loop(machine, frame, rest, function* () {
    for (let round = 0; ; round++) {
      countStep(machine);
      const condition = truthOf(evaluate(machine, frame, test), machine.heap, placeOf(frame.source, test));
      if (condition.kind === 'never') return;
      if (round >= MAX_ROUNDS || frame.exits.some((exit) => unknownIn(exit.when) !== null)) {
        forgetNames(machine, frame, body);
        return;
      }
      yield () =>
        fork(
          machine,
          condition,
          () => execute(machine, frame, statements),
          () => true,
        );
      if (condition.kind !== 'always') return;
    }
  });
}

const MAX_ROUNDS = 1000;

/** Makes unknown whatever the block names. */
function forgetNames(machine: Machine, frame: Frame, body: SyntaxNode): void {
  const cause = unknown('is changed in a loop whose end is not known', placeOf(frame.source, body));
  for (const node of nodesOf(body)) {
    if (node.name === 'AssignStatement' || node.name === 'UpdateStatement') {
      const [target] = childrenOf(node);
      if (target !== undefined) bind(machine, frame, target, cause);
    }
    if (node.name === 'VariableName') taint(machine, lookUp(machine, frame, textOf(frame.source, node), node), cause);
  }
}

/** Runs the rounds; each round's `continue` joins its end, and every `break` joins the end of the loop. */
function loop(
  machine: Machine,
  frame: Frame,
  rest: readonly SyntaxNode[],
  rounds: () => Iterable<() => boolean>,
): boolean {
  const outer = { exits: frame.exits, base: frame.base };
  const before = machine.path.length;
  const breaks: Exit[] = [];
  const others: Exit[] = [];
  let goesOn = true;
  const whole = conditionSince(machine, outer.base);
  for (const round of rounds()) {
    frame.exits = [];
    frame.base = before;
    goesOn = round();
    goesOn = joinExits(
      machine,
      frame.exits.filter((exit) => exit.kind === 'continue'),
      goesOn,
    );
    breaks.push(...frame.exits.filter((exit) => exit.kind === 'break'));
    others.push(...frame.exits.filter((exit) => exit.kind === 'return' || exit.kind === 'raise'));
    if (!goesOn) break;
  }
  frame.base = outer.base;
  frame.exits = [...outer.exits, ...others.map((exit) => ({ ...exit, when: within(whole, exit.when) }))];
  const [keyword, orElse] = rest;
  if (goesOn && keyword?.name === 'else' && orElse !== undefined)
    goesOn = execute(machine, frame, statementsOf(orElse));
  goesOn = joinExits(machine, breaks, goesOn);
  if (others.length === 0) machine.path.length = before;
  return goesOn;
}

function joinExits(machine: Machine, exits: readonly Exit[], goesOn: boolean): boolean {
  let joined = goesOn;
  for (const exit of exits.toReversed()) {
    machine.heap = joined ? mergeHeaps(exit.when, exit.heap, machine.heap) : exit.heap;
    joined = true;
  }
  return joined;
}

function within(outer: Condition, inner: Condition): Condition {
  if (outer.kind === 'always') return inner;
  return inner.kind === 'always' ? outer : { kind: 'and', parts: [outer, inner] };
}

function asCondition(value: Unknown): Condition {
  return { kind: 'unknown', why: value.why, place: value.place };
}
