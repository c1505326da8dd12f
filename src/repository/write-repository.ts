import { EXIT, UserError } from '../base/user-error.ts';
import { isInterrupted } from './commit.ts';
import { DISK, type FileSystem } from './file-system.ts';
import type { GeneratedRecord } from './generated-record.ts';
import { ioError } from './io-error.ts';
import { withRepository } from './open-repository.ts';
import {
  checkStateFolder,
  planRepository,
  type RepositoryPlan,
  type RepositoryTexts,
  readRecord,
} from './plan-repository.ts';

export interface WriteRequest {
  /** The repository; it is made when it is not there. */
  readonly directory: string;
  /** What it is to hold, which may build on what was generated before. It may be asked more than once. */
  readonly compose: (record: GeneratedRecord) => RepositoryTexts;
  /** Also overwrite files that others wrote or changed. */
  readonly force?: boolean;
  /** How long to wait for another run that writes here; 10 s. */
  readonly waitMs?: number;
  /** Only plan. */
  readonly isDry?: boolean;
}

/**
 * Writes files into a repository, all or none: killed at any moment, the next call finds the old files or the new ones and sees to
 * what is left. Hand edits are kept, as `planWrite` says. Where nothing changes, nothing is touched.
 *
 * Throws UserError E_NOT_OURS (exit 73, lists all files that this program did not write; nothing is written), E_CANNOT_WRITE (exit 73, 74 for a disk that is
 * full or fails), E_HALF_WRITTEN (exit 74), E_LOCKED (exit 73) and E_BAD_RECORD (exit 65).
 */
export async function writeRepository(request: WriteRequest, disk: FileSystem = DISK): Promise<RepositoryPlan> {
  const { directory, compose, force = false, waitMs = 10_000, isDry = false } = request;
  const first = await lookAt(request, disk);
  if (first !== null && (isDry || first.commits.length === 0)) return first;
  return withRepository({ directory, waitMs, force, disk }, async (repository) => {
    const plan = await repository.plan(compose(repository.record));
    if (!isDry) await repository.commit(plan);
    return plan;
  });
}

/** A first look without the lock, because nothing may be made where nothing may be written. Null where a run was cut off: then what is there does not count. */
async function lookAt(
  { directory, compose, force = false }: WriteRequest,
  disk: FileSystem,
): Promise<RepositoryPlan | null> {
  try {
    if ((await disk.isFolder(directory)) === false) {
      throw new UserError('E_CANNOT_WRITE', `${directory} is no folder`, {
        exit: EXIT.cannotWrite,
        hint: 'name a folder, or one that is not there yet',
      });
    }
    await checkStateFolder(disk, directory);
    if (await isInterrupted(disk, directory)) return null;
    const record = await readRecord(disk, { directory, force });
    return await planRepository(compose(record), { directory, record, disk, force });
  } catch (thrown) {
    throw ioError(thrown, directory);
  }
}
