import type { Place } from '../release-facts.ts';
import type { Machine } from './machine.ts';
import type { Slot, Value } from './value.ts';

/** What a call passes. `rest` is set where there may be more than is listed (`*unknown`, `**unknown`). */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Slot>;
  readonly rest: Value | null;
  readonly place: Place;
}

/** A function of a library that is understood. */
export type NativeFunction = (machine: Machine, args: CallArguments) => Value;
