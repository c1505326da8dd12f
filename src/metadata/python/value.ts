import type { SyntaxNode } from '@lezer/common';
import type { Place } from '../release-facts.ts';
import { ALWAYS, and, type Condition, NEVER, not, or, unknownIn } from './condition.ts';
import type { PythonSource } from './syntax.ts';

/**
 * A Python value as far as reading without running tells it.
 * `ref` stands for a mutable object of the heap; `choice` for a value that depends on interpreter or platform (the
 * conditions exclude each other); `version` for `sys.version_info` and its parts; `native` for what an imported
 * library has under a dotted name; `pattern` and `match` are objects of `re`; `missing` (in dictionaries and scopes only) for no entry.
 */
export type Value =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'tuple'; readonly items: readonly Item[] }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'ref'; readonly id: number }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'pattern'; readonly pattern: string; readonly flags: number }
  | {
      readonly kind: 'match';
      readonly groups: readonly (string | null)[];
      readonly names: ReadonlyMap<string, number>;
    }
  | VersionValue
  | FunctionValue
  | { readonly kind: 'method'; readonly receiver: Value; readonly name: string }
  | { readonly kind: 'native'; readonly path: string; readonly place: Place }
  | Unknown;

/**
 * The version of the interpreter: its first `length` numbers, as a tuple (`sys.version_info[:2]`), as one number (`sys.version_info[0]`, or
 * the second number alone for `minor`), as text (`sys.version[:3]`) or as the one number of `sys.hexversion`.
 */
export interface VersionValue {
  readonly kind: 'version';
  readonly form: 'tuple' | 'number' | 'minor' | 'text' | 'hex';
  readonly length: number;
}

export interface Unknown {
  readonly kind: 'unknown';
  readonly why: string;
  readonly place: Place;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly node: SyntaxNode;
  readonly source: PythonSource;
  readonly globals: number;
  readonly scopes: readonly number[];
  /** Values of parameters that have a default, by name. */
  readonly defaults: ReadonlyMap<string, Value>;
}

export interface Option {
  readonly when: Condition;
  readonly value: Value;
}

/** An entry of a list that is there under a condition only. */
export interface Item {
  readonly value: Value;
  readonly when: Condition;
}

/** Entry of a dictionary, attribute of an object, or name of a scope. */
export interface Slot {
  readonly value: Value;
  readonly place: Place;
}

/**
 * A mutable object. Records of the heap are never changed, only replaced, so that a copy of the heap is a snapshot.
 * `rest` says that there may be more entries than are listed. The keys of `slots` are those of keyOf().
 */
export type HeapObject =
  | { readonly kind: 'list'; readonly type: 'list' | 'set'; readonly items: readonly Item[] }
  | {
      readonly kind: 'table';
      readonly type: TableType;
      readonly slots: ReadonlyMap<string, Slot>;
      readonly rest: Unknown | null;
    };

/** `record` is a class, or the result of a function, of which only some attributes are known; `config` a configparser, with its sections as dictionaries. */
export type TableType = 'dict' | 'scope' | 'extension' | 'requirement' | 'record' | 'config';

export type Heap = Map<number, HeapObject>;

export const NONE: Value = { kind: 'none' };
export const MISSING: Value = { kind: 'missing' };

export function str(value: string): Value {
  return { kind: 'string', value };
}

export function num(value: number): Value {
  return { kind: 'number', value };
}

export function bool(value: boolean): Value {
  return { kind: 'boolean', value };
}

export function unknown(why: string, place: Place): Unknown {
  return { kind: 'unknown', why, place };
}

/** Items that are there without a condition. */
export function itemsFrom(values: readonly Value[]): Item[] {
  return values.map((value) => ({ value, when: ALWAYS }));
}

/** The key of a dictionary entry; null for a value that is not known or not used as one. */
export function keyOf(value: Value): string | null {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
    case 'boolean':
      return `\u0000${Number(value.value)}`;
    case 'none':
      return '\u0000None';
    case 'pattern':
      return `\u0000re ${value.flags} ${value.pattern}`;
    default:
      return null;
  }
}

/** The value that keyOf() made this key of. */
export function keyValue(key: string): Value {
  if (!key.startsWith('\u0000')) return str(key);
  const [, flags, pattern] = /^\0re (\d+) ([\s\S]*)$/u.exec(key) ?? [];
  if (pattern !== undefined) return { kind: 'pattern', pattern, flags: Number(flags) };
  return key === '\u0000None' ? NONE : num(Number(key.slice(1)));
}

/** True, false, or where it depends on interpreter or platform, a value that is chosen by it. */
export function conditionValue(condition: Condition): Value {
  const open = unknownIn(condition);
  return open === null
    ? choose([
        { when: condition, value: bool(true) },
        { when: not(condition), value: bool(false) },
      ])
    : unknown(open.why, open.place);
}

/** One value of several, by condition. Equal ones are joined; a single one stands for itself; too many are unknown. */
export function choose(options: readonly Option[]): Value {
  const flat = options.flatMap(({ when, value }) =>
    value.kind === 'choice'
      ? value.options.map((inner) => ({ when: and([when, inner.when]), value: inner.value }))
      : [{ when, value }],
  );
  const joined: Option[] = [];
  for (const option of flat) {
    if (option.when.kind === 'never') continue;
    const at = joined.findIndex((other) => sameValue(other.value, option.value));
    const same = joined[at];
    if (same === undefined) joined.push(option);
    else joined[at] = { when: or([same.when, option.when]), value: same.value };
  }
  const [first] = joined;
  if (first === undefined) return NONE;
  if (joined.length === 1 || first.when.kind === 'always') return first.value;
  const open = joined.find(({ value }) => value.kind === 'unknown')?.value;
  if (open !== undefined && joined.every(({ value }) => value.kind === 'unknown')) return open;
  for (const { when } of joined) {
    const cause = unknownIn(when);
    if (cause !== null) return unknown(cause.why, cause.place);
  }
  return { kind: 'choice', options: joined };
}

/** Applies a pure function to a value, or to each that it may be. What is not known stays unknown. */
export function lift(value: Value, apply: (value: Value) => Value): Value {
  if (value.kind === 'unknown') return value;
  if (value.kind !== 'choice') return apply(value);
  return choose(value.options.map((option) => ({ when: option.when, value: lift(option.value, apply) })));
}

/** When the value counts as true; `sizeOf` answers for objects of the heap. */
export function truthOf(value: Value, heap: ReadonlyMap<number, HeapObject>, place: Place): Condition {
  switch (value.kind) {
    case 'string':
      return value.value === '' ? NEVER : ALWAYS;
    case 'number':
    case 'boolean':
      return value.value ? ALWAYS : NEVER;
    case 'none':
    case 'missing':
      return NEVER;
    case 'tuple':
      return or(value.items.map((item) => item.when));
    case 'choice':
      return or(value.options.map((option) => and([option.when, truthOf(option.value, heap, place)])));
    case 'ref': {
      const object = heap.get(value.id);
      if (object?.kind === 'list') return or(object.items.map((item) => item.when));
      if (object?.type !== 'dict' || object.slots.size > 0) return ALWAYS;
      return object.rest === null ? NEVER : object.rest;
    }
    case 'unknown':
      return value;
    case 'native':
      if (isModuleOrClass(value.path)) return ALWAYS;
      return { kind: 'unknown', why: `depends on ${value.path}`, place: value.place };
    case 'version':
    case 'pattern':
    case 'match':
    case 'path':
    case 'file':
    case 'function':
    case 'method':
      return ALWAYS;
  }
}

/** An imported module, and what is spelled like a class, is something; a constant or what a function gave may be nothing. */
function isModuleOrClass(path: string): boolean {
  return /^(?:\w+|sys\.implementation)$/u.test(path) || /\.[A-Z]\w*[a-z]\w*$/u.test(path);
}

/** Equal by content for plain values, by identity for objects of the heap. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return b.kind === a.kind && a.value === b.value;
    case 'none':
    case 'missing':
      return true;
    case 'ref':
      return b.kind === 'ref' && a.id === b.id;
    case 'path':
      return b.kind === 'path' && a.path === b.path;
    case 'native':
      return b.kind === 'native' && a.path === b.path;
    case 'function':
      return b.kind === 'function' && a.node.from === b.node.from && a.source === b.source;
    case 'tuple':
      return (
        b.kind === 'tuple' &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => {
          const other = b.items[i];
          return other !== undefined && item.when === other.when && sameValue(item.value, other.value);
        })
      );
    default:
      return false;
  }
}
