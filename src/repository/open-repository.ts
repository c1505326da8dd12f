import { dirname, join } from 'node:path';
import { commit, isHalfWritten, recover } from './commit.ts';
import { readDiskState } from './disk-state.ts';
import { DISK, type FileSystem } from './file-system.ts';
import type { GeneratedRecord } from './generated-record.ts';
import { holdInterrupts } from './interruption.ts';
import { ioError } from './io-error.ts';
import { GENERATED_PATH, REQUESTS_PATH } from './journal.ts';
import { type LockHolder, withLock } from './lock.ts';
import { STATE_FOLDER } from './output-path.ts';
import {
  checkStateFolder,
  planRepository,
  type RepositoryPlan,
  type RepositoryTexts,
  readRecord,
} from './plan-repository.ts';

/** A repository as it is read. */
export interface SeenRepository {
  /** Absolute. */
  readonly directory: string;
  readonly record: GeneratedRecord;
  /** As `planRepository`. */
  plan(texts: RepositoryTexts): Promise<RepositoryPlan>;
}

/** A repository that no other run writes to. */
export interface OpenRepository extends SeenRepository {
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
        return await work({
          ...(await seen(disk, { directory, force })),
          async commit({ commits }) {
            if (commits.length === 0) return;
            const interruption = holdInterrupts();
            try {
              await commit(disk, { directory, isStopped: interruption.hasCome }, commits);
            } finally {
              interruption.release();
            }
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

/** How a repository is read. */
interface SeeOptions extends OpenOptions {
  /** Files that `work` goes by, beside the records of this program. */
  readonly basis: readonly string[];
}

// Who writes that often holds the lock longer than a reader would.
const LOOKS = 3;

/**
 * Opens a repository for `work` that writes nothing: it takes no lock and makes no file, so that others may read and write at the same time, and the folder need
 * not be writable. Where another run has written something meanwhile, what `work` has found may be of before in one part and of after in another: it is forgotten, also a
 * failure, and `work` begins again. Only where a run is writing at this moment, or was cut off while it did, is the repository opened as `withRepository` opens it.
 *
 * Throws as `withRepository`.
 */
export async function withSeenRepository<T>(
  options: SeeOptions,
  work: (repository: SeenRepository) => Promise<T>,
): Promise<T> {
  const { directory, force = false, disk = DISK } = options;
  for (let look = 0; look < LOOKS; look += 1) {
    const before = await basisOf(options);
    if (before === null) break;
    const [outcome] = await Promise.allSettled([seen(disk, { directory, force }).then(work)]);
    if ((await basisOf(options)) !== before) continue;
    if (outcome.status === 'fulfilled') return outcome.value;
    throw ioError(outcome.reason, directory);
  }
  return withRepository(options, work);
}

/**
 * What the files of a repository go by, as one text: every commit changes it. Null while a commit takes its place, and where one was cut off in that. The files are looked at
 * before the journal: where there is none then, they are all of before a commit or all of after it.
 */
async function basisOf({ directory, basis, disk = DISK }: SeeOptions): Promise<string | null> {
  try {
    await checkStateFolder(disk, directory);
    const states = await readDiskState(disk, directory, [GENERATED_PATH, REQUESTS_PATH, ...basis]);
    if (await isHalfWritten(disk, directory)) return null;
    return JSON.stringify([...states].map(([file, state]) => [file, state.kind === 'file' ? state.sha256 : state]));
  } catch (thrown) {
    throw ioError(thrown, directory);
  }
}

async function seen(
  disk: FileSystem,
  { directory, force }: { readonly directory: string; readonly force: boolean },
): Promise<SeenRepository> {
  const record = await readRecord(disk, { directory, force });
  return { directory, record, plan: (texts) => planRepository(texts, { directory, record, disk, force }) };
}

// Innermost first.
async function missingFolders(disk: FileSystem, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = path; (await disk.isFolder(folder)) === null; folder = dirname(folder)) missing.push(folder);
  return missing;
}
