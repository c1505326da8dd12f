import type { SyntaxNode } from '@lezer/common';
import { bindName } from './assign.ts';
import { parametersOf } from './call-function.ts';
import { evaluate } from './expression.ts';
import type { Frame, Machine } from './machine.ts';
import { childrenOf, itemsOf, placeOf, textOf } from './syntax.ts';
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

/** Instances of classes are not followed; one that is made of Extension is an extension. */
export function defineClass(machine: Machine, frame: Frame, node: SyntaxNode): void {
  const [name, bases] = childrenOf(node).filter((child) => child.name === 'VariableName' || child.name === 'ArgList');
  if (name === undefined) return;
  const className = textOf(frame.source, name);
  const isExtension =
    bases !== undefined && itemsOf(bases).some((base) => /Extension$/u.test(textOf(frame.source, base)));
  const place = placeOf(frame.source, node);
  const opaque: Unknown = unknown(`is made by the class ${className}`, place);
  bindName(
    machine,
    frame,
    className,
    isExtension ? { kind: 'native', path: `${className}.Extension`, place } : opaque,
    node,
  );
}
