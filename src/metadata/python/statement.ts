import type { SyntaxNode } from '@lezer/common';
import { bind, bindName } from './assign.ts';
import { fork } from './branch.ts';
import { ALWAYS, and } from './condition.ts';
import { spread } from './container-methods.ts';
import { define, defineClass, isPlainlyDecorated } from './definition.ts';
import { evaluate, evaluateItems, lookUp } from './expression.ts';
import { executeImport, importCondition } from './import.ts';
import { executeFor, executeWhile } from './loop.ts';
import { countStep, type Exit, type Frame, type Machine, Raised, setSlot } from './machine.ts';
import { executeMatch } from './match-statement.ts';
import { binaryOperation } from './operators.ts';
import { childrenOf, itemsOf, placeOf, statementsOf, textOf } from './syntax.ts';
import { executeSuppressed, executeTry } from './try.ts';
import { type HeapObject, keyOf, NONE, truthOf, unknown, type Value } from './value.ts';

/** Runs statements in order. Gives whether the program goes on after them; ways out (return, break, raise) are put on the frame. */
export function execute(machine: Machine, frame: Frame, statements: readonly SyntaxNode[]): boolean {
  for (const statement of statements) {
    countStep(machine);
    try {
      if (!executeStatement(machine, frame, statement)) return false;
    } catch (error) {
      if (!(error instanceof Raised)) throw error;
      leave(machine, frame, { kind: 'raise', exception: error.exception });
      return false;
    }
  }
  return true;
}

/** Notes a way out at this point. */
export function leave(
  machine: Machine,
  frame: Frame,
  exit: { kind: Exit['kind']; value?: Value; exception?: string },
): void {
  countStep(machine, machine.heap.size >> 5);
  frame.exits.push({
    kind: exit.kind,
    when: conditionSince(machine, frame.base),
    heap: new Map(machine.heap),
    value: exit.value ?? NONE,
    exception: exit.exception ?? '',
  });
}

export function conditionSince(machine: Machine, base: number): Exit['when'] {
  return machine.path.length > base ? and(machine.path.slice(base)) : ALWAYS;
}

function executeStatement(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  switch (node.name) {
    case 'ImportStatement':
      return guardedImport(machine, frame, node);
    case 'AssignStatement':
      return assign(machine, frame, node);
    case 'UpdateStatement':
      return update(machine, frame, node);
    case 'ExpressionStatement': {
      evaluateItems(machine, frame, itemsOf(node));
      return true;
    }
    case 'IfStatement':
      return branch(machine, frame, childrenOf(node));
    case 'TryStatement':
      return executeTry(machine, frame, node);
    case 'MatchStatement':
      return executeMatch(machine, frame, node);
    case 'ForStatement':
      return executeFor(machine, frame, node);
    case 'WhileStatement':
      return executeWhile(machine, frame, node);
    case 'WithStatement':
      return withBlock(machine, frame, node);
    case 'FunctionDefinition':
      define(machine, frame, node);
      return true;
    case 'ClassDefinition':
      defineClass(machine, frame, node);
      return true;
    case 'DecoratedStatement': {
      const definition = childrenOf(node).at(-1);
      if (definition?.name === 'FunctionDefinition' && isPlainlyDecorated(frame.source, node)) {
        define(machine, frame, definition);
        return true;
      }
      const name =
        definition === undefined ? undefined : childrenOf(definition).find((child) => child.name === 'VariableName');
      const value = unknown('is decorated', placeOf(frame.source, node));
      if (name !== undefined) bindName(machine, frame, textOf(frame.source, name), value, node);
      return true;
    }
    case 'ReturnStatement': {
      const items = evaluateItems(machine, frame, itemsOf(node).slice(1));
      const [first] = items;
      const value: Value = first === undefined ? NONE : items.length === 1 ? first.value : { kind: 'tuple', items };
      leave(machine, frame, { kind: 'return', value });
      return false;
    }
    case 'BreakStatement':
      leave(machine, frame, { kind: 'break' });
      return false;
    case 'ContinueStatement':
      leave(machine, frame, { kind: 'continue' });
      return false;
    case 'RaiseStatement':
      throw new Raised(
        /^raise\s+([\w.]+)/u.exec(textOf(frame.source, node))?.[1] ?? 'Exception',
        'it raises',
        placeOf(frame.source, node),
      );
    case 'ScopeStatement':
      if (childrenOf(node)[0]?.name === 'global')
        for (const name of itemsOf(node).slice(1)) frame.globalNames.add(textOf(frame.source, name));
      return true;
    case 'DeleteStatement':
      for (const target of itemsOf(node).slice(1))
        if (!deleteEntry(machine, frame, target))
          bind(machine, frame, target, unknown('is deleted', placeOf(frame.source, node)));
      return true;
    default:
      return true;
  }
}

/** `del list[0]`, `del list[:]`, `del dict[key]`; tells whether it is a known entry. */
function deleteEntry(machine: Machine, frame: Frame, target: SyntaxNode): boolean {
  const [objectNode, mark, keyNode, ...rest] = childrenOf(target);
  if (target.name !== 'MemberExpression' || objectNode === undefined || keyNode === undefined || rest.length !== 1)
    return false;
  if (mark?.name !== '[') return false;
  const object = evaluate(machine, frame, objectNode);
  if (keyNode.name === ':') {
    const whole = object.kind === 'ref' ? machine.heap.get(object.id) : undefined;
    if (object.kind !== 'ref' || whole?.kind !== 'list') return false;
    machine.heap.set(object.id, { ...whole, items: [] });
    return true;
  }
  const key = evaluate(machine, frame, keyNode);
  const list = object.kind === 'ref' ? machine.heap.get(object.id) : undefined;
  const name = keyOf(key);
  if (object.kind === 'ref' && list?.kind === 'table' && list.type === 'dict' && name !== null) {
    if (!list.slots.has(name)) return false;
    const slots = new Map([...list.slots].filter(([other]) => other !== name));
    machine.heap.set(object.id, { ...list, slots });
    return true;
  }
  if (object.kind !== 'ref' || list?.kind !== 'list' || key.kind !== 'number') return false;
  if (list.items.at(key.value) === undefined || list.items.some(({ when }) => when.kind !== 'always')) return false;
  machine.heap.set(object.id, { ...list, items: list.items.toSpliced(key.value, 1) });
  return true;
}

/** An import that may fail leaves to the handler of the `try` around it, on the interpreters where it fails. */
function guardedImport(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const condition = machine.tries > 0 ? importCondition(machine, frame, node) : ALWAYS;
  const goesOn = fork(
    machine,
    condition,
    () => true,
    () => {
      leave(machine, frame, { kind: 'raise', exception: 'ImportError' });
      return false;
    },
  );
  if (goesOn) executeImport(machine, frame, node);
  return goesOn;
}

/** targets ("=" targets)* "=" values */
function assign(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const groups: SyntaxNode[][] = [[]];
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') groups.push([]);
    else if (child.name !== 'TypeDef') groups.at(-1)?.push(child);
  }
  const values = groups.pop() ?? [];
  if (groups.length === 0) return true;
  const [only] = values;
  const hasComma = values.some((child) => child.name === ',');
  const value: Value =
    only !== undefined && !hasComma
      ? evaluate(machine, frame, only)
      : {
          kind: 'tuple',
          items: evaluateItems(
            machine,
            frame,
            values.filter((child) => child.name !== ','),
          ),
        };
  for (const group of groups) {
    const targets = group.filter((child) => child.name !== ',');
    const [target] = targets;
    bind(machine, frame, targets.length === 1 && target !== undefined && group.length === 1 ? target : targets, value);
  }
  return true;
}

/** `target += value` and its like; lists grow in place, as they do in Python. */
function update(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const [target, operatorNode, valueNode] = childrenOf(node);
  if (target === undefined || operatorNode === undefined || valueNode === undefined) return true;
  const operator = textOf(frame.source, operatorNode).slice(0, -1);
  const place = placeOf(frame.source, node);
  const old =
    target.name === 'VariableName'
      ? lookUp(machine, frame, textOf(frame.source, target), target)
      : evaluate(machine, frame, target);
  const value = evaluate(machine, frame, valueNode);
  const object: HeapObject | undefined = old.kind === 'ref' ? machine.heap.get(old.id) : undefined;
  if (old.kind === 'ref' && object?.kind === 'list' && (operator === '+' || operator === '|')) {
    machine.heap.set(old.id, { ...object, items: [...object.items, ...spread(machine, value, { place })] });
    return true;
  }
  if (old.kind === 'ref' && object?.kind === 'table' && operator === '|' && value.kind === 'ref') {
    const more = machine.heap.get(value.id);
    if (more?.kind === 'table') for (const [key, slot] of more.slots) setSlot(machine, old.id, key, slot);
    return true;
  }
  bind(machine, frame, target, binaryOperation(machine, operator, old, value, place));
  return true;
}

/** "if" test body ("elif" test body)* ["else" body] */
function branch(machine: Machine, frame: Frame, nodes: readonly SyntaxNode[]): boolean {
  const [keyword, test, body, ...rest] = nodes;
  if (keyword === undefined) return true;
  if (keyword.name === 'else') return test === undefined || execute(machine, frame, statementsOf(test));
  if (test === undefined || body === undefined) return true;
  const condition = truthOf(evaluate(machine, frame, test), machine.heap, placeOf(frame.source, test));
  return fork(
    machine,
    condition,
    () => execute(machine, frame, statementsOf(body)),
    () => branchSafely(machine, frame, rest),
  );
}

/** The test of an `elif` may raise; that is a way out of this side only. */
function branchSafely(machine: Machine, frame: Frame, nodes: readonly SyntaxNode[]): boolean {
  try {
    return branch(machine, frame, nodes);
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    leave(machine, frame, { kind: 'raise', exception: error.exception });
    return false;
  }
}

/** "with" expression ["as" name] ("," expression ["as" name])* body: a context manager is taken for what it is made of. */
function withBlock(machine: Machine, frame: Frame, node: SyntaxNode): boolean {
  const nodes = itemsOf(node);
  const body = nodes.at(-1);
  for (let i = 0; i < nodes.length - 1; i++) {
    const item = nodes[i];
    if (item === undefined || ['with', 'async', 'as'].includes(item.name) || nodes[i - 1]?.name === 'as') continue;
    const types = suppressedTypes(machine, frame, item);
    if (types !== null && body !== undefined && nodes.length <= 3)
      return executeSuppressed(machine, frame, { body, types });
    const value = evaluate(machine, frame, item);
    const target = nodes[i + 1]?.name === 'as' ? nodes[i + 2] : undefined;
    if (target !== undefined) bind(machine, frame, target, value);
  }
  return body === undefined || execute(machine, frame, statementsOf(body));
}

/** The names of the exceptions that `contextlib.suppress(...)` passes over; null for another context manager. */
function suppressedTypes(machine: Machine, frame: Frame, node: SyntaxNode): string | null {
  const [callee, list] = childrenOf(node);
  if (node.name !== 'CallExpression' || callee === undefined || list === undefined) return null;
  if (!textOf(frame.source, callee).endsWith('suppress')) return null;
  const suppress = evaluate(machine, frame, callee);
  if (suppress.kind !== 'native' || suppress.path !== 'contextlib.suppress') return null;
  const types = itemsOf(list)
    .map((argument) => evaluate(machine, frame, argument))
    .flatMap((value) => (value.kind === 'tuple' ? value.items.map((item) => item.value) : [value]));
  return types.map((type) => (type.kind === 'native' ? type.path.replace(/^builtins\./u, '') : '')).join(' ');
}
