import { isTable, type TextTable } from './toml-text.ts';

/** A key and its value as TOML, null where it is left out. */
export type Line = readonly [key: string, value: string | null];

/**
 * basic-string = '"' *( character / escape ) '"'; literal-string = "'" *character "'", for what would need escapes otherwise.
 * Everything that a terminal could obey or hide is escaped.
 */
export function tomlString(text: string): string {
  const whole = text.replace(/\p{Cs}/gu, '\ufffd');
  if (/["\\]/u.test(whole) && !whole.includes("'") && !HIDDEN.test(whole)) return `'${whole}'`;
  return `"${whole.replace(/["\\]/gu, '\\$&').replace(ALL_HIDDEN, escapeOf)}"`;
}

const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const ALL_HIDDEN = new RegExp(HIDDEN, 'gu');
const SHORT: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

function escapeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return SHORT.get(character) ?? (code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`);
}

/** key = bare-key / basic-string */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/u.test(key) ? key : tomlString(key);
}

/** An RFC 3339 time as offset date-time. Throws for what is none. */
export function tomlDateTime(time: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u.test(time))
    throw new Error(`no RFC 3339 time: ${JSON.stringify(time)}`);
  return time;
}

/** inline-table = "{" [ pair *( "," pair ) ] "}", keys in the order of the table */
export function tomlInline(table: TextTable): string {
  const pairs = Object.entries(table).map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/**
 * The table under its header `[path]`: first its values, then its tables under headers of their own, and lists of tables as `[[path]]`.
 * Keys stay in their order within these. Blocks are parted by blank lines; no line end after the last.
 */
export function tomlDocument(table: TextTable, path: readonly string[]): string {
  return blocksOf(table, path, '[').join('\n\n');
}

function blocksOf(table: TextTable, path: readonly string[], bracket: '[' | '[['): string[] {
  const own: string[] = [];
  const inner: string[] = [];
  for (const [key, value] of Object.entries(table)) {
    const inside = [...path, key];
    if (isTable(value)) inner.push(...blocksOf(value, inside, '['));
    else if (isListOfTables(value)) for (const entry of value) inner.push(...blocksOf(entry, inside, '[['));
    else own.push(`${tomlKey(key)} = ${tomlValue(value, '\n    ')}`);
  }
  // A table of nothing but tables needs no header of its own.
  const isNeeded = own.length > 0 || inner.length === 0 || bracket === '[[';
  const header = `${bracket}${path.map(tomlKey).join('.')}${bracket === '[' ? ']' : ']]'}`;
  return [...(isNeeded ? [[header, ...own].join('\n')] : []), ...inner];
}

function isListOfTables(value: unknown): value is readonly TextTable[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

// Entries of a list stand on lines of their own where `separator` has a line end.
function tomlValue(value: unknown, separator = ''): string {
  switch (typeof value) {
    case 'string':
      return tomlString(value);
    case 'boolean':
      return String(value);
    case 'number':
      return tomlNumber(value);
    default:
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return tomlList(value, separator);
      if (isTable(value)) return tomlInline(value);
      throw new Error(`TOML has no ${value === null ? 'null' : typeof value}`);
  }
}

function tomlList(values: readonly unknown[], separator: string): string {
  const written = values.map((value) => tomlValue(value));
  if (separator === '' || written.length < 2) return `[${written.join(', ')}]`;
  return `[${written.map((item) => `${separator}${item},`).join('')}\n]`;
}

function tomlNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  // Readers take integers for 64 bits, floats never overflow.
  const text = String(value);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !text.includes('e') ? `${text}.0` : text;
}
