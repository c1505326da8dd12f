import { callValue } from './call.ts';
import type { CallArguments } from './call-arguments.ts';
import { and, type Condition, not, or, unknownIn } from './condition.ts';
import { normalPath } from './file-paths.ts';
import { executeText } from './import.ts';
import { type Frame, getSlot, MAX_ITEMS, type Machine, newList, newTable, objectOf } from './machine.ts';
import { nativeMember } from './member.ts';
import { plainAttribute } from './methods.ts';
import { onPyPy } from './native-constants.ts';
import { readKept } from './native-files.ts';
import { describe, iterate } from './operators.ts';
import { bool, conditionValue, type Item, itemsFrom, NONE, num, truthOf, unknown, type Value } from './value.ts';

/** Built-in functions that call back, look at attributes, or run text as a program; null for any other. */
export function callHigherOrder(machine: Machine, frame: Frame, path: string, args: CallArguments): Value | null {
  const [first = NONE, second = NONE] = args.positional;
  const { place } = args;
  switch (path) {
    case 'builtins.map':
      return mapItems(machine, frame, first, second, args);
    case 'builtins.filter':
    case 'itertools.filterfalse':
      return filterItems(machine, frame, first, second, args);
    case 'builtins.any':
    case 'builtins.all': {
      const items = iterate(machine, first, place);
      if ('kind' in items) return items;
      const truths = items.map(({ value, when }) =>
        path === 'builtins.any'
          ? and([when, truthOf(value, machine.heap, place)])
          : or([not(when), truthOf(value, machine.heap, place)]),
      );
      return conditionValue(path === 'builtins.any' ? or(truths) : and(truths));
    }
    case 'builtins.zip':
      return zip(machine, args);
    case 'builtins.enumerate': {
      const items = iterate(machine, first, place);
      if ('kind' in items) return items;
      return newList(
        machine,
        items.map((item, i) => ({ ...item, value: { kind: 'tuple', items: itemsFrom([num(i), item.value]) } })),
      );
    }
    case 'builtins.range':
      return first.kind === 'number' && args.positional.length === 1
        ? newList(
            machine,
            itemsFrom(Array.from({ length: Math.min(Math.max(0, first.value), MAX_ITEMS) }, (_, i) => num(i))),
          )
        : null;
    case 'builtins.isinstance':
      return isInstance(machine, first, second);
    case 'builtins.type': {
      const type = args.positional.length === 1 ? typeOf(machine, first) : null;
      return type === null ? null : { kind: 'native', path: `builtins.${type}`, place };
    }
    case 'builtins.hasattr':
      return hasAttribute(machine, first, second);
    case 'builtins.getattr':
      return getAttribute(machine, first, second, args);
    case 'builtins.next': {
      const items = iterate(machine, first, place);
      return 'kind' in items
        ? items
        : (items[0]?.value ?? (args.positional.length > 1 ? second : unknown('takes the next of nothing', place)));
    }
    case 'builtins.compile':
      return first;
    case 'builtins.exec':
      return runText(machine, frame, first, args.positional[1], args);
    case 'builtins.execfile':
      return first.kind === 'string'
        ? runText(machine, frame, readKept(machine, first.value, place), args.positional[1], args)
        : null;
    case 'runpy.run_path': {
      if (first.kind !== 'string') return null;
      const file = readKept(machine, normalPath(first.value), place);
      if (file.kind !== 'file') return file;
      const scope: Value = { kind: 'ref', id: newTable(machine, 'dict') };
      runText(machine, frame, file, scope, args);
      return scope;
    }
    case 'builtins.__import__':
    case 'importlib.import_module':
      return first.kind === 'string' ? { kind: 'native', path: first.value, place } : null;
    default:
      return null;
  }
}

function mapItems(machine: Machine, frame: Frame, callee: Value, list: Value, args: CallArguments): Value {
  const items = iterate(machine, list, args.place);
  if ('kind' in items) return items;
  return newList(
    machine,
    items.map((item) => ({ ...item, value: apply(machine, frame, callee, item, args) })),
  );
}

function filterItems(machine: Machine, frame: Frame, callee: Value, list: Value, args: CallArguments): Value {
  const items = iterate(machine, list, args.place);
  if ('kind' in items) return items;
  const kept: Item[] = [];
  for (const item of items) {
    const verdict = callee.kind === 'none' ? item.value : apply(machine, frame, callee, item, args);
    const truth: Condition = truthOf(verdict, machine.heap, args.place);
    const open = unknownIn(truth);
    if (open !== null) kept.push({ value: unknown(open.why, open.place), when: item.when });
    else if (truth.kind !== 'never') kept.push({ value: item.value, when: and([item.when, truth]) });
  }
  return newList(machine, kept);
}

function apply(machine: Machine, frame: Frame, callee: Value, item: Item, args: CallArguments): Value {
  // `map(str.strip, lines)`: the method of a built-in type, taken from the type.
  const method =
    callee.kind === 'native' ? /^builtins\.(?:str|unicode|bytes)\.(\w+)$/u.exec(callee.path)?.[1] : undefined;
  const one = { positional: [item.value], keywords: new Map(), rest: null, place: args.place };
  if (method !== undefined)
    return callValue(
      machine,
      frame,
      { kind: 'method', receiver: item.value, name: method },
      { ...one, positional: [] },
    );
  return callValue(machine, frame, callee, one);
}

function zip(machine: Machine, args: CallArguments): Value | null {
  const lists = args.positional.map((list) => iterate(machine, list, args.place));
  const known = lists.filter((list): list is readonly Item[] => !('kind' in list));
  if (known.length < lists.length || known.length === 0) return null;
  const length = Math.min(...known.map((list) => list.length));
  const rows = Array.from(
    { length },
    (_, i): Value => ({ kind: 'tuple', items: known.flatMap((list) => list[i] ?? []) }),
  );
  return newList(machine, itemsFrom(rows));
}

function isInstance(machine: Machine, value: Value, type: Value): Value | null {
  const types = type.kind === 'tuple' ? type.items.map((item) => item.value) : [type];
  const names = types.map((one) => (one.kind === 'native' ? one.path.replace(/^builtins\./u, '') : null));
  const object = objectOf(machine, value);
  const own =
    value.kind === 'string'
      ? ['str', 'basestring', 'unicode', 'six.string_types']
      : value.kind === 'tuple'
        ? ['tuple']
        : object?.kind === 'list'
          ? [object.type]
          : object?.kind === 'table'
            ? [object.type]
            : null;
  if (own === null || names.includes(null)) return null;
  return bool(names.some((name) => name !== null && own.includes(name)));
}

function typeOf(machine: Machine, value: Value): string | null {
  if (value.kind === 'string') return 'str';
  if (value.kind === 'boolean') return 'bool';
  if (value.kind === 'tuple') return 'tuple';
  const object = objectOf(machine, value);
  return object?.kind === 'list' || (object?.kind === 'table' && object.type === 'dict') ? object.type : null;
}

function hasAttribute(machine: Machine, object: Value, name: Value): Value | null {
  if (name.kind !== 'string') return null;
  if (object.kind === 'native' && object.path === 'sys' && name.value === 'pypy_version_info') return onPyPy();
  const table = objectOf(machine, object);
  if (table?.kind !== 'table' || object.kind !== 'ref') return null;
  const value = getSlot(machine, object.id, name.value);
  return value.kind === 'unknown' ? null : bool(value.kind !== 'missing');
}

function getAttribute(machine: Machine, object: Value, name: Value, args: CallArguments): Value | null {
  if (name.kind !== 'string') return null;
  if (object.kind === 'native') return nativeMember(machine, object.path, name.value, args.place);
  if (object.kind !== 'ref') return plainAttribute(object, name.value);
  const value = getSlot(machine, object.id, name.value);
  return value.kind === 'missing' ? (args.positional[2] ?? null) : value;
}

/** `exec(text, namespace)`. */
function runText(
  machine: Machine,
  frame: Frame,
  text: Value,
  namespace: Value | undefined,
  args: CallArguments,
): Value | null {
  const program = text.kind === 'file' ? text.text : text.kind === 'string' ? text.value : null;
  const scope =
    namespace === undefined ? (frame.scopes[0] ?? frame.globals) : namespace.kind === 'ref' ? namespace.id : null;
  if (scope === null) return null;
  const table = machine.heap.get(scope);
  if (program === null) {
    const cause = text.kind === 'unknown' ? text : unknown(`executes ${describe(text)}`, args.place);
    if (table?.kind === 'table') machine.heap.set(scope, { ...table, rest: cause });
    return cause;
  }
  executeText(machine, text.kind === 'file' ? text.path : args.place.file, program, scope);
  return NONE;
}
