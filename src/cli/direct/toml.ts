import { parse } from 'toml';
import * as v from 'valibot';

/** A decoded TOML table. */
export type Toml = Readonly<Record<string, unknown>>;

const Table = v.pipe(
  v.record(v.string(), v.unknown()),
  // For the schema library an array is an object as well.
  v.check((value) => !Array.isArray(value)),
);

/** The table that a TOML text holds; empty for no text and for what is no TOML, which reading the tree as an sdist tells. */
export function tomlTable(text: string | null): Toml {
  if (text === null) return {};
  try {
    return tableOf(parse(text));
  } catch {
    return {};
  }
}

/** The table at a path of keys; empty where there is none. */
export function tableAt(table: Toml, ...path: readonly string[]): Toml {
  return path.reduce<Toml>((at, key) => (Object.hasOwn(at, key) ? tableOf(at[key]) : {}), table);
}

/** The text under a key; null where there is none. */
export function textAt(table: Toml, key: string): string | null {
  const value = Object.hasOwn(table, key) ? table[key] : null;
  return typeof value === 'string' ? value : null;
}

function tableOf(value: unknown): Toml {
  const decoded = v.safeParse(Table, value);
  return decoded.success ? decoded.output : {};
}
