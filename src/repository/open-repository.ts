import { dirname, join } from 'node:path';
import { commit, recover } from './commit.ts';
import { DISK, type FileSystem } from './file-system.ts';
import type { GeneratedRecord } from './generated-record.ts';
import { ioError } from './io-error.ts';
import { type LockHolder, withLock } from './lock.ts';
import { STATE_FOLDER } from './output-path.ts';
import {
  checkStateFolder,
  planRepository,
  type RepositoryPlan,
  type RepositoryTexts,
  readRecord,
} from './plan-repository.ts';

/** A repository that no other run writes to. */
export interface OpenRepository {
  /** Absolute. */
  readonly directory: string;
  readonly record: GeneratedRecord;
  /** As `planRepository`. */
  plan(texts: RepositoryTexts): Promise<RepositoryPlan>;
  /** Writes what was planned, all or nothing. */
  commit(plan: RepositoryPlan): Promise<void>;
}

export interface OpenOptions {
  readonly directory: string;
  /** How long to wait for another run, in milliseconds. */
  readonly waitMs: number;
  /** Told once, when this has to wait. */
  readonly onWait?: (holder: LockHolder | null) => void;
  /** Also overwrite files that others wrote or changed. */
  readonly force?: boolean;
  readonly disk?: FileSystem;
}

/**
 * Opens a repository for `work`, alone: what a run that was cut off has left is completed or taken back first. A folder that is made for it goes again
 * when nothing is written.
 *
 * Throws UserError E_LOCKED (exit 73) with the other run, E_BAD_RECORD (65), E_CANNOT_WRITE (73, 74 for a disk that is full or fails), E_NOT_OURS (73), and what `work` throws.
 */
export async function withRepository<T>(
  { directory, waitMs, onWait, force = false, disk = DISK }: OpenOptions,
  work: (repository: OpenRepository) => Promise<T>,
): Promise<T> {
  const state = join(directory, STATE_FOLDER);
  try {
    await checkStateFolder(disk, directory);
    const missing = await missingFolders(disk, state);
    await disk.makeFolder(state);
    try {
      // A name is on the disk only when the folder around it is.
      for (const folder of missing) await disk.syncFolder(dirname(folder));
      return await withLock(state, { waitMs, ...(onWait === undefined ? {} : { onWait }) }, async () => {
        await recover(disk, directory);
        const record = await readRecord(disk, { directory, force });
        return await work({
          directory,
          record,
          plan: (texts) => planRepository(texts, { directory, record, disk, force }),
          async commit({ commits }) {
            if (commits.length > 0) await commit(disk, directory, commits);
          },
        });
      });
    } finally {
      for (const folder of missing) await disk.removeEmptyFolder(folder);
    }
  } catch (thrown) {
    throw ioError(thrown, directory);
  }
}

// Innermost first.
async function missingFolders(disk: FileSystem, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = path; (await disk.isFolder(folder)) === null; folder = dirname(folder)) missing.push(folder);
  return missing;
}
