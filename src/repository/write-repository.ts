import { dirname, join } from 'node:path';
import { countOf } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { type Change, commit, isInterrupted, recover } from './commit.ts';
import { readDiskState } from './disk-state.ts';
import { DISK, type FileSystem } from './file-system.ts';
import { formatGenerated, parseGenerated } from './generated-record.ts';
import { ioError } from './io-error.ts';
import { GENERATED_PATH } from './journal.ts';
import { withLock } from './lock.ts';
import { checkOutputPaths, STATE_FOLDER } from './output-path.ts';
import { digestOf, type GeneratedDigests, type OnDisk, planWrite, type WritePlan } from './write-plan.ts';

export interface WriteRequest {
  /** The repository; it is made when it is not there. */
  readonly directory: string;
  /** The text of each file by its path, relative with `/`. */
  readonly files: ReadonlyMap<string, string>;
  /** Also overwrite files that others wrote or changed. */
  readonly force?: boolean;
  /** How long to wait for another run that writes here; 10 s. */
  readonly waitMs?: number;
}

/** Paths in order. */
export interface WriteResult {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Writes files into a repository, all or none: killed at any moment, the next call finds the old files or the new ones and sees to
 * what is left. Files that this program did not write, or that have changed since, are left alone. Files that it wrote earlier and
 * that are not among `files` stay.
 *
 * Throws UserError E_NOT_OURS (exit 73, lists all such files; nothing is written), E_CANNOT_WRITE (exit 73, 74 for a disk that is
 * full or fails), E_HALF_WRITTEN (exit 74), E_LOCKED (exit 73) and E_BAD_RECORD (exit 65).
 */
export async function writeRepository(request: WriteRequest, disk: FileSystem = DISK): Promise<WriteResult> {
  checkOutputPaths(request.files.keys());
  try {
    return await write(request, disk);
  } catch (thrown) {
    throw ioError(thrown, request.directory);
  }
}

async function write(request: WriteRequest, disk: FileSystem): Promise<WriteResult> {
  const { directory, waitMs = 10_000 } = request;
  if ((await disk.isFolder(directory)) === false) {
    throw new UserError('E_CANNOT_WRITE', `${directory} is no folder`, {
      exit: EXIT.cannotWrite,
      hint: 'name a folder, or one that is not there yet',
    });
  }
  const state = join(directory, STATE_FOLDER);
  const kind = await disk.kindOf(state);
  if (kind !== null && kind !== 'directory') {
    throw new UserError('E_NOT_OURS', `${state} is no folder of pypi2nix`, {
      exit: EXIT.cannotWrite,
      hint: 'move it away',
    });
  }
  if (!(await isInterrupted(disk, directory))) {
    // A first look without the lock, because nothing may be made where nothing may be written.
    const { plan, changes } = await look(request, disk);
    if (plan.blocked.length > 0 && (await disk.kindOf(state)) === null) refuseBlocked(plan, directory);
    if (plan.blocked.length === 0 && changes.length === 0) return resultOf(plan);
  }
  const missing = await missingFolders(disk, state);
  await disk.makeFolder(state);
  try {
    return await withLock(state, waitMs, async () => {
      await recover(disk, directory);
      const { plan, changes } = await look(request, disk);
      refuseBlocked(plan, directory);
      if (changes.length > 0) await commit(disk, directory, changes);
      return resultOf(plan);
    });
  } catch (thrown) {
    for (const folder of missing) await disk.removeEmptyFolder(folder);
    throw thrown;
  }
}

function resultOf({ create, replace, unchanged }: WritePlan): WriteResult {
  return { written: [...create, ...replace].sort(), unchanged };
}

async function look(
  { directory, files, force = false }: WriteRequest,
  disk: FileSystem,
): Promise<{ plan: WritePlan; changes: readonly Change[] }> {
  const states = await readDiskState(disk, directory, [...files.keys(), GENERATED_PATH]);
  const generated = await readGenerated(disk, { directory, state: states.get(GENERATED_PATH), force });
  const plan = planWrite({ files, disk: states, generated, force });

  const record = new Map(generated);
  for (const [path, text] of files) record.set(path, digestOf(text));
  const texts = new Map([...files, [GENERATED_PATH, formatGenerated(record)]]);
  const changes: Change[] = [];
  for (const path of [...plan.create, ...plan.replace, GENERATED_PATH]) {
    const text = texts.get(path) ?? '';
    const there = states.get(path);
    const before = there?.kind === 'file' ? there.sha256 : null;
    if (before !== digestOf(text)) changes.push({ path, text, before });
  }
  return { plan, changes };
}

async function readGenerated(
  disk: FileSystem,
  {
    directory,
    state,
    force,
  }: { readonly directory: string; readonly state: OnDisk | undefined; readonly force: boolean },
): Promise<GeneratedDigests> {
  const path = join(directory, GENERATED_PATH);
  if (state?.kind === 'obstacle') {
    throw new UserError('E_NOT_OURS', `${path} ${state.what}`, { exit: EXIT.cannotWrite });
  }
  const bytes = state?.kind === 'file' ? await disk.read(path) : null;
  if (bytes === null) return new Map();
  const generated = parseGenerated(new TextDecoder().decode(bytes));
  if (generated !== null) return generated;
  if (force) return new Map();
  throw new UserError('E_BAD_RECORD', `${path} is not readable`, {
    exit: EXIT.data,
    hint: 'it tells which files pypi2nix wrote; restore it, or overwrite all of them with --force',
  });
}

function refuseBlocked({ blocked }: WritePlan, directory: string): void {
  if (blocked.length === 0) return;
  const lines = blocked.map(({ path, why }) => `  ${join(directory, path)} ${why}`);
  throw new UserError(
    'E_NOT_OURS',
    `${countOf(blocked.length, 'file')} in the way, nothing is written:\n${lines.join('\n')}`,
    {
      exit: EXIT.cannotWrite,
      hint: blocked.every(({ forcible }) => forcible)
        ? 'move them away, or overwrite them with --force'
        : 'move them away; --force overwrites files, never links and folders',
    },
  );
}

// Innermost first.
async function missingFolders(disk: FileSystem, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = path; (await disk.isFolder(folder)) === null; folder = dirname(folder)) missing.push(folder);
  return missing;
}
