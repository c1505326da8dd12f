import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../base/user-error.ts';
import { digestOf } from './digest.ts';
import { readDiskState } from './disk-state.ts';
import { codeOf, type FileSystem } from './file-system.ts';
import { Interrupted } from './interruption.ts';
import { formatJournal, type Journal, parseJournal } from './journal.ts';
import { foldersOf, STATE_FOLDER } from './output-path.ts';
import { severalAtOnce } from './several-at-once.ts';

/** A file that gets a new text, or goes. */
export interface Change {
  readonly path: string;
  /** Null: the file goes. */
  readonly text: string | null;
  /** Digest of what is there now; null when nothing is. */
  readonly before: string | null;
}

/**
 * Gives files of a repository their new texts, all or none.
 *
 * The new texts are put beside the repository's files first, and the old ones kept. Then the journal is written: from then on the
 * change holds, and whoever finds the journal completes it (`recover`). Then each new file is renamed to its place. When that
 * fails, the journal is turned round and the old files return. The same is done where `isStopped` says that the user wants to end it. The caller holds the lock.
 *
 * Throws Interrupted, errors of the system, UserError E_NOT_OURS (exit 73) for files that somebody changes at the same time, and UserError
 * E_HALF_WRITTEN (exit 74) when the old files could not return either: then the next call of `recover` completes the change.
 */
export async function commit(
  disk: FileSystem,
  { directory, isStopped = () => false }: { readonly directory: string; readonly isStopped?: () => boolean },
  changes: readonly Change[],
): Promise<void> {
  const unlessStopped = (): void => {
    if (isStopped()) throw new Interrupted();
  };
  const journal = await journalOf(disk, directory, changes);
  try {
    await stage(disk, directory, changes);
    unlessStopped();
    await writeJournal(disk, directory, journal);
  } catch (thrown) {
    // The journal goes first: it must not be found beside a part of the new texts.
    await finish(disk, directory);
    throw thrown;
  }
  try {
    const changed = await goForward(disk, directory, journal);
    if (changed.length > 0) throw changedMeanwhile(directory, changed);
    unlessStopped();
  } catch (thrown) {
    await undo(disk, directory, { journal, thrown });
    throw thrown;
  }
  await finish(disk, directory);
}

/** Whether a run was cut off in this repository and has left something for `recover`. */
export async function isInterrupted(disk: FileSystem, directory: string): Promise<boolean> {
  const { journal, draft, next, last } = placesIn(directory);
  for (const path of [journal, draft, next, last]) {
    if ((await disk.kindOf(path)) !== null) return true;
  }
  return false;
}

/** Whether a commit is under way in this repository, or was cut off while its files took their places: some of them may be old and some new. */
export async function isHalfWritten(disk: FileSystem, directory: string): Promise<boolean> {
  return (await disk.kindOf(placesIn(directory).journal)) !== null;
}

/**
 * Brings a commit to its end that was cut off, and takes away what is left of one that had not begun to hold.
 * Files that somebody has changed in between are left as they are. The caller holds the lock.
 *
 * Throws UserError E_BAD_RECORD (exit 65) for a journal that cannot be read.
 */
export async function recover(disk: FileSystem, directory: string): Promise<void> {
  const places = placesIn(directory);
  const kind = await disk.kindOf(places.journal);
  if (kind === null) return clearUp(disk, directory);
  const bytes = kind === 'file' ? await disk.read(places.journal) : null;
  const journal = bytes === null ? null : parseJournal(new TextDecoder().decode(bytes));
  if (journal === null) {
    throw new UserError('E_BAD_RECORD', `${places.journal} is not readable`, {
      exit: EXIT.data,
      hint: `an interrupted run left it; compare the files by hand, then delete ${places.journal}`,
    });
  }
  if (journal.direction === 'forward') await goForward(disk, directory, journal);
  else await goBack(disk, directory, journal);
  await finish(disk, directory);
}

function placesIn(directory: string): { state: string; next: string; last: string; journal: string; draft: string } {
  const state = join(directory, STATE_FOLDER);
  return {
    state,
    next: join(state, 'tmp-next'),
    last: join(state, 'tmp-last'),
    journal: join(state, 'tmp-journal.json'),
    draft: join(state, 'tmp-journal-draft.json'),
  };
}

async function journalOf(disk: FileSystem, directory: string, changes: readonly Change[]): Promise<Journal> {
  const folders = new Set<string>();
  for (const { path, text } of changes) {
    for (const folder of text === null ? [] : foldersOf(path)) {
      if (folder !== STATE_FOLDER && (await disk.kindOf(join(directory, folder))) === null) folders.add(folder);
    }
  }
  return {
    form: 1,
    direction: 'forward',
    changes: changes.map(({ path, text, before }) => ({ path, before, after: text === null ? null : digestOf(text) })),
    folders: [...folders].sort((a, b) => b.length - a.length),
  };
}

async function stage(disk: FileSystem, directory: string, changes: readonly Change[]): Promise<void> {
  const { next, last } = placesIn(directory);
  await disk.makeFolder(next);
  await disk.makeFolder(last);
  await severalAtOnce(changes.entries(), async ([index, { path, text, before }]) => {
    if (text !== null) await disk.create(join(next, String(index)), text);
    if (before !== null) await disk.keep(join(directory, path), join(last, String(index)));
  });
  await disk.syncFolder(next);
  await disk.syncFolder(last);
}

// A rename puts the whole journal there or nothing.
async function writeJournal(disk: FileSystem, directory: string, journal: Journal): Promise<void> {
  const places = placesIn(directory);
  await disk.remove(places.draft);
  await disk.create(places.draft, formatJournal(journal));
  await disk.rename(places.draft, places.journal);
  await disk.syncFolder(places.state);
}

// The paths that hold neither the old nor the new text: somebody has changed them, and they are left alone.
async function goForward(disk: FileSystem, directory: string, { changes }: Journal): Promise<string[]> {
  const { next } = placesIn(directory);
  const touched = new Set<string>();
  const changed: string[] = [];
  for (const [index, { path, before, after }] of changes.entries()) {
    const staged = join(next, String(index));
    const there = await digestAt(disk, directory, path);
    if (there !== before) {
      if (there !== after) changed.push(path);
      // What a run did that was cut off may not have reached the disk yet.
      else for (const folder of foldersAround(directory, path)) touched.add(folder);
      continue;
    }
    const target = join(directory, path);
    if (after === null) {
      await disk.remove(target);
    } else {
      if (!(await isStaged(disk, staged, after))) continue;
      await disk.makeFolder(dirname(target));
      await disk.rename(staged, target);
    }
    for (const folder of foldersAround(directory, path)) touched.add(folder);
  }
  await removeEmptied(disk, directory, changes);
  await severalAtOnce(touched, async (folder) => {
    if ((await disk.isFolder(folder)) === true) await disk.syncFolder(folder);
  });
  return changed;
}

// A new folder is on the disk only when the folder around it is.
function foldersAround(directory: string, path: string): readonly string[] {
  return [directory, ...foldersOf(path).map((folder) => join(directory, folder))];
}

// Folders that lost their last file, innermost first.
async function removeEmptied(disk: FileSystem, directory: string, changes: Journal['changes']): Promise<void> {
  const folders = new Set(changes.flatMap(({ path, after }) => (after === null ? foldersOf(path) : [])));
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    if (folder === STATE_FOLDER) continue;
    if ((await disk.kindOf(join(directory, folder))) === 'directory')
      await disk.removeEmptyFolder(join(directory, folder));
  }
}

async function undo(
  disk: FileSystem,
  directory: string,
  { journal, thrown }: { readonly journal: Journal; readonly thrown: unknown },
): Promise<void> {
  try {
    await writeJournal(disk, directory, { ...journal, direction: 'back' });
    await goBack(disk, directory, journal);
    await finish(disk, directory);
  } catch (second) {
    if (codeOf(second) === undefined) throw second;
    throw new UserError('E_HALF_WRITTEN', `${directory} is written in part: ${codeOf(thrown) ?? String(thrown)}`, {
      exit: EXIT.io,
      hint: 'see to the disk, then run the command again: it completes what was begun',
      cause: thrown,
    });
  }
}

function changedMeanwhile(directory: string, paths: readonly string[]): UserError {
  const lines = paths.map((path) => `  ${join(directory, path)}`);
  return new UserError(
    'E_NOT_OURS',
    `changed by somebody else at this moment, nothing is written:\n${lines.join('\n')}`,
    {
      exit: EXIT.cannotWrite,
      hint: 'run the command again',
    },
  );
}

async function goBack(disk: FileSystem, directory: string, { changes, folders }: Journal): Promise<void> {
  const { last } = placesIn(directory);
  for (const [index, { path, before, after }] of changes.entries()) {
    if ((await digestAt(disk, directory, path)) !== after) continue;
    const kept = join(last, String(index));
    if (before === null) await disk.remove(join(directory, path));
    else if (await isStaged(disk, kept, before)) {
      await disk.makeFolder(dirname(join(directory, path)));
      await disk.rename(kept, join(directory, path));
    }
  }
  for (const folder of folders) await disk.removeEmptyFolder(join(directory, folder));
}

// Null when nothing is there; undefined for what is no file, so that it equals no digest.
async function digestAt(disk: FileSystem, directory: string, path: string): Promise<string | null | undefined> {
  const state = (await readDiskState(disk, directory, [path])).get(path);
  if (state?.kind === 'absent') return null;
  return state?.kind === 'file' ? state.sha256 : undefined;
}

async function isStaged(disk: FileSystem, path: string, digest: string): Promise<boolean> {
  const isInFolder = (await disk.kindOf(dirname(path))) === 'directory' && (await disk.kindOf(path)) === 'file';
  const bytes = isInFolder ? await disk.read(path) : null;
  return bytes !== null && digestOf(bytes) === digest;
}

async function finish(disk: FileSystem, directory: string): Promise<void> {
  const { journal, state } = placesIn(directory);
  await disk.remove(journal);
  await disk.syncFolder(state);
  await clearUp(disk, directory);
}

async function clearUp(disk: FileSystem, directory: string): Promise<void> {
  const { next, last, draft } = placesIn(directory);
  await disk.removeTree(next);
  await disk.removeTree(last);
  await disk.remove(draft);
}
