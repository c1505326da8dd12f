import type { Place } from '../release-facts.ts';
import type { CallArguments } from './call-arguments.ts';
import { compare } from './comparison.ts';
import { ALWAYS, unknownIn } from './condition.ts';
import { MAX_ITEMS, type Machine, newList, newTable, Raised, tableOf } from './machine.ts';
import { configMethod } from './native-config.ts';
import { describe, iterate } from './operators.ts';
import {
  type HeapObject,
  type Item,
  itemsFrom,
  keyOf,
  keyValue,
  lift,
  MISSING,
  NONE,
  num,
  type Slot,
  sameValue,
  truthOf,
  unknown,
  type Value,
} from './value.ts';

type ListObject = Extract<HeapObject, { kind: 'list' }>;
type TableObject = Extract<HeapObject, { kind: 'table' }>;

/** Methods of lists, sets, tuples and dictionaries, with their effect on the heap; null for those that are not understood. */
export function containerMethod(machine: Machine, receiver: Value, name: string, args: CallArguments): Value | null {
  if (receiver.kind === 'tuple') return listQuery(machine, receiver.items, name, args);
  if (receiver.kind !== 'ref') return null;
  const object = machine.heap.get(receiver.id);
  if (object?.kind === 'list') return listMethod(machine, receiver.id, object, name, args);
  if (object?.type === 'config') return configMethod(machine, receiver.id, name, args);
  return object?.kind === 'table' && object.type === 'dict'
    ? dictMethod(machine, receiver.id, object, name, args)
    : null;
}

function listMethod(machine: Machine, id: number, list: ListObject, name: string, args: CallArguments): Value | null {
  const set = (items: readonly Item[]): Value => {
    machine.heap.set(id, { ...list, items: items.slice(0, MAX_ITEMS) });
    return NONE;
  };
  const first = args.positional[0] ?? NONE;
  switch (name) {
    case 'append':
      return set([...list.items, { value: first, when: ALWAYS }]);
    case 'add':
      return list.items.some((item) => item.when.kind === 'always' && sameValue(item.value, first))
        ? NONE
        : set([...list.items, { value: first, when: ALWAYS }]);
    case 'extend':
    case 'update':
      return set([...list.items, ...args.positional.flatMap((more) => spread(machine, more, args))]);
    case 'union':
      return newList(
        machine,
        [...list.items, ...args.positional.flatMap((more) => spread(machine, more, args))],
        list.type,
      );
    case 'insert': {
      const at = first.kind === 'number' ? first.value : list.items.length;
      return set(list.items.toSpliced(at, 0, { value: args.positional[1] ?? NONE, when: ALWAYS }));
    }
    case 'remove':
      if (isAbsent(list, first) && machine.tries > 0)
        throw new Raised('ValueError', 'it is not in the list', args.place);
      return set(list.items.filter((item) => !sameValue(item.value, first)));
    case 'discard':
      return set(list.items.filter((item) => !sameValue(item.value, first)));
    case 'pop': {
      const at = first.kind === 'number' ? first.value : -1;
      const popped = list.items.at(at);
      if (popped === undefined || popped.when.kind !== 'always') return null;
      set(list.items.toSpliced(at, 1));
      return popped.value;
    }
    case 'clear':
      return set([]);
    case 'reverse':
      return set([...list.items].reverse());
    case 'sort':
      return NONE;
    case 'copy':
      return newList(machine, list.items, list.type);
    case 'intersection':
    case 'difference': {
      const others = args.positional.flatMap((more) => spread(machine, more, args));
      const open = [...list.items, ...others].find((item) => item.value.kind === 'unknown');
      if (open !== undefined) return open.value;
      const has = (item: Item) => others.some((other) => sameValue(other.value, item.value));
      return newList(
        machine,
        list.items.filter((item) => has(item) === (name === 'intersection')),
        list.type,
      );
    }
    default:
      return listQuery(machine, list.items, name, args);
  }
}

function isAbsent(list: ListObject, value: Value): boolean {
  return (
    keyOf(value) !== null && list.items.every((item) => keyOf(item.value) !== null && !sameValue(item.value, value))
  );
}

function listQuery(machine: Machine, items: readonly Item[], name: string, args: CallArguments): Value | null {
  if (name !== 'index' && name !== 'count') return null;
  const tests = items.map((item) =>
    truthOf(compare(machine, '==', item.value, args.positional[0] ?? NONE, args.place), machine.heap, args.place),
  );
  if (tests.some((test) => test.kind !== 'always' && test.kind !== 'never')) return null;
  const found = tests.map((test, i) => (test.kind === 'always' ? i : -1)).filter((i) => i >= 0);
  return name === 'count' ? num(found.length) : found[0] === undefined ? null : num(found[0]);
}

/** `dict.get(key, fallback)`; null where the key is not known. */
function valueFor(dict: TableObject, index: Value, fallback: Value): Value | null {
  const key = keyOf(index);
  if (key === null) return null;
  return lift(dict.slots.get(key)?.value ?? dict.rest ?? MISSING, (one) => (one.kind === 'missing' ? fallback : one));
}

function dictMethod(machine: Machine, id: number, dict: TableObject, name: string, args: CallArguments): Value | null {
  const set = (slots: ReadonlyMap<string, Slot>, rest = dict.rest): void => {
    machine.heap.set(id, { ...dict, slots, rest });
  };
  const present = [...dict.slots].filter(([, slot]) => slot.value.kind !== 'missing');
  const open: Item[] = dict.rest === null ? [] : [{ value: dict.rest, when: ALWAYS }];
  const first = args.positional[0] ?? NONE;
  const key = keyOf(first);
  switch (name) {
    case 'get':
    case 'pop':
    case 'setdefault': {
      const fallback = args.positional[1] ?? args.keywords.get('default')?.value ?? NONE;
      if (key === null) {
        if (name === 'get' && first.kind === 'choice')
          return lift(
            first,
            (one) => valueFor(dict, one, fallback) ?? unknown(`looks up ${describe(one)}`, args.place),
          );
        const open = unknown(`looks up ${describe(first)}`, args.place);
        if (name !== 'get') set(dict.slots, dict.rest ?? open);
        return open;
      }
      const value = dict.slots.get(key)?.value ?? dict.rest ?? MISSING;
      if (name === 'pop') set(new Map([...dict.slots].filter(([other]) => other !== key)));
      const found = lift(value, (one) => (one.kind === 'missing' ? fallback : one));
      if (name === 'setdefault' && found !== value)
        set(new Map(dict.slots).set(key, { value: found, place: args.place }));
      return found;
    }
    case 'update': {
      const slots = new Map(dict.slots);
      let rest = args.rest?.kind === 'unknown' ? args.rest : dict.rest;
      const more = tableOf(machine, first) ?? pairsOf(first, args.place);
      if (more !== null) {
        for (const [name, slot] of more.slots) slots.set(name, slot);
        rest ??= more.rest;
      } else if (first !== NONE) {
        rest = first.kind === 'unknown' ? first : unknown(`updates a dict from ${describe(first)}`, args.place);
      }
      for (const [name, slot] of args.keywords) slots.set(name, slot);
      // Anything may have been replaced, unless it is a list or dict, which stay what they are.
      set(
        rest === dict.rest
          ? slots
          : new Map([...slots].map(([name, slot]) => [name, { ...slot, value: rest ?? slot.value }])),
        rest,
      );
      return NONE;
    }
    case 'copy':
      return { kind: 'ref', id: newTable(machine, 'dict', dict.slots, dict.rest) };
    case 'keys':
    case 'iterkeys':
      return newList(machine, [...itemsFrom(present.map(([name]) => keyValue(name))), ...open]);
    case 'values':
    case 'itervalues':
      return newList(machine, [...itemsFrom(present.map(([, slot]) => slot.value)), ...open]);
    case 'items':
    case 'iteritems':
      return newList(machine, [
        ...itemsFrom(
          present.map(([name, slot]): Value => ({ kind: 'tuple', items: itemsFrom([keyValue(name), slot.value]) })),
        ),
        ...open,
      ]);
    case 'clear':
      set(new Map(), null);
      return NONE;
    default:
      return null;
  }
}

/** The entries of a value for a list that takes them over. */
export function spread(machine: Machine, value: Value, args: Pick<CallArguments, 'place'>): readonly Item[] {
  if (value.kind === 'choice') {
    return value.options.flatMap((option) => {
      const open = unknownIn(option.when);
      if (open !== null) return [{ value: unknown(open.why, open.place), when: ALWAYS }];
      return spread(machine, option.value, args).map((item) => ({
        value: item.value,
        when: joinWhen(option.when, item),
      }));
    });
  }
  const items = iterate(machine, value, args.place);
  return 'kind' in items ? [{ value: items, when: ALWAYS }] : items;
}

function joinWhen(when: Item['when'], item: Item): Item['when'] {
  return item.when.kind === 'always'
    ? when
    : when.kind === 'always'
      ? item.when
      : { kind: 'and', parts: [when, item.when] };
}

/** The entries that a tuple of pairs stands for, as `dict.update` takes it; null for anything else. */
function pairsOf(
  value: Value,
  place: Place,
): { readonly slots: ReadonlyMap<string, Slot>; readonly rest: null } | null {
  if (value.kind !== 'tuple') return null;
  const slots = new Map<string, Slot>();
  for (const { value: pair, when } of value.items) {
    if (pair.kind !== 'tuple' || pair.items.length !== 2 || when.kind !== 'always') return null;
    const [key, entry] = pair.items;
    const name = key === undefined || key.when.kind !== 'always' ? null : keyOf(key.value);
    if (name === null || entry === undefined || entry.when.kind !== 'always') return null;
    slots.set(name, { value: entry.value, place });
  }
  return { slots, rest: null };
}
