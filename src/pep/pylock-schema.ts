import * as v from 'valibot';
import { UserError } from '../base/user-error.ts';
import { parseMarker } from './marker.ts';
import { isProjectName, normalizeName } from './name.ts';
import { parseSpecifierSet } from './specifier.ts';
import { isTable, type TextTable } from './toml-text.ts';
import { parseVersion } from './version.ts';

const MISSING = 'is missing';

/** Any table of a TOML or JSON text. */
export const table = v.custom<TextTable>(isTable, 'must be a table');
/** Text that is not empty. */
export const text = v.pipe(v.string('must be a text'), v.nonEmpty('must not be empty'));
const boolean = v.boolean('must be true or false');
/** A list of values that are looked at one by one later. */
export const list = v.array(v.unknown(), 'must be a list');

/** A table with these keys; further ones are not looked at. A key that is not there and not optional is a fault. */
export function keys<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(table, v.object(entries, MISSING));
}

/** What may be missing, and is null then. */
export function optional<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.optional(v.nullable(schema), null);
}

/** Text that `parse` reads; its user errors become faults of the value. */
export function readAs<T>(parse: (written: string) => T) {
  return v.pipe(
    v.string('must be a text'),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value);
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        addIssue({ message: `is ${thrown.message}` });
        return NEVER;
      }
    }),
  );
}

const normalName = v.pipe(
  text,
  v.rawCheck<string>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const name = dataset.value;
    if (!isProjectName(name)) addIssue({ message: 'is no name of a project or extra' });
    else if (normalizeName(name) !== name) addIssue({ message: `must be in normal form: ${normalizeName(name)}` });
  }),
);

const marker = readAs(parseMarker);
const version = readAs((written) => parseVersion(written).text);
const specifiers = readAs((written) => {
  parseSpecifierSet(written);
  return written;
});

const LOCAL_TIME = /^\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/u;

/** RFC 3339 in UTC, at most milliseconds. The standard wants UTC, so a time without offset is one. */
const uploadTime = v.pipe(
  v.custom<Date | string>(
    (value) => value instanceof Date || (typeof value === 'string' && LOCAL_TIME.test(value)),
    'must be a date and time',
  ),
  v.transform((time) => pylockTime(typeof time === 'string' ? new Date(`${time.replace(' ', 'T')}Z`) : time)),
);

/** A time as lock files have it: RFC 3339 in UTC, milliseconds where there are any. */
export function pylockTime(time: Date): string {
  return time.toISOString().replace(/\.000Z$/u, 'Z');
}

const HASH = /^[0-9a-f]+$/iu;

/** algorithm -> digest; at least one. `v.record` would pass over keys such as `constructor`. */
const hashes = v.pipe(
  table,
  v.rawTransform<TextTable, Readonly<Record<string, string>>>(({ dataset, addIssue }) => {
    const pairs: [string, string][] = [];
    for (const [key, value] of Object.entries(dataset.value)) {
      const path: [v.ObjectPathItem] = [{ type: 'object', origin: 'value', input: dataset.value, key, value }];
      if (typeof value !== 'string') addIssue({ message: 'must be a text', path });
      else if (!HASH.test(value) || (key === 'sha256' && value.length !== 64))
        addIssue({ message: `is no ${key === 'sha256' ? 'sha256' : 'digest'} in hex`, path });
      else pairs.push([key, value]);
    }
    if (Object.keys(dataset.value).length === 0) addIssue({ message: 'must have at least one digest' });
    return Object.fromEntries(pairs);
  }),
);

const size = v.pipe(
  v.number('must be a whole number'),
  v.safeInteger('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);
const url = optional(text);
const path = optional(text);
const subdirectory = optional(text);

const FILE = keys({
  name: optional(text),
  'upload-time': optional(uploadTime),
  url,
  path,
  size: optional(size),
  hashes,
});

/** One of `[[packages]]` in the spelling of the file. What its keys exclude and imply is checked in pylock-rules.ts. */
export const PACKAGE = keys({
  name: normalName,
  version: optional(version),
  marker: optional(marker),
  'requires-python': optional(specifiers),
  dependencies: optional(v.array(table, 'must be a list of tables')),
  vcs: optional(keys({ type: text, url, path, 'requested-revision': optional(text), 'commit-id': text, subdirectory })),
  directory: optional(keys({ path: text, editable: optional(boolean), subdirectory })),
  archive: optional(
    keys({ url, path, size: optional(size), 'upload-time': optional(uploadTime), hashes, subdirectory }),
  ),
  index: optional(text),
  sdist: optional(FILE),
  wheels: optional(v.array(FILE, 'must be a list of tables')),
  'attestation-identities': optional(
    v.array(v.pipe(table, v.looseObject({ kind: text }, MISSING)), 'must be a list of tables'),
  ),
  tool: optional(table),
});

/** The top of the file; its packages are read one by one. */
export const DOCUMENT = keys({
  'lock-version': readAs((written) => {
    parseVersion(written);
    return written;
  }),
  environments: optional(v.array(marker, 'must be a list of texts')),
  'requires-python': optional(specifiers),
  extras: optional(v.array(normalName, 'must be a list of texts')),
  'dependency-groups': optional(v.array(text, 'must be a list of texts')),
  'default-groups': optional(v.array(text, 'must be a list of texts')),
  'created-by': text,
  packages: list,
  tool: optional(table),
});

export type FileTable = v.InferOutput<typeof FILE>;
export type PackageTable = v.InferOutput<typeof PACKAGE>;
