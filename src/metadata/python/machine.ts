import type { Place } from '../release-facts.ts';
import type { Condition } from './condition.ts';
import type { PythonSource } from './syntax.ts';
import {
  choose,
  type Heap,
  type HeapObject,
  type Item,
  itemsFrom,
  MISSING,
  type Slot,
  str,
  type TableType,
  type Unknown,
  type Value,
} from './value.ts';

/** The files that the evaluated program may read: those of the sdist, by path relative to its root. */
export interface PythonFiles {
  /** The text; null where it is not there or was not kept. */
  text(path: string): string | null;
  kind(path: string): 'file' | 'directory' | null;
  /** Names in a folder, in order. */
  list(path: string): readonly string[];
  /** Files that were parsed, by their text: several readers look at the same ones. */
  readonly parsed?: Map<string, PythonSource>;
}

/** A call of `setup()` with the keyword arguments it got, and the heap at that moment. */
export interface SetupCall {
  readonly place: Place;
  readonly when: Condition;
  readonly keywords: ReadonlyMap<string, Slot>;
  /** Set where there may be more keywords than are listed. */
  readonly rest: Unknown | null;
  readonly heap: ReadonlyMap<number, HeapObject>;
}

/** The state of an evaluation. One machine evaluates one setup.py with the modules of the sdist that it imports. */
export interface Machine {
  heap: Heap;
  nextId: number;
  steps: number;
  /** Where counting steps ends: lower while a module of the sdist is imported, so that it does not use up all. */
  stepLimit: number;
  depth: number;
  /** What is taken to hold at this point, see fork(). */
  path: Condition[];
  /** How many `try` statements are open: within one, a failure is an exception and not an unknown. */
  tries: number;
  /** Calls so far whose effect is not known, so that an exception handler may have run. */
  opaqueCalls: number;
  readonly files: PythonFiles;
  readonly opened: Set<string>;
  readonly setupCalls: SetupCall[];
  readonly modules: Map<string, Value>;
  /** PEP 503 names of projects that are there whenever it runs: `build-system.requires`. */
  readonly installed: ReadonlySet<string>;
  /** Folders of the sdist that `sys.path` named when something was imported. */
  readonly searched: Set<string>;
  /** Mutable objects of libraries, by dotted name: `sys.argv`. */
  readonly libraryObjects: Map<string, Value>;
}

export const MAX_STEPS = 100_000;
export const MAX_DEPTH = 400;
export const MAX_TEXT = 1 << 20;
export const MAX_ITEMS = 10_000;

export function createMachine(files: PythonFiles, installed: ReadonlySet<string> = new Set()): Machine {
  const machine: Machine = {
    ...{ heap: new Map(), nextId: 1, steps: 0, stepLimit: MAX_STEPS, depth: 0, path: [], tries: 0, opaqueCalls: 0 },
    ...{ files, opened: new Set<string>(), setupCalls: [], modules: new Map() },
    ...{ installed, searched: new Set<string>(), libraryObjects: new Map() },
  };
  // A build front end calls `setup.py bdist_wheel`, and Nix builds with an environment of its own.
  machine.libraryObjects.set('sys.argv', newList(machine, itemsFrom([str('setup.py'), str('bdist_wheel')])));
  machine.libraryObjects.set('sys.path', newList(machine, itemsFrom([str('.')])));
  machine.libraryObjects.set('os.environ', { kind: 'ref', id: newTable(machine, 'dict') });
  return machine;
}

/** How a statement leaves what it stands in, under which condition, and the heap at that moment. */
export interface Exit {
  readonly kind: 'return' | 'break' | 'continue' | 'raise';
  readonly when: Condition;
  readonly heap: Heap;
  readonly value: Value;
  /** The exception's name. */
  readonly exception: string;
}

/** Where code runs: its file, its scopes (innermost first, the globals apart) and the exits that wait for their boundary. */
export interface Frame {
  readonly source: PythonSource;
  readonly globals: number;
  readonly scopes: readonly number[];
  readonly globalNames: Set<string>;
  exits: Exit[];
  /** Length of `path` where the innermost boundary began. */
  base: number;
  /** Dotted name of the package that relative imports start from. */
  readonly package: string;
  /** In a comprehension, where it stands: `:=` binds its name there (PEP 572). */
  readonly enclosing?: Frame;
}

/** A Python exception on its way up. */
export class Raised extends Error {
  readonly exception: string;
  readonly place: Place;
  constructor(exception: string, message: string, place: Place) {
    super(message);
    this.exception = exception;
    this.place = place;
  }
}

/** The evaluation took more steps than a setup.py needs. */
export class OutOfSteps extends Error {}

/** Counts work; what is large counts more, so that neither time nor memory grows beyond bounds. */
export function countStep(machine: Machine, work = 1): void {
  machine.steps += work;
  if (machine.steps > machine.stepLimit) throw new OutOfSteps('it takes too many steps to evaluate');
}

export function allocate(machine: Machine, object: HeapObject): Value {
  const id = machine.nextId++;
  machine.heap.set(id, object);
  return { kind: 'ref', id };
}

export function newList(machine: Machine, items: readonly Item[], type: 'list' | 'set' = 'list'): Value {
  countStep(machine, items.length >> 3);
  return allocate(machine, { kind: 'list', type, items: items.slice(0, MAX_ITEMS) });
}

export function newTable(
  machine: Machine,
  type: TableType,
  slots: Iterable<readonly [string, Slot]> = [],
  rest: Unknown | null = null,
): number {
  const id = machine.nextId++;
  machine.heap.set(id, { kind: 'table', type, slots: new Map(slots), rest });
  return id;
}

export function objectOf(machine: { readonly heap: ReadonlyMap<number, HeapObject> }, value: Value): HeapObject | null {
  return value.kind === 'ref' ? (machine.heap.get(value.id) ?? null) : null;
}

/** The entries of a dictionary; of several that a condition chooses from, all, each with its condition. Null for no dictionary. */
export function tableOf(
  machine: { readonly heap: ReadonlyMap<number, HeapObject> },
  value: Value,
): { readonly slots: ReadonlyMap<string, Slot>; readonly rest: Unknown | null } | null {
  const object = objectOf(machine, value);
  if (object?.kind === 'table') return object;
  if (value.kind !== 'choice') return null;
  const slots = new Map<string, Slot>();
  let rest: Unknown | null = null;
  const tables = value.options.map((option) => ({ when: option.when, table: tableOf(machine, option.value) }));
  for (const { table } of tables) {
    if (table === null) return null;
    rest ??= table.rest;
    for (const [key, { place }] of table.slots) {
      const options = tables.map((one) => ({ when: one.when, value: one.table?.slots.get(key)?.value ?? MISSING }));
      slots.set(key, { value: choose(options), place });
    }
  }
  return { slots, rest };
}

export function getSlot(machine: Machine, id: number, name: string): Value {
  const table = machine.heap.get(id);
  if (table?.kind !== 'table') return MISSING;
  return table.slots.get(name)?.value ?? table.rest ?? MISSING;
}

export function setSlot(machine: Machine, id: number, name: string, slot: Slot): void {
  const table = machine.heap.get(id);
  if (table?.kind !== 'table') return;
  machine.heap.set(id, { ...table, slots: new Map(table.slots).set(name, slot) });
}
