import { ALWAYS } from './condition.ts';
import type { Machine } from './machine.ts';
import type { Unknown, Value } from './value.ts';

/** Marks everything that can be reached from a value as not known, because something unknown could change it. */
export function taint(machine: Machine, value: Value, cause: Unknown): void {
  if (value.kind === 'choice') for (const option of value.options) taint(machine, option.value, cause);
  if (value.kind !== 'ref') return;
  const object = machine.heap.get(value.id);
  if (object?.kind === 'list') {
    if (object.items.at(-1)?.value === cause) return;
    machine.heap.set(value.id, { ...object, items: [...object.items, { value: cause, when: ALWAYS }] });
    for (const item of object.items) taint(machine, item.value, cause);
  } else if (
    (object?.type === 'dict' || object?.type === 'record' || object?.type === 'config') &&
    object.rest !== cause
  ) {
    const slots = new Map(
      [...object.slots].map(([key, slot]) => [key, { ...slot, value: taintedSlot(slot.value, cause) }]),
    );
    machine.heap.set(value.id, { ...object, slots, rest: cause });
    for (const slot of object.slots.values()) taint(machine, slot.value, cause);
  }
}

function taintedSlot(value: Value, cause: Unknown): Value {
  return value.kind === 'ref' ? value : cause;
}
