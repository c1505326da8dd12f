import { ALWAYS, and, type Condition, not, sameCondition, unknownIn } from './condition.ts';
import { countStep, type Machine } from './machine.ts';
import {
  choose,
  type Heap,
  type HeapObject,
  type Item,
  MISSING,
  type Slot,
  sameValue,
  unknown,
  type Value,
} from './value.ts';

/**
 * Runs both sides of a branch, each on its own copy of the heap, and joins what they did. Each side tells whether the
 * program goes on after it; the answer tells whether it does after any. When only one side goes on, what follows holds
 * under its condition, which stays on `path` until the enclosing function, loop or file takes it off.
 */
export function fork(machine: Machine, condition: Condition, first: () => boolean, second: () => boolean): boolean {
  if (condition.kind === 'always') return first();
  if (condition.kind === 'never') return second();
  countStep(machine, machine.heap.size >> 5);
  const before = machine.heap;
  const length = machine.path.length;
  const side = (when: Condition, run: () => boolean): boolean => {
    machine.heap = new Map(before);
    machine.path.push(when);
    const goesOn = run();
    machine.path.length = length;
    return goesOn;
  };
  const firstGoesOn = side(condition, first);
  const afterFirst = machine.heap;
  const secondGoesOn = side(not(condition), second);
  if (firstGoesOn && secondGoesOn) machine.heap = mergeHeaps(condition, afterFirst, machine.heap);
  else if (firstGoesOn) machine.heap = afterFirst;
  if (firstGoesOn !== secondGoesOn) machine.path.push(firstGoesOn ? condition : not(condition));
  return firstGoesOn || secondGoesOn;
}

/** The heap where `condition` decides between two that came of one. */
export function mergeHeaps(condition: Condition, first: Heap, second: Heap): Heap {
  if (first === second) return first;
  const merged: Heap = new Map(second);
  for (const [id, a] of first) {
    const b = second.get(id);
    merged.set(id, b === undefined || a === b ? a : mergeObjects(condition, a, b));
  }
  return merged;
}

function mergeObjects(condition: Condition, a: HeapObject, b: HeapObject): HeapObject {
  if (a.kind === 'list' && b.kind === 'list') return { ...a, items: mergeItems(condition, a.items, b.items) };
  if (a.kind !== 'table' || b.kind !== 'table') return a;
  const slots = new Map<string, Slot>();
  for (const key of new Set([...a.slots.keys(), ...b.slots.keys()])) {
    const x = a.slots.get(key);
    const y = b.slots.get(key);
    const place = x?.place ?? y?.place;
    if (place === undefined) continue;
    const value =
      x !== undefined && x === y ? x.value : mergeValues(condition, x?.value ?? MISSING, y?.value ?? MISSING);
    slots.set(key, { value, place });
  }
  return { ...a, slots, rest: a.rest ?? b.rest };
}

export function mergeValues(condition: Condition, a: Value, b: Value): Value {
  if (sameValue(a, b)) return a;
  const open = unknownIn(condition);
  if (open !== null) return unknown(open.why, open.place);
  return choose([
    { when: condition, value: a },
    { when: not(condition), value: b },
  ]);
}

/**
 * Common entries stay, what either side has of its own gets the condition. Where that is not known, who asks for all entries is told so, while who asks for the
 * libraries of extensions finds that those in question have none.
 */
function mergeItems(condition: Condition, a: readonly Item[], b: readonly Item[]): Item[] {
  let common = 0;
  while (common < a.length && sameItem(a[common], b[common])) common++;
  const under = (when: Condition, items: readonly Item[]) =>
    items.map((item) => ({ value: item.value, when: and([when, item.when]) }));
  const own = a.length + b.length - 2 * common;
  const open = unknownIn(condition);
  // Entries that are put in front in a loop would double the list in each round.
  if (own > MAX_OWN && own > common) {
    const why = open ?? { why: 'a list depends on too much', place: { file: '' } };
    return [...a.slice(0, common), { value: unknown(why.why, why.place), when: ALWAYS }];
  }
  return [...a.slice(0, common), ...under(condition, a.slice(common)), ...under(not(condition), b.slice(common))];
}

const MAX_OWN = 1000;

function sameItem(a: Item | undefined, b: Item | undefined): boolean {
  return a !== undefined && b !== undefined && sameValue(a.value, b.value) && sameCondition(a.when, b.when);
}
