import type { Place } from '../release-facts.ts';
import { ALWAYS } from './condition.ts';
import { joinPath } from './file-paths.ts';
import { allocate, MAX_ITEMS, MAX_TEXT, type Machine, newList, objectOf } from './machine.ts';
import { majorText } from './native-constants.ts';
import { percentFormat } from './text-format.ts';
import { type Item, lift, num, sameValue, str, type Unknown, unknown, type Value } from './value.ts';
import { asVersion } from './version-condition.ts';

/** `left OPERATOR right` for the arithmetic operators, also `left OPERATOR= right` without the effect on a mutable left side. */
export function binaryOperation(machine: Machine, operator: string, left: Value, right: Value, place: Place): Value {
  if (operator === '%' && left.kind === 'string') {
    if (isVersionText(left.value, right)) return { kind: 'version', form: 'text', length: 2 };
    return lift(formattable(right), (values) => {
      const text = percentFormat(left.value, values, machine.heap);
      return text === null ? because(values, `formats ${describe(values)}`, place) : limited(text, place);
    });
  }
  return lift(left, (a) => lift(right, (b) => plainOperation(machine, operator, a, b, place)));
}

/** The entries that a `for` runs over, or why they are not known. */
export function iterate(machine: Machine, value: Value, place: Place): readonly Item[] | Unknown {
  switch (value.kind) {
    case 'tuple':
      return value.items;
    case 'string':
      return [...value.value].slice(0, MAX_ITEMS).map((character) => ({ value: str(character), when: ALWAYS }));
    case 'file':
      return linesOf(value.text).map((line) => ({ value: str(line), when: ALWAYS }));
    case 'ref': {
      const object = machine.heap.get(value.id);
      if (object?.kind === 'list') return object.items;
      if (object?.kind === 'table' && object.type === 'dict') {
        if (object.rest !== null) return object.rest;
        return [...object.slots.keys()].map((key) => ({ value: str(key), when: ALWAYS }));
      }
      break;
    }
    case 'unknown':
      return value;
  }
  return unknown(`iterates over ${describe(value)}`, place);
}

/** Lines with their line ends, as iterating over a file gives them. */
export function linesOf(text: string): string[] {
  return (text.match(/[^\n]*\n|[^\n]+$/gu) ?? []).slice(0, MAX_ITEMS);
}

function because(value: Value, why: string, place: Place): Value {
  return value.kind === 'unknown' ? value : unknown(why, place);
}

/** What a value is, for messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'native':
      return value.path;
    case 'ref':
      return 'an object';
    case 'unknown':
      return value.why;
    default:
      return `a ${value.kind}`;
  }
}

export function limited(text: string, place: Place): Value {
  return text.length > MAX_TEXT ? unknown('a text grows too long', place) : str(text);
}

/** `'%d.%d' % sys.version_info[:2]`. */
function isVersionText(template: string, value: Value): boolean {
  const version = asVersion(value);
  return version?.form === 'tuple' && version.length === 2 && /^%[ds]\.%[ds]$/u.test(template);
}

/** What is formatted, with the major version of Python as its text. */
function formattable(value: Value): Value {
  if (value.kind === 'version') return value.form === 'number' ? majorText() : value;
  if (value.kind !== 'tuple' || !value.items.some((item) => item.value.kind === 'version')) return value;
  return lift(majorText(), (text) => ({
    kind: 'tuple',
    items: value.items.map((item) =>
      item.value.kind === 'version' && item.value.form === 'number' ? { ...item, value: text } : item,
    ),
  }));
}

function plainOperation(machine: Machine, operator: string, a: Value, b: Value, place: Place): Value {
  if (a.kind === 'string' && b.kind === 'string' && operator === '+') return limited(a.value + b.value, place);
  if (a.kind === 'string' && b.kind === 'number' && operator === '*') {
    const times = Math.max(0, Math.trunc(b.value));
    return a.value.length * times > MAX_TEXT ? unknown('a text grows too long', place) : str(a.value.repeat(times));
  }
  if (a.kind === 'number' && b.kind === 'number') return arithmetic(operator, a.value, b.value, place);
  if (operator === '/' && a.kind === 'path' && (b.kind === 'string' || b.kind === 'path')) {
    return { kind: 'path', path: joinPath(a.path, b.kind === 'path' ? b.path : b.value) };
  }
  if (operator === '+' && a.kind === 'tuple' && b.kind === 'tuple')
    return { kind: 'tuple', items: [...a.items, ...b.items] };
  const left = objectOf(machine, a);
  const right = objectOf(machine, b);
  if (left?.kind === 'list' && b.kind === 'number' && operator === '*') {
    const times = Math.max(0, Math.trunc(b.value));
    if (left.items.length * times > MAX_ITEMS) return unknown('a list grows too long', place);
    return newList(machine, Array.from({ length: times }, () => left.items).flat(), left.type);
  }
  if (left?.kind === 'list' && right?.kind === 'list') {
    if (operator === '+' || operator === '|') return newList(machine, [...left.items, ...right.items], left.type);
    const has = (item: Item) => right.items.some((other) => sameValue(other.value, item.value));
    if (operator === '-')
      return newList(
        machine,
        left.items.filter((item) => !has(item)),
        left.type,
      );
    if (operator === '&') return newList(machine, left.items.filter(has), left.type);
  }
  if (operator === '|' && left?.kind === 'table' && right?.kind === 'table') {
    return allocate(machine, {
      ...left,
      slots: new Map([...left.slots, ...right.slots]),
      rest: left.rest ?? right.rest,
    });
  }
  return unknown(`${describe(a)} ${operator} ${describe(b)} is not evaluated`, place);
}

function arithmetic(operator: string, a: number, b: number, place: Place): Value {
  switch (operator) {
    case '+':
      return num(a + b);
    case '-':
      return num(a - b);
    case '*':
      return num(a * b);
    case '**':
      return num(a ** b);
    case '//':
      if (b !== 0) return num(Math.floor(a / b));
  }
  return unknown(`the operator ${operator} is not evaluated`, place);
}
