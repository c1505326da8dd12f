import { join } from 'node:path';
import { sortedUnique } from '../base/text.ts';
import { readDiskState } from './disk-state.ts';
import { DISK, type FileSystem } from './file-system.ts';
import { parseGenerated } from './generated-record.ts';
import { ioError } from './io-error.ts';
import { GENERATED_PATH } from './journal.ts';
import { isOutputPath } from './output-path.ts';

/**
 * The files of a repository that earlier runs wrote, that are still there, and that are not among `files`: their paths, sorted. None where the record of
 * what was written is missing or is no record of this program. To be asked after `writeRepository`, which sees to a damaged record.
 * Throws UserError E_CANNOT_WRITE for a folder that cannot be read.
 */
export async function leftFiles(
  directory: string,
  files: ReadonlyMap<string, string>,
  disk: FileSystem = DISK,
): Promise<readonly string[]> {
  try {
    const record = await readDiskState(disk, directory, [GENERATED_PATH]);
    if (record.get(GENERATED_PATH)?.kind !== 'file') return [];
    const bytes = await disk.read(join(directory, GENERATED_PATH));
    const generated = bytes === null ? null : parseGenerated(new TextDecoder().decode(bytes));
    // A repository may come from somebody else: paths of its record may lead anywhere.
    const earlier = sortedUnique(generated?.keys() ?? []).filter((path) => isOutputPath(path) && !files.has(path));
    const states = await readDiskState(disk, directory, earlier);
    return earlier.filter((path) => states.get(path)?.kind === 'file');
  } catch (thrown) {
    throw ioError(thrown, directory);
  }
}
