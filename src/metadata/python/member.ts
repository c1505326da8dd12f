import type { SyntaxNode } from '@lezer/common';
import { evaluate, notUnderstood } from './expression.ts';
import { submodule } from './import.ts';
import { type Frame, getSlot, type Machine, newList, objectOf, Raised, setSlot } from './machine.ts';
import { plainAttribute } from './methods.ts';
import { nativeConstant } from './native-constants.ts';
import { groupOf } from './native-regex.ts';
import { describe } from './operators.ts';
import { childrenOf, placeOf, textOf } from './syntax.ts';
import { keyOf, lift, str, unknown, type Value, type VersionValue } from './value.ts';

/** `object.name`, `object[key]` and `object[from:to]`. */
export function evaluateMember(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const [objectNode, ...rest] = childrenOf(node);
  if (objectNode === undefined) return notUnderstood(frame, node);
  const object = evaluate(machine, frame, objectNode);
  const property = rest.at(-1);
  if (rest[0]?.name === '.' && property !== undefined)
    return attribute(machine, frame, object, textOf(frame.source, property), node);
  const inner = rest.slice(1, -1);
  if (inner.some((part) => part.name === ':')) return slice(machine, frame, object, inner, node);
  const [key] = inner;
  if (key === undefined || inner.length > 1) return notUnderstood(frame, node);
  return subscript(machine, frame, object, evaluate(machine, frame, key), node);
}

/** `value.name`. */
export function attribute(machine: Machine, frame: Frame, object: Value, name: string, node: SyntaxNode): Value {
  const place = placeOf(frame.source, node);
  switch (object.kind) {
    case 'native':
      return nativeMember(machine, object.path, name, place);
    case 'unknown':
      return object;
    case 'version':
      if (name === 'major') return versionPart(object, 0) ?? notUnderstood(frame, node);
      if (name === 'minor') return versionPart(object, 1) ?? notUnderstood(frame, node);
      break;
    case 'ref': {
      const target = machine.heap.get(object.id);
      if (target?.kind !== 'table' || target.type === 'dict' || target.type === 'config') break;
      const value = getSlot(machine, object.id, name);
      if (value.kind !== 'missing') return value;
      if (target.type === 'scope')
        return submodule(machine, object.id, name) ?? unknown(`${name} is not defined`, place);
      // An extension has an empty list for what it was not given.
      const empty = newList(machine, []);
      setSlot(machine, object.id, name, { value: empty, place });
      return empty;
    }
    case 'choice':
      if (object.options.every(({ value }) => value.kind === 'native' || value.kind === 'path')) {
        return lift(object, (value) => attribute(machine, frame, value, name, node));
      }
  }
  return plainAttribute(object, name) ?? { kind: 'method', receiver: object, name };
}

/** What a library has under a name: a value that is known, or the name itself. */
export function nativeMember(
  machine: Machine,
  path: string,
  name: string,
  place: { file: string; line?: number },
): Value {
  const whole = `${path}.${name}`;
  return nativeConstant(machine, whole) ?? { kind: 'native', path: whole, place };
}

/** `value[key]` */
function subscript(machine: Machine, frame: Frame, object: Value, key: Value, node: SyntaxNode): Value {
  const place = placeOf(frame.source, node);
  return lift(object, (target) =>
    lift(key, (index) => {
      if (target.kind === 'version' && index.kind === 'number')
        return versionPart(target, index.value) ?? notUnderstood(frame, node);
      if (target.kind === 'string' && index.kind === 'number') return str(target.value.at(index.value) ?? '');
      if (target.kind === 'match') return groupOf(target, index, place);
      const found = objectOf(machine, target);
      const items = target.kind === 'tuple' ? target.items : found?.kind === 'list' ? found.items : null;
      if (items !== null && index.kind === 'number') {
        const item = items.at(index.value);
        if (items.every(({ when }) => when.kind === 'always') && item !== undefined) return item.value;
        return unknown('takes an entry that is not known', place);
      }
      const name = keyOf(index);
      if (found?.kind === 'table' && name !== null) {
        const value = getSlot(machine, target.kind === 'ref' ? target.id : -1, name);
        if (value.kind !== 'missing')
          return lift(value, (one) => (one.kind === 'missing' ? unknown(`there may be no ${name}`, place) : one));
        if (machine.tries > 0) throw new Raised('KeyError', name, place);
        return unknown(`there is no entry ${name}`, place);
      }
      return unknown(`takes an entry of ${describe(target)}`, place);
    }),
  );
}

function slice(machine: Machine, frame: Frame, object: Value, inner: readonly SyntaxNode[], node: SyntaxNode): Value {
  const bounds: (number | undefined)[] = [undefined, undefined, undefined];
  let at = 0;
  for (const part of inner) {
    if (part.name === ':') {
      at++;
      continue;
    }
    const value = evaluate(machine, frame, part);
    if (value.kind !== 'number')
      return value.kind === 'none'
        ? notUnderstood(frame, node)
        : unknown('slices at something unknown', placeOf(frame.source, node));
    bounds[at] = value.value;
  }
  const [from, to, step] = bounds;
  const isBackwards = step === -1 && from === undefined && to === undefined;
  if (step !== undefined && step !== 1 && !isBackwards) return notUnderstood(frame, node);
  return lift(object, (target) => {
    if (isBackwards && objectOf(machine, target)?.kind !== 'list') return notUnderstood(frame, node);
    if (target.kind === 'string') return str(target.value.slice(from, to));
    if (target.kind === 'tuple') return { kind: 'tuple', items: target.items.slice(from, to) };
    if (target.kind === 'version' && (from ?? 0) === 0 && to !== undefined && to > 0)
      return versionStart(target, to) ?? notUnderstood(frame, node);
    const list = objectOf(machine, target);
    const certain =
      list?.kind === 'list' &&
      list.items.every(({ when, value }) => when.kind === 'always' && value.kind !== 'unknown');
    return certain
      ? newList(machine, isBackwards ? list.items.toReversed() : list.items.slice(from, to), list.type)
      : unknown(`slices ${describe(target)}`, placeOf(frame.source, node));
  });
}

/** `sys.version_info[0]`, `[1]`; null where nothing is compared with that part. */
export function versionPart(version: VersionValue, index: number): Value | null {
  if (version.form === 'hex') return null;
  if (version.form === 'text') return index === 0 ? { ...version, length: 1 } : null;
  if (index === 0) return { kind: 'version', form: 'number', length: 1 };
  return index === 1 && version.length > 1 ? { kind: 'version', form: 'minor', length: 1 } : null;
}

/** `version_info[:2]`; of the text, `[:3]` is taken for the first two numbers as its writers meant it. */
function versionStart(version: VersionValue, length: number): Value | null {
  if (version.form === 'tuple') return { ...version, length: Math.min(version.length, length) };
  if (version.form !== 'text') return null;
  return length === 1 || length === 3 ? { ...version, length: length === 1 ? 1 : 2 } : null;
}
