import * as v from 'valibot';
import { printable } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { type EntryKind, parseEntry } from './list-entry.ts';
import { parseTextParts } from './text-parts.ts';

/** A table of a TOML text. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** Whether a value of a TOML text is a table. */
export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Any table. */
export const table = v.custom<TomlTable>(isTable, 'must be a table');
/** Text that a reader sees as it is. */
export const text = v.pipe(
  v.string('must be a text'),
  v.check((value) => printable(value) === value, 'has control or invisible characters'),
);
/** One line of text, without blanks around it. */
export const line = v.pipe(
  text,
  v.trim(),
  v.nonEmpty('must not be empty'),
  v.check((value) => !/[\n\t]/u.test(value), 'must be one line'),
);

/** An entry of a list: one line, as it is meant. */
export const entryLine = v.pipe(
  text,
  v.check((value) => value.trim() === value, 'has blanks around it'),
  line,
);

/**
 * Reads with `parse`, whose user errors and returned faults become faults of the value. Where a fault tells which character it
 * is about (`at`), the path of the issue ends with an item of the type `unknown` that has its index as the key.
 */
export function readAs<R>(parse: (value: string) => R) {
  return v.rawTransform<string, WithoutFault<R>>(({ dataset, addIssue, NEVER }) => {
    try {
      const read = parse(dataset.value);
      if (isWithoutFault(read)) return read;
      const { fault = '', at } = faultOf(read) ?? {};
      const inside = { type: 'unknown', origin: 'value', input: dataset.value, value: null } as const;
      addIssue(at === undefined ? { message: fault } : { message: fault, path: [{ ...inside, key: at }] });
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      addIssue({ message: thrown.message });
    }
    return NEVER;
  });
}

interface Fault {
  readonly fault: string;
  readonly at?: number;
}

type WithoutFault<R> = Exclude<R, Extract<R, Fault>>;

function isWithoutFault<R>(read: R): read is WithoutFault<R> {
  return faultOf(read) === null;
}

function faultOf(read: unknown): Fault | null {
  if (typeof read !== 'object' || read === null || !('fault' in read) || typeof read.fault !== 'string') return null;
  return { fault: read.fault, ...('at' in read && typeof read.at === 'number' ? { at: read.at } : {}) };
}

/** Tables whose keys are names that the user chooses; `v.record` would pass over a key such as `constructor`. */
export function named<Schema extends v.GenericSchema>(
  schema: Schema,
  readKey: (key: string) => string | { readonly fault: string },
) {
  return v.pipe(
    table,
    v.rawTransform<TomlTable, readonly (readonly [string, v.InferOutput<Schema>])[]>(({ dataset, addIssue }) => {
      const entries: [string, v.InferOutput<Schema>][] = [];
      for (const [key, value] of Object.entries(dataset.value)) {
        const at: v.ObjectPathItem = { type: 'object', origin: 'value', input: dataset.value, key, value };
        const name = readKey(key);
        if (typeof name !== 'string') {
          addIssue({ message: name.fault, path: [at] });
          continue;
        }
        const read = v.safeParse(schema, value);
        if (read.success) entries.push([name, read.output]);
        for (const issue of read.issues ?? []) {
          addIssue({ message: issue.message, path: [at, ...(issue.path ?? [])] });
        }
      }
      return entries;
    }),
  );
}

const EMPTY = 'is empty, which changes nothing';

// add, remove and replace, at least one; replace alone.
function verbsOf<Entry extends v.GenericSchema>(entry: Entry, removed: v.GenericSchema<unknown, v.InferOutput<Entry>>) {
  const list = v.array(entry, 'must be a list');
  const some = v.optional(v.pipe(list, v.nonEmpty(EMPTY)));
  const someRemoved = v.optional(v.pipe(v.array(removed, 'must be a list'), v.nonEmpty(EMPTY)));
  return v.pipe(
    table,
    // A key that is no verb is told by its name, which is enough.
    v.check((verbs) => Object.keys(verbs).length > 0, 'needs add, remove or replace'),
    v.object({ add: some, remove: someRemoved, replace: v.optional(list) }),
    v.check(
      (verbs) => verbs.replace === undefined || (verbs.add ?? verbs.remove) === undefined,
      'has replace, which states the whole list, beside add or remove',
    ),
  );
}

/** The verbs of a list of inputs, whose plain entries are of the kind `plain`. */
export function inputs(plain: EntryKind) {
  const entry = v.pipe(
    entryLine,
    readAs((value) => parseEntry(value, plain)),
  );
  const bare = v.pipe(
    entry,
    v.check(
      (read) => read.kind === 'system' || (read.extras.length === 0 && read.specifier === '' && read.marker === null),
      'must be a name alone: all entries of the project are removed',
    ),
  );
  const verbs = verbsOf(entry, bare);
  const unsaid = v.custom<v.InferOutput<typeof verbs>>(() => false, 'must say what to do: .add, .remove or .replace');
  return v.lazy(
    (value): v.GenericSchema<unknown, v.InferOutput<typeof verbs>> => (Array.isArray(value) ? unsaid : verbs),
  );
}

/** A list of texts: whole, which is the same as `replace`, or by verbs. */
export function texts(entry: v.GenericSchema<unknown, string>) {
  const verbs = verbsOf(entry, entry);
  const whole = v.pipe(
    v.array(entry, 'must be a list'),
    v.transform((replace) => ({ replace })),
  );
  return v.lazy(
    (value): v.GenericSchema<unknown, v.InferOutput<typeof verbs>> => (Array.isArray(value) ? whole : verbs),
  );
}

/** Lists of projects, PEP 503 names. */
export const projects = texts(
  v.pipe(entryLine, v.check(isProjectName, 'must be the name of a project'), v.transform(normalizeName)),
);
/** A URL for readers. */
export const url = v.pipe(
  line,
  v.check((value) => /^https?:\/\/[^\s/]/u.test(value) && URL.canParse(value), 'must be an http or https URL'),
);
/** A phase: a script without blank lines around it, closed by a newline; in parts. */
export const script = v.pipe(
  text,
  readAs((value) => {
    const body = value.replace(/^(?:[ \t]*\n)+/u, '');
    const lines = body.trimEnd();
    const parts = parseTextParts(lines === '' ? '' : `${lines}\n`);
    return 'fault' in parts ? { ...parts, at: parts.at + value.length - body.length } : parts;
  }),
);

/** A line of the form `pattern`. */
export function lineLike(pattern: RegExp, fault: string) {
  return v.pipe(
    line,
    v.check((value) => pattern.test(value), fault),
  );
}
