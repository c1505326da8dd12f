import type { SyntaxNode } from '@lezer/common';
import { bindName } from './assign.ts';
import { mergeHeaps } from './branch.ts';
import type { Condition } from './condition.ts';
import type { Exit, Frame, Machine } from './machine.ts';
import { execute } from './statement.ts';
import { childrenOf, placeOf, statementsOf, textOf } from './syntax.ts';
import { unknown } from './value.ts';

interface Handler {
  /** The exceptions as they are written; null catches all. */
  readonly types: string | null;
  readonly name: SyntaxNode | null;
  /** Null for one that does nothing. */
  readonly body: SyntaxNode | null;
}

/** "try" body ("except" [types ["as" name]] body)* ["else" body] ["finally" body] */
export function executeTry(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const { body, ...rest } = partsOf(frame, node);
  return body === undefined ? true : guarded(machine, frame, { body, ...rest });
}

/** The body of `with suppress(exceptions):`, which goes on after the body when one of them is raised. `types` are their names. */
export function executeSuppressed(
  machine: Machine,
  frame: Frame,
  { body, types }: { readonly body: SyntaxNode; readonly types: string },
): boolean {
  return guarded(machine, frame, {
    body,
    handlers: [{ types, name: null, body: null }],
    orElse: undefined,
    finallyBody: undefined,
  });
}

interface Parts {
  readonly body: SyntaxNode;
  readonly handlers: readonly Handler[];
  readonly orElse: SyntaxNode | undefined;
  readonly finallyBody: SyntaxNode | undefined;
}

function guarded(machine: Machine, frame: Frame, { body, handlers, orElse, finallyBody }: Parts): boolean {
  const start = machine.path.length;
  const waiting = frame.exits.length;
  const opaqueBefore = machine.opaqueCalls;
  if (handlers.length > 0) machine.tries++;
  let goesOn: boolean;
  try {
    goesOn = execute(machine, frame, statementsOf(body));
  } finally {
    if (handlers.length > 0) machine.tries--;
  }
  const raised = frame.exits.slice(waiting).filter((exit) => exit.kind === 'raise');
  const caught = raised.filter((exit) => handlerOf(handlers, exit.exception) !== undefined);
  frame.exits = frame.exits.filter((exit) => !caught.includes(exit));
  // A call whose effect is not known may have raised as well.
  const [anyHandler] = handlers;
  const mayRaise: Exit[] =
    goesOn && machine.opaqueCalls > opaqueBefore && caught.length === 0 && anyHandler !== undefined
      ? [
          {
            kind: 'raise',
            when: maybe(frame, anyHandler.body ?? body),
            heap: new Map(machine.heap),
            value: unknown('', { file: '' }),
            exception: '',
          },
        ]
      : [];
  if (goesOn && orElse !== undefined) goesOn = execute(machine, frame, statementsOf(orElse));
  for (const exit of [...caught, ...mayRaise]) {
    const handler = handlerOf(handlers, exit.exception) ?? anyHandler;
    if (handler === undefined) continue;
    goesOn = runHandler(machine, frame, { exit, handler, start, goesOn });
  }
  if (finallyBody !== undefined && goesOn) goesOn = execute(machine, frame, statementsOf(finallyBody));
  return goesOn;
}

interface Handling {
  readonly exit: Exit;
  readonly handler: Handler;
  readonly start: number;
  readonly goesOn: boolean;
}

/** Runs a handler on the heap of its exception and joins the result with what the body left. */
function runHandler(machine: Machine, frame: Frame, handling: Handling): boolean {
  const { exit, handler, start, goesOn } = handling;
  const bodyHeap = machine.heap;
  const bodyPath = machine.path;
  machine.heap = new Map(exit.heap);
  machine.path = [...bodyPath.slice(0, start), exit.when];
  if (handler.name !== null) {
    bindName(
      machine,
      frame,
      textOf(frame.source, handler.name),
      unknown('is an exception', placeOf(frame.source, handler.name)),
      handler.name,
    );
  }
  const handled = handler.body === null || execute(machine, frame, statementsOf(handler.body));
  const handlerHeap = machine.heap;
  machine.path = bodyPath;
  if (!handled) {
    machine.heap = bodyHeap;
    return goesOn;
  }
  machine.heap = goesOn ? mergeHeaps(exit.when, handlerHeap, bodyHeap) : handlerHeap;
  // Both ways meet here, so what only the body took for granted no longer holds.
  machine.path = bodyPath.slice(0, start);
  return true;
}

function maybe(frame: Frame, node: SyntaxNode): Condition {
  const why = 'it depends on whether the statements before raise an exception';
  return { kind: 'unknown', why, place: placeOf(frame.source, node) };
}

function handlerOf(handlers: readonly Handler[], exception: string): Handler | undefined {
  const names = CAUGHT_BY[exception] ?? [exception];
  return handlers.find(
    ({ types }) =>
      types === null ||
      types.split(/[^\w.]+/u).some((type) => names.includes(type) || (GENERAL.has(type) && exception !== 'SystemExit')),
  );
}

const GENERAL: ReadonlySet<string> = new Set(['Exception', 'BaseException', 'StandardError']);

const CAUGHT_BY: Readonly<Record<string, readonly string[]>> = Object.assign(Object.create(null), {
  ImportError: ['ImportError', 'ModuleNotFoundError'],
  FileNotFoundError: ['FileNotFoundError', 'IOError', 'OSError', 'EnvironmentError'],
  KeyError: ['KeyError', 'LookupError'],
});

function partsOf(frame: Frame, node: SyntaxNode) {
  const handlers: Handler[] = [];
  let body: SyntaxNode | undefined;
  let orElse: SyntaxNode | undefined;
  let finallyBody: SyntaxNode | undefined;
  let keyword = '';
  let head: SyntaxNode[] = [];
  for (const child of childrenOf(node)) {
    if (child.name === 'Body') {
      if (keyword === 'try') body = child;
      else if (keyword === 'else') orElse = child;
      else if (keyword === 'finally') finallyBody = child;
      else handlers.push({ ...handlerHead(frame, head), body: child });
    } else if (['try', 'except', 'else', 'finally'].includes(child.name)) {
      keyword = child.name;
      head = [];
    } else {
      head.push(child);
    }
  }
  return { body, handlers, orElse, finallyBody };
}

function handlerHead(frame: Frame, head: readonly SyntaxNode[]): Omit<Handler, 'body'> {
  const [types, mark, name] = head.filter((child) => child.name !== '*');
  const named = mark !== undefined && (mark.name === 'as' || mark.name === ',') ? (name ?? null) : null;
  return { types: types === undefined ? null : textOf(frame.source, types), name: named };
}
