import {
  closeSync,
  constants,
  copyFileSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { promisify } from 'node:util';

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
  /** Makes a second name for a file, which keeps its bytes when another file takes the first name; a copy on the disk where there are no second names. */
  keep(path: string, as: string): Promise<void>;
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

/**
 * The disk of this machine. Only waiting until something is on the disk is given to threads, where it takes its time: to hand a look at a file to one takes several
 * times as long as the look, and a repository has thousands.
 */
export const DISK: FileSystem = {
  async kindOf(path) {
    const stats = unlessMissing(() => lstatSync(path, { throwIfNoEntry: false }));
    if (stats === undefined) return null;
    if (stats.isSymbolicLink()) return 'link';
    if (stats.isDirectory()) return 'directory';
    return stats.isFile() ? 'file' : 'other';
  },
  async isFolder(path) {
    return unlessMissing(() => statSync(path, { throwIfNoEntry: false }))?.isDirectory() ?? null;
  },
  async read(path) {
    return unlessMissing(() => readFileSync(path)) ?? null;
  },
  async create(path, text) {
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, text);
      await flushed(file);
    } finally {
      closeSync(file);
    }
  },
  async keep(path, as) {
    try {
      linkSync(path, as);
    } catch (thrown) {
      if (!WITHOUT_SECOND_NAMES.has(codeOf(thrown) ?? '')) throw thrown;
      copyFileSync(path, as, constants.COPYFILE_EXCL);
      await sync(as);
    }
  },
  async rename(from, to) {
    renameSync(from, to);
  },
  async makeFolder(path) {
    mkdirSync(path, { recursive: true });
  },
  syncFolder: sync,
  async remove(path) {
    rmSync(path, { force: true });
  },
  async removeTree(path) {
    rmSync(path, { recursive: true, force: true });
  },
  async removeEmptyFolder(path) {
    try {
      rmdirSync(path);
    } catch (thrown) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(thrown) ?? '')) throw thrown;
    }
  },
};

/** What systems say where a file cannot have a second name: file systems without them, too many of one file, another one's file. */
const WITHOUT_SECOND_NAMES: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EXDEV',
]);

/** The code of an error of the system, for example `ENOENT`; undefined for other errors. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

const flushed = promisify(fsync);

async function sync(path: string): Promise<void> {
  const file = openSync(path, 'r');
  try {
    await flushed(file);
  } finally {
    closeSync(file);
  }
}

function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
