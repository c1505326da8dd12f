import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { EXIT, UserError, userErrorsOf } from '../../base/user-error.ts';
import { isPylockName, type Pylock, type PylockPackage, parsePylock } from '../../pep/pylock.ts';
import type { GitAddress } from '../../pep/source-address.ts';
import { tryParseVersion, type Version } from '../../pep/version.ts';
import { codeOf } from '../../repository/file-system.ts';
import { ioError } from '../../repository/io-error.ts';
import type { Preferences } from './lock-input.ts';

/** The file of `lock -o` before the run. */
export interface LockOutput {
  /** Absolute. */
  readonly file: string;
  /** As the user gave it, for messages. */
  readonly given: string;
  /** What it holds; null: it is not there. */
  readonly text: string | null;
  /** What that says; null: nothing that can be read as a lock file. */
  readonly lock: Pylock | null;
}

/**
 * Looks at the file of `-o` before anything is resolved.
 * Throws UserError E_USAGE (exit 2) for a name that tools would not take for a lock file, E_NOT_A_LOCK (73) for a file that is none unless `force`,
 * E_CANNOT_WRITE (73) for a folder that is not there, and E_CANNOT_READ (74).
 */
export async function openLockOutput(
  given: string,
  { directory, force }: { readonly directory: string; readonly force: boolean },
): Promise<LockOutput> {
  const file = path.resolve(directory, given);
  if (!isPylockName(path.basename(file))) {
    throw new UserError('E_USAGE', `--output: ${JSON.stringify(given)} is no name of a lock file`, {
      exit: EXIT.usage,
      hint: 'call it pylock.toml or pylock.NAME.toml: other tools tell a lock file by its name',
    });
  }
  const text = await textOf(file, given);
  if (text === null && !existsSync(path.dirname(file))) {
    throw new UserError('E_CANNOT_WRITE', `cannot write ${given}: its folder is not there`, {
      exit: EXIT.cannotWrite,
      hint: `make the folder ${path.dirname(given)} first, or name another file`,
    });
  }
  if (text === null) return { file, given, text, lock: null };
  const read = readExisting(text, given);
  if (read.lock === null && !force) {
    throw new UserError('E_NOT_A_LOCK', `${given} is there and cannot be read as a lock file: ${read.fault}`, {
      exit: EXIT.cannotWrite,
      hint: '--force overwrites it; else name another file',
    });
  }
  return { file, given, text, lock: read.lock };
}

/**
 * The versions and commits of the existing file, to be tried first. A project with several versions (a lock file of another program may have them for different
 * environments) has no preferred one.
 */
export function outputPreferences({ lock }: LockOutput): Preferences {
  const versions = new Map<string, Version>();
  const several = new Set<string>();
  for (const { name, version: text } of lock?.packages ?? []) {
    const version = text === null ? null : tryParseVersion(text);
    if (version === null) continue;
    if (versions.has(name) && versions.get(name)?.text !== version.text) several.add(name);
    versions.set(name, version);
  }
  for (const name of several) versions.delete(name);
  return { versions, commits: (lock?.packages ?? []).flatMap(commitOf), notes: [] };
}

function commitOf({ vcs }: PylockPackage): GitAddress[] {
  if (vcs?.type !== 'git' || vcs.url === null || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(vcs.commitId)) return [];
  const { url, requestedRevision: revision, commitId: commit, subdirectory } = vcs;
  return [{ kind: 'git', url, revision, commit, subdirectory }];
}

/** Writes the text, all or nothing; false when the file has it already and is left as it is. Throws UserError E_CANNOT_WRITE (exit 73 or 74). */
export async function writeLockOutput(output: LockOutput, text: string): Promise<boolean> {
  if (output.text === text) return false;
  try {
    await writeFileAtomic(output.file, text);
  } catch (thrown) {
    // The path in the error is that of the temporary file beside it.
    const code = codeOf(thrown);
    throw code === undefined ? thrown : ioError(Object.assign(new Error(code), { code }), output.given);
  }
  return true;
}

function readExisting(
  text: string,
  name: string,
): { readonly lock: Pylock } | { readonly lock: null; readonly fault: string } {
  try {
    return { lock: parsePylock(text, name) };
  } catch (thrown) {
    const [first] = userErrorsOf(thrown) ?? [];
    if (first === undefined) throw thrown;
    return { lock: null, fault: first.message.split('\n')[0] ?? '' };
  }
}

async function textOf(file: string, given: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new UserError(
      'E_CANNOT_READ',
      `${given} cannot be read: ${codeOf(cause) === 'EISDIR' ? 'it is a folder' : (codeOf(cause) ?? String(cause))}`,
      {
        exit: EXIT.io,
        hint: 'name a file that is a lock file or not there yet',
        cause,
      },
    );
  }
}
