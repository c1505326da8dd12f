import { DISK, type FileSystem } from '../../../src/repository/file-system.ts';

/** Stands for a process that is killed: nothing works after it. */
export class Killed extends Error {}

/** The disk with `before` called ahead of each step that changes something, with its number from 1 and its path. */
export function watchedDisk(before: (step: number, path: string) => void): FileSystem {
  let step = 0;
  const next = (path: string): void => {
    step += 1;
    before(step, path);
  };
  return {
    ...DISK,
    async create(path, text) {
      next(path);
      await DISK.create(path, text);
    },
    async keep(path, as) {
      next(as);
      await DISK.keep(path, as);
    },
    async rename(from, to) {
      next(to);
      await DISK.rename(from, to);
    },
    async makeFolder(path) {
      next(path);
      await DISK.makeFolder(path);
    },
    async syncFolder(path) {
      next(path);
      await DISK.syncFolder(path);
    },
    async remove(path) {
      next(path);
      await DISK.remove(path);
    },
    async removeTree(path) {
      next(path);
      await DISK.removeTree(path);
    },
    async removeEmptyFolder(path) {
      next(path);
      await DISK.removeEmptyFolder(path);
    },
  };
}

/** A disk on which step `failing` fails as the system would tell it, once. */
export function failingDisk(failing: number, code: string): FileSystem {
  return watchedDisk((step, path) => {
    if (step === failing) throw systemError(code, path);
  });
}

/** A disk of a process that is killed right before step `last`. */
export function killedDisk(last: number): FileSystem {
  return watchedDisk((step) => {
    if (step >= last) throw new Killed(`before step ${last}`);
  });
}

export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code, path, syscall: 'open' });
}

/** How many steps a piece of work takes. */
export async function countSteps(work: (disk: FileSystem) => Promise<unknown>): Promise<number> {
  let steps = 0;
  await work(
    watchedDisk((step) => {
      steps = step;
    }),
  );
  return steps;
}
