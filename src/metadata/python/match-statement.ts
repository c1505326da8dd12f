import type { SyntaxNode } from '@lezer/common';
import { bind } from './assign.ts';
import { fork } from './branch.ts';
import { compare } from './comparison.ts';
import { ALWAYS, and, type Condition, or } from './condition.ts';
import { evaluate } from './expression.ts';
import type { Frame, Machine } from './machine.ts';
import { execute } from './statement.ts';
import { childrenOf, itemsOf, nodesOf, placeOf, statementsOf } from './syntax.ts';
import { truthOf, unknown, type Value } from './value.ts';

/**
 * Follows a `match` statement over literals, `|` and names. Where a pattern has another form, it is not known whether its case is taken.
 * Gives whether the program goes on after it.
 * match = "match" subject ":" ("case" pattern ["if" test] ":" body)+
 */
export function executeMatch(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const [, subject, body] = childrenOf(node);
  if (subject === undefined || body === undefined) return true;
  const clauses = childrenOf(body).filter(({ name }) => name === 'MatchClause');
  return tryCases(machine, frame, { value: evaluate(machine, frame, subject), clauses });
}

function tryCases(
  machine: Machine,
  frame: Frame,
  { value, clauses }: { readonly value: Value; readonly clauses: readonly SyntaxNode[] },
): boolean {
  const [clause, ...rest] = clauses;
  if (clause === undefined) return true;
  const [, pattern, ...parts] = itemsOf(clause);
  const body = parts.at(-1);
  if (pattern === undefined || body === undefined) return true;
  const fits = matches(machine, frame, pattern, value);
  const guard = parts.find(({ name }) => name === 'Guard');
  const test = guard === undefined ? undefined : itemsOf(guard)[1];
  const holds =
    test === undefined ? ALWAYS : truthOf(evaluate(machine, frame, test), machine.heap, placeOf(frame.source, test));
  return fork(
    machine,
    and([fits, holds]),
    () => execute(machine, frame, statementsOf(body)),
    () => tryCases(machine, frame, { value, clauses: rest }),
  );
}

/** When a value fits a pattern; a name takes the value. */
function matches(machine: Machine, frame: Frame, pattern: SyntaxNode, value: Value): Condition {
  const place = placeOf(frame.source, pattern);
  const [inner] = itemsOf(pattern);
  switch (pattern.name) {
    case 'CapturePattern':
      if (inner !== undefined) bind(machine, frame, inner, value);
      return ALWAYS;
    case 'LiteralPattern': {
      if (inner === undefined) break;
      const isEqual = compare(machine, '==', value, evaluate(machine, frame, inner), place);
      return truthOf(isEqual, machine.heap, place);
    }
    case 'OrPattern':
      return or(
        itemsOf(pattern)
          .filter(({ name }) => name !== 'LogicOp')
          .map((one) => matches(machine, frame, one, value)),
      );
  }
  for (const name of capturedNames(pattern)) bind(machine, frame, name, unknown('comes from a pattern', place));
  return truthOf(unknown('depends on a pattern of match', place), machine.heap, place);
}

/** The names that a pattern binds, at any depth. */
function capturedNames(pattern: SyntaxNode): SyntaxNode[] {
  return [...nodesOf(pattern)].filter(({ name }) => name === 'VariableName');
}
