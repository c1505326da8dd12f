import type { Place } from '../release-facts.ts';
import type { CallArguments, NativeFunction } from './call-arguments.ts';
import { type Machine, newList, newTable, objectOf, tableOf } from './machine.ts';
import { iterate } from './operators.ts';
import { toText } from './text-format.ts';
import { type Item, keyOf, lift, NONE, num, type Slot, unknown, type Value } from './value.ts';

function listOf(type: 'list' | 'set' | 'tuple'): NativeFunction {
  return (machine, args) => {
    const [source] = args.positional;
    if (source === undefined) return type === 'tuple' ? { kind: 'tuple', items: [] } : newList(machine, [], type);
    return lift(source, (value) => {
      const items = iterate(machine, value, args.place);
      if ('kind' in items) return items;
      return type === 'tuple' ? { kind: 'tuple', items } : newList(machine, items, type);
    });
  };
}

function makeDict(machine: Machine, args: CallArguments): Value {
  const slots = new Map<string, Slot>();
  const [source] = args.positional;
  const table = source === undefined ? null : tableOf(machine, source);
  let rest = args.rest?.kind === 'unknown' ? args.rest : null;
  if (table !== null) {
    for (const [key, slot] of table.slots) slots.set(key, slot);
    rest ??= table.rest;
  } else if (source !== undefined) {
    const items = iterate(machine, source, args.place);
    if ('kind' in items) rest = items;
    else {
      for (const { value } of items) {
        const pair = iterate(machine, value, args.place);
        const key = 'kind' in pair || pair[0] === undefined ? null : keyOf(pair[0].value);
        if ('kind' in pair || key === null || pair[1] === undefined)
          rest = unknown('makes a dict of something unknown', args.place);
        else slots.set(key, { value: pair[1].value, place: args.place });
      }
    }
  }
  for (const [key, slot] of args.keywords) slots.set(key, slot);
  return { kind: 'ref', id: newTable(machine, 'dict', slots, rest) };
}

/** `dict.fromkeys(keys, value)`. */
function dictOfKeys(machine: Machine, args: CallArguments): Value {
  const [keys = NONE, value = NONE] = args.positional;
  const items = iterate(machine, keys, args.place);
  if ('kind' in items) return items;
  const slots = new Map<string, Slot>();
  for (const { value: item, when } of items) {
    const key = keyOf(item);
    if (key === null || when.kind !== 'always') return unknown('makes a dict of something unknown', args.place);
    slots.set(key, { value, place: args.place });
  }
  return { kind: 'ref', id: newTable(machine, 'dict', slots) };
}

/** Items of all lists in one list. */
function chain(machine: Machine, lists: readonly Value[], place: Place): Value {
  const items: Item[] = [];
  for (const list of lists) {
    const part = iterate(machine, list, place);
    if ('kind' in part) items.push({ value: part, when: { kind: 'always' } });
    else items.push(...part);
  }
  return newList(machine, items);
}

function size(machine: Machine, args: CallArguments): Value {
  return lift(args.positional[0] ?? NONE, (value) => {
    const items = iterate(machine, value, args.place);
    if ('kind' in items) return items;
    const certain = items.every((item) => item.when.kind === 'always' && item.value.kind !== 'unknown');
    return certain ? num(items.length) : unknown('counts entries that are not known', args.place);
  });
}

function sorted(machine: Machine, args: CallArguments): Value {
  const list = listOf('list')(machine, args);
  const object = objectOf(machine, list);
  if (object?.kind !== 'list') return list;
  const text = (item: Item) => toText(item.value, machine.heap) ?? '';
  const items = [...object.items].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
  return newList(machine, items);
}

function reversed(machine: Machine, args: CallArguments): Value {
  const list = listOf('list')(machine, args);
  const object = objectOf(machine, list);
  return object?.kind === 'list' ? newList(machine, [...object.items].reverse()) : list;
}

/** The argument is a list of lists. */
function chainOfOne(machine: Machine, args: CallArguments): Value {
  const lists = iterate(machine, args.positional[0] ?? NONE, args.place);
  if ('kind' in lists) return lists;
  const values = lists.map((item) => item.value);
  return chain(machine, values, args.place);
}

/** Functions that make and measure lists, sets and dictionaries. */
export const COLLECTION_FUNCTIONS: readonly (readonly [string, NativeFunction])[] = [
  ['builtins.list', listOf('list')],
  ['builtins.iter', listOf('list')],
  ['builtins.set', listOf('set')],
  ['builtins.frozenset', listOf('set')],
  ['builtins.tuple', listOf('tuple')],
  ['builtins.dict', makeDict],
  ['collections.OrderedDict', makeDict],
  ['builtins.dict.fromkeys', dictOfKeys],
  ['collections.OrderedDict.fromkeys', dictOfKeys],
  ['builtins.reversed', reversed],
  ['builtins.sorted', sorted],
  ['builtins.len', size],
  ['builtins.sum', chainOfOne],
  ['itertools.chain', (machine, args) => chain(machine, args.positional, args.place)],
  ['itertools.chain.from_iterable', chainOfOne],
];
