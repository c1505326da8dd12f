import type { SyntaxNode } from '@lezer/common';
import { ALWAYS } from './condition.ts';
import { evaluate } from './expression.ts';
import { type Frame, type Machine, newList, setSlot } from './machine.ts';
import { versionPart } from './member.ts';
import { iterate } from './operators.ts';
import { childrenOf, itemsOf, placeOf, textOf } from './syntax.ts';
import { taint } from './taint.ts';
import { keyOf, type Slot, unknown, type Value } from './value.ts';

/** Binds a target of an assignment, `for` or `with`: a name, `object.name`, `object[key]`, or several of these that unpack the value. */
export function bind(machine: Machine, frame: Frame, target: SyntaxNode | readonly SyntaxNode[], value: Value): void {
  if (!isNode(target)) {
    unpack(machine, frame, target, value);
    return;
  }
  switch (target.name) {
    case 'VariableName':
      bindName(machine, frame, textOf(frame.source, target), value, target);
      break;
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'ParenthesizedExpression':
      unpack(machine, frame, itemsOf(target), value);
      break;
    case 'MemberExpression':
      bindMember(machine, frame, target, value);
  }
}

export function bindName(machine: Machine, frame: Frame, name: string, value: Value, node: SyntaxNode): void {
  const scope = frame.globalNames.has(name) ? frame.globals : (frame.scopes[0] ?? frame.globals);
  setSlot(machine, scope, name, { value, place: placeOf(frame.source, node) });
}

function isNode(target: SyntaxNode | readonly SyntaxNode[]): target is SyntaxNode {
  return 'name' in target;
}

function unpack(machine: Machine, frame: Frame, targets: readonly SyntaxNode[], value: Value): void {
  const [only] = targets;
  const place = placeOf(frame.source, only ?? frame.source.root);
  if (targets.length === 1 && only !== undefined && value.kind !== 'tuple') {
    bind(machine, frame, only, value);
    return;
  }
  if (value.kind === 'version' && value.form === 'tuple' && value.length === targets.length) {
    // `major, minor = sys.version_info[:2]`
    for (const [i, target] of targets.entries())
      bind(machine, frame, target, versionPart(value, i) ?? unknown('unpacks something unknown', place));
    return;
  }
  const star = targets.findIndex(({ name }) => name === '*');
  if (star >= 0) {
    unpackStarred(machine, frame, { targets, star, value });
    return;
  }
  const items = iterate(machine, value, place);
  const fits =
    !('kind' in items) && items.length === targets.length && items.every(({ when }) => when.kind === 'always');
  for (const [i, target] of targets.entries()) {
    const part = fits ? items[i]?.value : undefined;
    bind(machine, frame, target, part ?? unknown('unpacks something unknown', place));
  }
}

/** `first, *others = values`: the starred name takes a list of what the others leave. */
function unpackStarred(
  machine: Machine,
  frame: Frame,
  { targets, star, value }: { readonly targets: readonly SyntaxNode[]; readonly star: number; readonly value: Value },
): void {
  const place = placeOf(frame.source, targets[star] ?? frame.source.root);
  const before = targets.slice(0, star);
  const after = targets.slice(star + 2);
  const items = iterate(machine, value, place);
  const fits =
    !('kind' in items) &&
    items.length >= before.length + after.length &&
    items.every(({ when, value: item }) => when.kind === 'always' && item.kind !== 'unknown');
  const known = fits ? items : [];
  const open = unknown('unpacks something unknown', place);
  const end = known.length - after.length;
  for (const [i, target] of before.entries()) bind(machine, frame, target, known[i]?.value ?? open);
  for (const [i, target] of after.entries()) bind(machine, frame, target, known[end + i]?.value ?? open);
  const rest = targets[star + 1];
  if (rest !== undefined) bind(machine, frame, rest, fits ? newList(machine, items.slice(before.length, end)) : open);
}

function bindMember(machine: Machine, frame: Frame, target: SyntaxNode, value: Value): void {
  const [objectNode, mark, ...rest] = childrenOf(target);
  if (objectNode === undefined) return;
  const object = evaluate(machine, frame, objectNode);
  const place = placeOf(frame.source, target);
  const [keyNode] = rest;
  if (object.kind === 'ref' && mark?.name === '.' && keyNode !== undefined) {
    setSlot(machine, object.id, textOf(frame.source, keyNode), { value, place });
    return;
  }
  if (object.kind === 'native' && mark?.name === '.' && keyNode !== undefined) {
    // `sys.path = ["tools"] + sys.path`
    const path = `${object.path}.${textOf(frame.source, keyNode)}`;
    if (machine.libraryObjects.has(path)) machine.libraryObjects.set(path, value);
    return;
  }
  const key = rest.length === 2 && keyNode !== undefined ? evaluate(machine, frame, keyNode) : null;
  const options = object.kind === 'choice' && key !== null ? object.options.map((option) => option.value) : [];
  // Each of several objects that a condition chooses from gets the entry.
  if (
    options.length > 0 &&
    options.every((one) => one.kind === 'ref' && setEntry(machine, one.id, key ?? one, { value, place }))
  )
    return;
  if (object.kind === 'ref' && key !== null && setEntry(machine, object.id, key, { value, place })) return;
  taint(machine, object, unknown('changes an entry that is not known', place));
}

/** `object[key] = value`; tells whether the key is known. */
function setEntry(machine: Machine, id: number, key: Value, slot: Slot): boolean {
  const object = machine.heap.get(id);
  const name = keyOf(key);
  if (object?.kind === 'table' && name !== null) {
    setSlot(machine, id, name, slot);
    return true;
  }
  if (object?.kind !== 'list' || key.kind !== 'number' || object.items.at(key.value)?.when.kind !== 'always')
    return false;
  const at = key.value < 0 ? object.items.length + key.value : key.value;
  machine.heap.set(id, { ...object, items: object.items.with(at, { value: slot.value, when: ALWAYS }) });
  return true;
}
