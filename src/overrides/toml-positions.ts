import { parse } from 'toml';

/** A place in a text; line and column from 1, the column in UTF-16 units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** A key of a table or an index of an array. */
export type TomlKey = string | number;

/** Where the keys and the entries of arrays of a TOML text stand. */
export interface TomlPlaces {
  /** The place of the key or entry, or of the nearest one around it that has a place. */
  at(path: readonly TomlKey[]): TextPlace;
}

/**
 * The places of all keys and array entries of a TOML text, because the parser tells only the values. Of a table that is opened
 * several times the first place counts. The text must be valid TOML; of another one the places are of no use.
 */
export function tomlPlaces(text: string): TomlPlaces {
  const places = new Map<string, number>();
  scanDocument({ text, index: 0 }, places);
  return {
    at(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const offset = places.get(placeKey(path.slice(0, length)));
        if (offset !== undefined) return placeOfOffset(text, offset);
      }
      return { line: 1, column: 1 };
    },
  };
}

interface Cursor {
  readonly text: string;
  index: number;
}

// document = { newline | comment | "[" key "]" | "[[" key "]]" | key "=" value }
function scanDocument(cursor: Cursor, places: Map<string, number>): void {
  const arrays = new Map<string, number>();
  let table: readonly TomlKey[] = [];
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
    remember(places, table, start);
  }
}

// `[a.b]` after `[[a]]` belongs to the last entry of the array.
function tablePath(keys: readonly string[], isArray: boolean, arrays: Map<string, number>): readonly TomlKey[] {
  const path: TomlKey[] = [];
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

// pair = key "=" value
function scanPair(cursor: Cursor, table: readonly TomlKey[], places: Map<string, number>): void {
  const start = cursor.index;
  const path = [...table, ...scanKey(cursor)];
  for (let length = table.length + 1; length <= path.length; length += 1) {
    remember(places, path.slice(0, length), start);
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
      keys.push(
        first === '"'
          ? unquoted(cursor.text.slice(start, cursor.index))
          : cursor.text.slice(start + 1, cursor.index - 1),
      );
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
  const table: unknown = parse(`key = ${basicString}`);
  return typeof table === 'object' && table !== null && 'key' in table ? String(table.key) : '';
}

// value = string | array | inline table | word
function scanValue(cursor: Cursor, path: readonly TomlKey[], places: Map<string, number>): void {
  const first = cursor.text[cursor.index];
  if (first === '"' || first === "'") {
    skipString(cursor);
  } else if (first === '[') {
    scanEntries(cursor, ']', (index) => {
      remember(places, [...path, index], cursor.index);
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

function remember(places: Map<string, number>, path: readonly TomlKey[], offset: number): void {
  const key = placeKey(path);
  if (!places.has(key)) places.set(key, offset);
}

function placeKey(path: readonly TomlKey[]): string {
  return JSON.stringify(path);
}

function placeOfOffset(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
