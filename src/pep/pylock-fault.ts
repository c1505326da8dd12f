import * as v from 'valibot';
import { oneLine } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import type { TextKey, TextPlace, TextPlaces } from './toml-text.ts';

/** Collects the faults of one lock file, so that they are told together and with their places. */
export interface LockFaults {
  /** `what` is a clause that goes on from the name of the value at `path`, for example `must be a text`. */
  report(path: readonly TextKey[], what: string, hint?: string): void;
  /** The value at `path` as the schema reads it; null where it does not, which is reported. */
  decode<const Schema extends v.GenericSchema>(
    schema: Schema,
    value: unknown,
    path: readonly TextKey[],
  ): v.InferOutput<Schema> | null;
  /** Throws what has been reported, in the order of the file: E_BAD_LOCK (exit 65) with file, line and column. */
  throwIfAny(): void;
}

/** `placesOf` is called for a file with faults only, because finding all places takes longer than reading the file. */
export function createLockFaults(file: string, placesOf: () => TextPlaces): LockFaults {
  const faults: { path: readonly TextKey[]; what: string; hint: string | undefined }[] = [];
  const report: LockFaults['report'] = (path, what, hint) => faults.push({ path, what, hint });
  return {
    report,
    decode(schema, value, path) {
      const decoded = v.safeParse(schema, value);
      if (decoded.success) return decoded.output;
      for (const { path: keys = [], message } of decoded.issues) {
        report([...path, ...keys.map(({ key }) => (typeof key === 'number' ? key : String(key)))], message);
      }
      return null;
    },
    throwIfAny() {
      if (faults.length === 0) return;
      const places = placesOf();
      const placed = faults.map((fault) => ({ ...fault, place: places.at(fault.path) }));
      placed.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
      throwAll(
        placed.map(({ place, path, what, hint }) => badLock(file, place, `${lockPath(path)} ${what}`.trim(), hint)),
      );
    },
  };
}

/** The error for a fault of a lock file: E_BAD_LOCK (exit 65) with file, line and column. `text` is a clause. */
export function badLock(file: string, place: TextPlace | null, text: string, hint?: string): UserError {
  const where = place === null ? '' : `:${place.line}:${place.column}`;
  return new UserError('E_BAD_LOCK', `${oneLine(file)}${where}: ${text}`, {
    exit: EXIT.data,
    hint: hint ?? 'make the lock file again with the program that it comes from',
  });
}

/** The keys that lead to a value as messages write them, entries of lists counted from 0: `packages[3].wheels[0]`. */
function lockPath(path: readonly TextKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += (text === '' ? '' : '.') + (/^[\w-]+$/u.test(key) ? key : JSON.stringify(oneLine(key.slice(0, 100))));
  }
  return text;
}
