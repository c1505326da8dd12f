import { parse } from 'toml';
import { oneLine } from '../base/text.ts';
import { offsetInString } from './toml-string.ts';

/** A place in a text; line and column from 1, the column in UTF-16 units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A key of a table or an index of an array. */
export type TextKey = string | number;

/** Where the keys and the entries of arrays of a TOML or JSON text stand. */
export interface TextPlaces {
  /** The place of the key or entry, or of the nearest one around it that has a place. */
  at(path: readonly TextKey[]): TextPlace;
  /** The place of a character of the text at the path, by its index in UTF-16 units; of what is no text as `at`. */
  within(path: readonly TextKey[], index: number): TextPlace;
}

/** A decoded table. It may have any own key, `__proto__` too. */
export type TextTable = Readonly<Record<string, unknown>>;

/** What is wrong with a text, and where. */
export interface TextFault {
  readonly place: TextPlace;
  /** A clause without a final full stop. */
  readonly text: string;
}

/** Deeper nesting comes from nobody who means well and would exhaust the stack. */
const DEEPEST = 100;

/**
 * The table of a TOML document, or what is wrong with it. Offset date-times are `Date` (to the millisecond), other dates and times
 * are texts. Integers beyond 2^53 are faults, because their value would be lost.
 */
export function readToml(text: string): { readonly table: TextTable } | { readonly fault: TextFault } {
  try {
    const table: unknown = parse(text, { maxDepth: DEEPEST });
    return { table: isTable(table) ? table : {} };
  } catch (thrown) {
    return { fault: tomlFault(thrown, text) };
  }
}

/** The value of a JSON document, or what is wrong with it. */
export function readJson(text: string): { readonly value: unknown } | { readonly fault: TextFault } {
  try {
    return { value: JSON.parse(text.replace(/^\ufeff/u, ' ')) };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    const offset = /at position (\d+)/u.exec(thrown.message)?.[1];
    const place = placeOfOffset(text, offset === undefined ? text.length : Number(offset));
    const why = offset === undefined ? 'it ends too early' : `${shown(text, Number(offset))} is not expected here`;
    return { fault: { place, text: `this is no JSON: ${why}` } };
  }
}

export function isTable(value: unknown): value is TextTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/**
 * The places of all keys and array entries of a TOML text, because the parser tells only the values. Of a table that is opened
 * several times the first place counts. The text must be valid TOML; of another one the places are of no use.
 */
export function tomlPlaces(text: string): TextPlaces {
  const places: Places = { keys: new Map(), strings: new Map() };
  scanDocument({ text, index: 0 }, places);
  return placesIn(text, places);
}

/** The same for a JSON text, which must be valid. */
export function jsonPlaces(text: string): TextPlaces {
  const places: Places = { keys: new Map(), strings: new Map() };
  const cursor = { text, index: 0 };
  skipBlank(cursor);
  scanValue(cursor, [], places);
  return placesIn(text, places);
}

/** Offsets by path: of the keys and entries, and of the opening quotes of texts. */
interface Places {
  readonly keys: Map<string, number>;
  readonly strings: Map<string, number>;
}

function placesIn(text: string, { keys, strings }: Places): TextPlaces {
  const offsetOf = (path: readonly TextKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = keys.get(placeKey(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return 0;
  };
  return {
    at: (path) => placeOfOffset(text, offsetOf(path)),
    within: (path, index) => {
      const quote = strings.get(placeKey(path));
      return placeOfOffset(text, quote === undefined ? offsetOf(path) : offsetInString(text, quote, index));
    },
  };
}

/** What the parser of TOML found wrong: it throws either what its grammar expected, with a location, or a sentence with line and column. Other errors pass. */
export function tomlFault(thrown: unknown, text: string): TextFault {
  if (!(thrown instanceof Error)) throw thrown;
  if (isPlace(thrown)) {
    const { line, column } = thrown;
    // The rest of its message about long integers is advice for programmers.
    return { place: { line, column }, text: oneLine(thrown.message).replace(/\. Use the .*$|\.$/u, '') };
  }
  const start = 'location' in thrown && isTable(thrown.location) ? thrown.location.start : undefined;
  if (!isPlace(start)) throw thrown;
  const place = { line: start.line, column: start.column };
  const lines = text.split('\n');
  const found = lines[place.line - 1]?.[place.column - 1];
  const end = place.line === lines.length && lines.length > 1 ? 'the text' : 'the line';
  const why = found === undefined ? `${end} ends too early` : `${shown(found, 0)} is not expected here`;
  return { place, text: `this is no TOML: ${why}` };
}

function isPlace(value: unknown): value is TextPlace {
  return (
    typeof value === 'object' &&
    value !== null &&
    'line' in value &&
    typeof value.line === 'number' &&
    'column' in value &&
    typeof value.column === 'number'
  );
}

function shown(text: string, offset: number): string {
  const character = text.charAt(offset);
  if (!/[\p{Cc}\p{Cf}]/u.test(character)) return `\`${oneLine(character) || ' '}\``;
  return `the control character U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

interface Cursor {
  readonly text: string;
  index: number;
}

// document = { newline | comment | "[" key "]" | "[[" key "]]" | key "=" value }
function scanDocument(cursor: Cursor, places: Places): void {
  const arrays = new Map<string, number>();
  let table: readonly TextKey[] = [];
  for (;;) {
    skipBlank(cursor);
    const start = cursor.index;
    const first = cursor.text[start];
    if (first === undefined) return;
    if (first !== '[') {
      scanPair(cursor, table, places);
      continue;
    }
    const isArray = cursor.text.startsWith('[[', start);
    cursor.index += isArray ? 2 : 1;
    const keys = scanKey(cursor);
    cursor.index += isArray ? 2 : 1;
    table = tablePath(keys, isArray, arrays);
    remember(places.keys, table, start);
  }
}

// `[a.b]` after `[[a]]` belongs to the last entry of the array.
function tablePath(keys: readonly string[], isArray: boolean, arrays: Map<string, number>): readonly TextKey[] {
  const path: TextKey[] = [];
  for (const [position, key] of keys.entries()) {
    path.push(key);
    const count = arrays.get(placeKey(path));
    if (isArray && position === keys.length - 1) {
      arrays.set(placeKey(path), (count ?? 0) + 1);
      path.push(count ?? 0);
    } else if (count !== undefined) {
      path.push(count - 1);
    }
  }
  return path;
}

// pair = key ( "=" | ":" ) value
function scanPair(cursor: Cursor, table: readonly TextKey[], places: Places): void {
  const start = cursor.index;
  const path = [...table, ...scanKey(cursor)];
  for (let length = table.length + 1; length <= path.length; length += 1) {
    remember(places.keys, path.slice(0, length), start);
  }
  cursor.index += 1;
  skipBlank(cursor);
  scanValue(cursor, path, places);
}

// key = simple { "." simple }; stops at what follows the key
function scanKey(cursor: Cursor): string[] {
  const keys: string[] = [];
  for (;;) {
    skipBlank(cursor);
    const start = cursor.index;
    const first = cursor.text[start];
    if (first === '"' || first === "'") {
      skipString(cursor);
      const text = cursor.text.slice(start, cursor.index);
      keys.push(first === '"' ? unquoted(text) : text.slice(1, -1));
    } else {
      while (/[\w-]/u.test(cursor.text[cursor.index] ?? '')) cursor.index += 1;
      keys.push(cursor.text.slice(start, cursor.index));
    }
    skipBlank(cursor);
    if (cursor.text[cursor.index] !== '.') return keys;
    cursor.index += 1;
  }
}

function unquoted(basicString: string): string {
  const read = readToml(`key = ${basicString}`);
  return 'table' in read ? String(read.table.key) : basicString.slice(1, -1);
}

// value = string | array | table in braces | word
function scanValue(cursor: Cursor, path: readonly TextKey[], places: Places): void {
  const first = cursor.text[cursor.index];
  if (path.length > DEEPEST) cursor.index = cursor.text.length;
  else if (first === '"' || first === "'") {
    remember(places.strings, path, cursor.index);
    skipString(cursor);
  } else if (first === '[') {
    scanEntries(cursor, ']', (index) => {
      remember(places.keys, [...path, index], cursor.index);
      scanValue(cursor, [...path, index], places);
    });
  } else if (first === '{') {
    scanEntries(cursor, '}', () => scanPair(cursor, path, places));
  } else {
    while (/[^\s,\]}#]/u.test(cursor.text[cursor.index] ?? '')) cursor.index += 1;
  }
}

function scanEntries(cursor: Cursor, end: string, scanEntry: (index: number) => void): void {
  cursor.index += 1;
  for (let index = 0; ; index += 1) {
    skipBlank(cursor);
    if (cursor.index >= cursor.text.length) return;
    if (cursor.text[cursor.index] === end) break;
    const before = cursor.index;
    scanEntry(index);
    skipBlank(cursor);
    if (cursor.text[cursor.index] === ',' || cursor.index === before) cursor.index += 1;
  }
  cursor.index += 1;
}

function skipString(cursor: Cursor): void {
  const quote = cursor.text[cursor.index] ?? '';
  const fence = cursor.text.startsWith(quote.repeat(3), cursor.index) ? quote.repeat(3) : quote;
  cursor.index += fence.length;
  while (cursor.index < cursor.text.length && !cursor.text.startsWith(fence, cursor.index)) {
    cursor.index += quote === '"' && cursor.text[cursor.index] === '\\' ? 2 : 1;
  }
  cursor.index += fence.length;
  // Up to two quotes may stand right before the closing three.
  while (fence.length === 3 && cursor.text[cursor.index] === quote) cursor.index += 1;
}

function skipBlank(cursor: Cursor): void {
  for (;;) {
    const character = cursor.text[cursor.index];
    if (character === '#') {
      const end = cursor.text.indexOf('\n', cursor.index);
      cursor.index = end < 0 ? cursor.text.length : end;
    } else if (character !== undefined && /[\s\ufeff]/u.test(character)) cursor.index += 1;
    else return;
  }
}

function remember(places: Map<string, number>, path: readonly TextKey[], offset: number): void {
  const key = placeKey(path);
  if (!places.has(key)) places.set(key, offset);
}

function placeKey(path: readonly TextKey[]): string {
  return JSON.stringify(path);
}

function placeOfOffset(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
