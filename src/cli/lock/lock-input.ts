import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { EXIT, UserError, userErrorsOf } from '../../base/user-error.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
import { redactText } from '../../net/redact.ts';
import { builtinSet, type PackageSetNames } from '../../nixpkgs/package-set.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';
import type { GitAddress } from '../../pep/source-address.ts';
import { tryParseVersion, type Version } from '../../pep/version.ts';
import { splitFileArgument } from '../requirements/file-argument.ts';
import type { CommandContext } from '../world.ts';

/** For whom a lock file is read. */
export interface LockReading {
  readonly targets: readonly MarkerEnvironment[];
  /** Dependency groups that are wanted of it; `areOptional`: it need not have them. None when missing. */
  readonly groups?: { readonly names: readonly string[]; readonly areOptional: boolean };
  /** Interpreters and platforms that the user names: the lock has to be made for them. Any will do when missing. */
  readonly named?: { readonly pythons: readonly string[]; readonly platforms: readonly string[] };
  readonly context: CommandContext;
}

/**
 * Reads a lock file: argument = FILE [ "[" extra *( "," extra ) "]" ], with extras of the project that the lock was made for.
 * Throws UserError E_CANNOT_READ (exit 74), E_BAD_LOCK (65), E_LOCK_FORK, E_LOCK_UNFIT, E_NO_SUCH_GROUP and E_NO_SUCH_EXTRA (1).
 */
export async function readLockFile(
  argument: string,
  { targets, groups, named, context }: LockReading,
): Promise<LockedProjects> {
  // Loaded only now: most runs have no lock file.
  const { readLock } = await import('../../lock/read-lock.ts');
  const { file, extras } = splitFileArgument(argument);
  const whole = path.resolve(context.directory, file);
  const source = { name: file, text: await readText(whole, file), directory: path.dirname(whole) };
  const { withoutForks } = await import('./lock-forks.ts');
  const read = (wanted: readonly string[]): LockedProjects =>
    withoutForks({ targets, ...(named === undefined ? {} : { named }) }, (choice) =>
      readLock(source, { ...choice, extras, groups: wanted }),
    );
  try {
    return read(groups?.names ?? []);
  } catch (thrown) {
    if (!isFault(thrown, 'E_NO_SUCH_GROUP') || groups?.areOptional !== true) throw thrown;
    return read([]);
  }
}

function isFault(thrown: unknown, code: string): boolean {
  return userErrorsOf(thrown)?.every((error) => error.code === code) === true;
}

/** Versions that are tried first, by PEP 503 name, and what is to be said of them. */
export interface Preferences {
  readonly versions: ReadonlyMap<string, Version>;
  /** Commits that branches and tags had before, which they keep. None when missing. */
  readonly commits?: readonly GitAddress[];
  readonly notes: readonly Note[];
}

export const NO_PREFERENCES: Preferences = { versions: new Map(), notes: [] };

/** The versions that `--prefer` names: those of the package set (`set`, else the shipped list of the release), or of a lock file. Throws what `readLockFile` throws. */
export async function preferredVersions(
  prefer: string,
  reading: LockReading & { readonly release: string; readonly set?: PackageSetNames | null },
): Promise<Preferences> {
  if (prefer === 'nixpkgs') return versionsOfSet(reading.release, reading.set ?? builtinSet(reading.release));
  const locked = await readLockFile(prefer, reading);
  const commits = [...locked.projects.values()].flatMap(({ address }) => (address?.kind === 'git' ? [address] : []));
  return { versions: lockedVersions(locked), commits, notes: [] };
}

/** The versions of a lock file by PEP 503 name; what it names by address has none. */
export function lockedVersions({ projects, builds, checks }: LockedProjects): ReadonlyMap<string, Version> {
  const texts = [...checks, ...builds, ...[...projects].map(([name, { version }]) => [name, version] as const)];
  return parsedVersions(texts);
}

function versionsOfSet(release: string, set: PackageSetNames): Preferences {
  const versions = parsedVersions(set.versions());
  if (versions.size > 0 || set.isEvaluated) return { versions, notes: [] };
  const text = `--prefer nixpkgs changes nothing: the builtin list of nixpkgs ${release} has names only, no versions`;
  return { versions, notes: [{ kind: 'warning', text }] };
}

function parsedVersions(texts: Iterable<readonly [string, string | null]>): ReadonlyMap<string, Version> {
  const versions = new Map<string, Version>();
  for (const [name, text] of texts) {
    // Package sets have versions such as `2016-03-01` that no release can have.
    const version = text === null ? null : tryParseVersion(text);
    if (version !== null) versions.set(name, version);
  }
  return versions;
}

async function readText(whole: string, file: string): Promise<string> {
  try {
    return await readFile(whole, 'utf8');
  } catch (cause) {
    if (userErrorsOf(cause) !== undefined) throw cause;
    throw new UserError(
      'E_CANNOT_READ',
      `${redactText(file)} cannot be read: ${cause instanceof Error ? redactText(cause.message) : String(cause)}`,
      { exit: EXIT.io, hint: 'give the path of a lock file', cause },
    );
  }
}
