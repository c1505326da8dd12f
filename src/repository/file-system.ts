import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';

/** What a path is, without following it when it is a link. */
export type FileKind = 'file' | 'directory' | 'link' | 'other';

/**
 * The steps on a disk that writing a repository is made of; tests let each of them fail.
 * Errors are those of the system, with their `code`.
 */
export interface FileSystem {
  /** Null when nothing is there. */
  kindOf(path: string): Promise<FileKind | null>;
  /** Whether the path is a folder or a link to one; null when nothing is there. */
  isFolder(path: string): Promise<boolean | null>;
  /** Null when nothing is there. */
  read(path: string): Promise<Uint8Array | null>;
  /** Makes a file that is not there yet, and returns when its bytes are on the disk. */
  create(path: string, text: string): Promise<void>;
  /** Makes a copy that is not there yet, and returns when its bytes are on the disk. */
  copy(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes a folder and those around it where they are missing. */
  makeFolder(path: string): Promise<void>;
  /** Returns when the names in the folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Nothing happens when nothing is there. */
  remove(path: string): Promise<void>;
  /** Removes a folder with all that is in it, links themselves and not what they point to. */
  removeTree(path: string): Promise<void>;
  /** Nothing happens when it is not empty or not there. */
  removeEmptyFolder(path: string): Promise<void>;
}

/** The disk of this machine. */
export const DISK: FileSystem = {
  async kindOf(path) {
    const stats = await unlessMissing(lstat(path));
    if (stats === null) return null;
    if (stats.isSymbolicLink()) return 'link';
    if (stats.isDirectory()) return 'directory';
    return stats.isFile() ? 'file' : 'other';
  },
  async isFolder(path) {
    return (await unlessMissing(stat(path)))?.isDirectory() ?? null;
  },
  read: (path) => unlessMissing(readFile(path)),
  async create(path, text) {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async copy(from, to) {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await sync(to);
  },
  rename,
  async makeFolder(path) {
    await mkdir(path, { recursive: true });
  },
  syncFolder: sync,
  remove: (path) => rm(path, { force: true }),
  removeTree: (path) => rm(path, { recursive: true, force: true }),
  async removeEmptyFolder(path) {
    try {
      await rmdir(path);
    } catch (thrown) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(thrown) ?? '')) throw thrown;
    }
  },
};

/** The code of an error of the system, for example `ENOENT`; undefined for other errors. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
