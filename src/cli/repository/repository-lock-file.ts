import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';
import { cacheDirectory } from '../../cache/cache-directory.ts';
import { createCacheStore } from '../../cache/store.ts';
import { type RepositoryLock, repositoryLock } from '../../lock/repository-lock.ts';
import { parsePylock } from '../../pep/pylock.ts';
import { digestOf } from '../../repository/digest.ts';
import type { CommandContext } from '../world.ts';
import { LOCK_PATH, textIfThere } from './repository-folder.ts';

/** The lock file of a repository. */
export interface RepositoryLockFile {
  /** Null: there is none yet. */
  readonly text: string | null;
  readonly lock: RepositoryLock | null;
}

/**
 * Reads the lock file of a repository. To read its TOML takes long where it is large, so what it says is kept in the cache by the digest of its text.
 * Throws UserError E_BAD_LOCK (exit 65), E_NOT_OURS (73) for one that this program did not write, and E_CANNOT_READ (74).
 */
export async function readRepositoryLock(root: string, context: CommandContext): Promise<RepositoryLockFile> {
  const text = await textIfThere(path.join(root, LOCK_PATH));
  return { text, lock: text === null ? null : await lockOf(text, context) };
}

/** What the text of a lock file of a repository says. Throws as `readRepositoryLock`. */
export async function lockOf(text: string, { environment, cache }: CommandContext): Promise<RepositoryLock> {
  const store = cache ?? createCacheStore({ folder: cacheDirectory(environment), onNote: () => {} });
  const key = digestOf(text);
  const known = await store.get('locks', key);
  if (isLock(known?.value)) return known.value;
  const lock = repositoryLock(parsePylock(text, LOCK_PATH));
  if (lock === null) {
    throw new UserError('E_NOT_OURS', `${LOCK_PATH} was not written by pypi2nix for a repository`, {
      exit: EXIT.cannotWrite,
      hint: `move it away; pypi2nix add writes one, and tries the versions of another lock file first with --prefer FILE`,
    });
  }
  void store.put('locks', key, lock);
  await store.settled();
  return lock;
}

/** The number of the bucket's form stands for the shape. */
function isLock(value: unknown): value is RepositoryLock {
  return typeof value === 'object' && value !== null && 'releases' in value && 'requirements' in value;
}
