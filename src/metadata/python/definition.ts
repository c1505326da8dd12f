import type { SyntaxNode } from '@lezer/common';
import { bindName } from './assign.ts';
import { parametersOf } from './call-function.ts';
import { evaluate } from './expression.ts';
import { type Frame, type Machine, newTable } from './machine.ts';
import { execute } from './statement.ts';
import { childrenOf, itemsOf, type PythonSource, placeOf, statementsOf, textOf } from './syntax.ts';
import { type Unknown, unknown, type Value } from './value.ts';

/** Binds the name of a function to what calling it will run. */
export function define(machine: Machine, frame: Frame, node: SyntaxNode): void {
  const { source, globals, scopes } = frame;
  const name = childrenOf(node).find((child) => child.name === 'VariableName');
  if (name === undefined) return;
  const defaults = new Map<string, Value>();
  for (const parameter of parametersOf({ node, source })) {
    if (parameter.fallback !== null) defaults.set(parameter.name, evaluate(machine, frame, parameter.fallback));
  }
  bindName(machine, frame, textOf(source, name), { kind: 'function', node, source, globals, scopes, defaults }, node);
}

/** A class with what its body says; its instances, and what it inherits, are not followed. One that is made of Extension is an extension. */
export function defineClass(machine: Machine, frame: Frame, node: SyntaxNode): void {
  const [name, bases] = childrenOf(node).filter((child) => child.name === 'VariableName' || child.name === 'ArgList');
  if (name === undefined) return;
  const className = textOf(frame.source, name);
  const isExtension =
    bases !== undefined && itemsOf(bases).some((base) => /Extension$/u.test(textOf(frame.source, base)));
  const place = placeOf(frame.source, node);
  const made: Value = isExtension
    ? { kind: 'native', path: `${className}.Extension`, place }
    : classObject(machine, frame, node, unknown(`is made by the class ${className}`, place));
  bindName(machine, frame, className, made, node);
}

/** The names that the body binds; functions only where they take no instance. */
function classObject(machine: Machine, frame: Frame, node: SyntaxNode, opaque: Unknown): Value {
  const body = childrenOf(node).find((child) => child.name === 'Body');
  const scope = newTable(machine, 'scope');
  const base = machine.path.length;
  const inner: Frame = {
    ...frame,
    ...{ scopes: [scope, ...frame.scopes], globalNames: new Set<string>(), exits: [], base },
  };
  const isWhole = body === undefined || execute(machine, inner, statementsOf(body));
  machine.path.length = base;
  const table = machine.heap.get(scope);
  if (!isWhole || inner.exits.length > 0 || table?.kind !== 'table') return opaque;
  const slots = new Map(
    [...table.slots].map(([key, slot]) => [key, { ...slot, value: outsideOf(slot.value, frame, opaque) }]),
  );
  return { kind: 'ref', id: newTable(machine, 'record', slots, opaque) };
}

/** Names of the body are no names of its functions. */
function outsideOf(value: Value, { scopes }: Frame, opaque: Unknown): Value {
  if (value.kind !== 'function') return value;
  return value.node.parent?.name === 'DecoratedStatement' ? { ...value, scopes } : opaque;
}

/** Whether a decorated function is called as if it were not decorated: static methods, and results that are kept. */
export function isPlainlyDecorated(source: PythonSource, node: SyntaxNode): boolean {
  const decorators = childrenOf(node).filter((child) => child.name === 'Decorator');
  return decorators.every((decorator) =>
    /^@(?:staticmethod|(?:functools\.)?(?:lru_cache|cache)(?:\([^()]*\))?)$/u.test(textOf(source, decorator).trim()),
  );
}
