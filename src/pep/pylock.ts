import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import type { Marker } from './marker.ts';
import { badLock, createLockFaults, type LockFaults } from './pylock-fault.ts';
import { lockedPackage, packageFaults, unknownKeys } from './pylock-rules.ts';
import { DOCUMENT, PACKAGE } from './pylock-schema.ts';
import { readToml, type TextPlaces, type TextTable, tomlPlaces } from './toml-text.ts';
import { tryParseVersion } from './version.ts';

export { formatPylock } from './pylock-format.ts';
export { type PylockChoice, selectPackages } from './pylock-select.ts';

/** A lock file of PEP 751 (`pylock.toml`). A key that the file does not have is null, or empty where the standard says what is meant then. */
export interface Pylock {
  /** `1.0`, or another minor version of 1. */
  readonly lockVersion: string;
  /** What the lock is made for; empty: anything. */
  readonly environments: readonly Marker[];
  /** A specifier set as it is written. */
  readonly requiresPython: string | null;
  /** Normal names. An empty list says that there are none, null that the file was not made for several uses. */
  readonly extras: readonly string[] | null;
  /** As `extras`. */
  readonly dependencyGroups: readonly string[] | null;
  readonly defaultGroups: readonly string[];
  readonly createdBy: string;
  /** In the order of the file. A name can stand in it several times. */
  readonly packages: readonly PylockPackage[];
  /** Texts, numbers, booleans, `Date`, lists and tables of these. */
  readonly tool: TextTable;
}

/** What may be installed. Exactly one of `vcs`, `directory`, `archive`, or files (`sdist`, `wheels`), says where it comes from. */
export interface PylockPackage {
  /** PEP 503 name. */
  readonly name: string;
  /** Normal form; null where a source tree tells it. */
  readonly version: string | null;
  /** When it is installed; null: always. */
  readonly marker: Marker | null;
  readonly requiresPython: string | null;
  /** Tables that each tell another entry; null where the file says nothing on them. Not for installing. */
  readonly dependencies: readonly TextTable[] | null;
  readonly vcs: PylockVcs | null;
  readonly directory: PylockDirectory | null;
  readonly archive: PylockArchive | null;
  /** Base URL of the index that has the files. */
  readonly index: string | null;
  readonly sdist: PylockFile | null;
  readonly wheels: readonly PylockFile[];
  /** Each has a text `kind`. */
  readonly attestationIdentities: readonly TextTable[] | null;
  readonly tool: TextTable | null;
}

/** At least one of `url` and `path`. Paths are of the folder of the lock file. */
export interface PylockVcs {
  /** `git`, `hg`, `bzr` or `svn`. */
  readonly type: string;
  readonly url: string | null;
  readonly path: string | null;
  readonly requestedRevision: string | null;
  readonly commitId: string;
  readonly subdirectory: string | null;
}

export interface PylockDirectory {
  readonly path: string;
  readonly editable: boolean;
  readonly subdirectory: string | null;
}

export interface PylockArchive {
  readonly url: string | null;
  readonly path: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** RFC 3339 in UTC, at most milliseconds. */
  readonly uploadTime: string | null;
  /** Algorithm to hex digest, at least one. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly subdirectory: string | null;
}

export interface PylockFile extends Omit<PylockArchive, 'subdirectory'> {
  /** The file name, where the file does not state it the last part of the path or URL. */
  readonly name: string;
}

/** Whether a file may be called so: `pylock.toml` or `pylock.NAME.toml`, where NAME has no dot. */
export function isPylockName(filename: string): boolean {
  return filename === 'pylock.toml' || /^pylock\.[^.]+\.toml$/u.test(filename);
}

/** As `readPylock`, without the notes. */
export function parsePylock(text: string, name: string): Pylock {
  return readPylock(text, name).lock;
}

/**
 * Reads a lock file of the standard. The notes tell keys that it does not know, and a minor version that is newer than 1.0.
 * Throws UserError E_BAD_LOCK (exit 65) with file, line and column for each fault, and for another major version.
 */
export function readPylock(text: string, name: string): { readonly lock: Pylock; readonly notes: readonly Note[] } {
  const read = readToml(text);
  if ('fault' in read) throw badLock(name, read.fault.place, read.fault.text);
  const faults = createLockFaults(name, () => tomlPlaces(text));
  const lock = readDocument(read.table, faults);
  faults.throwIfAny();
  if (lock === null) throw new Error('a lock without fault could not be read');
  return { lock, notes: notesOn(read.table, lock, { name, text }) };
}

function readDocument(table: TextTable, faults: LockFaults): Pylock | null {
  const written = table['lock-version'];
  const version = typeof written === 'string' ? tryParseVersion(written) : null;
  // The rest of another major version may mean anything.
  if (version !== null && (version.epoch !== '0' || version.release[0] !== '1')) {
    faults.report(['lock-version'], `is ${version.text}, and only 1.0 is known`);
    return null;
  }
  const top = faults.decode(DOCUMENT, table, []);
  const packages: PylockPackage[] = [];
  for (const [index, entry] of (Array.isArray(table.packages) ? table.packages : []).entries()) {
    const path = ['packages', index];
    const decoded = faults.decode(PACKAGE, entry, path);
    if (decoded === null) continue;
    const wrong = packageFaults(decoded);
    for (const fault of wrong) faults.report([...path, ...fault.path], fault.what);
    if (wrong.length === 0) packages.push(lockedPackage(decoded));
  }
  if (top === null) return null;
  return {
    lockVersion: top['lock-version'],
    environments: top.environments ?? [],
    requiresPython: top['requires-python'],
    extras: top.extras,
    dependencyGroups: top['dependency-groups'],
    defaultGroups: top['default-groups'] ?? [],
    createdBy: top['created-by'],
    packages,
    tool: top.tool ?? {},
  };
}

function notesOn(table: TextTable, lock: Pylock, file: { readonly name: string; readonly text: string }): Note[] {
  const notes: Note[] = [];
  const places = (): TextPlaces => tomlPlaces(file.text);
  const unknown = unknownKeys(table);
  if (lock.lockVersion !== '1.0' && unknown.length > 0) {
    const text = `its lock-version is ${oneLine(lock.lockVersion)}: what is new since 1.0 is passed over`;
    notes.push({ kind: 'warning', text, file: file.name, line: places().at(['lock-version']).line });
  }
  const [first] = unknown;
  if (first !== undefined) {
    const names = [...new Set(unknown.map((path) => String(path.at(-1))))];
    const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
    const text = `keys that the standard does not have are passed over: ${oneLine(names.slice(0, 5).join(', '))}${more}`;
    notes.push({ kind: 'omitted', text, file: file.name, line: places().at(first).line });
  }
  return notes;
}
