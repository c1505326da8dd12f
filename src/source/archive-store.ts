import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Archives that were had by their addresses, as files of a folder that are called by their sha256. */
export interface ArchiveStore {
  /** The file of an archive (`sha256` in hex); null where it is not here. */
  find(sha256: string): Promise<string | null>;
  /** The sha256 of what an address held when it was last asked; null where it never was. */
  lastOf(url: string): Promise<string | null>;
  /** Keeps what an address holds. Nothing stays of a stream that fails. */
  keep(url: string, source: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly file: string }>;
}

/** A store in a folder, which is made when something is kept. Where it cannot be written, in one that is there until the process ends. */
export function archiveStore(folder: string): ArchiveStore {
  let writable: Promise<string> | null = null;
  return {
    find: async (sha256) => {
      const file = path.join(folder, sha256);
      return (await isFile(file)) ? file : null;
    },
    lastOf: async (url) => {
      const text = await readFile(path.join(folder, pointerOf(url)), 'utf8').catch(() => '');
      return /^[0-9a-f]{64}$/u.test(text) ? text : null;
    },
    async keep(url, source) {
      writable ??= writableFolder(folder);
      const place = await writable;
      const kept = await saved(source, place);
      await writeFile(path.join(place, pointerOf(url)), kept.sha256);
      return kept;
    },
  };
}

/** An address is anything, so it is no name of a file. */
function pointerOf(url: string): string {
  return `${createHash('sha256').update(url).digest('hex')}.digest`;
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function writableFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch {
    const own = await mkdtemp(path.join(tmpdir(), 'pypi2nix-archives-'));
    process.on('exit', () => rmSync(own, { recursive: true, force: true }));
    return own;
  }
}

async function saved(
  source: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<{ readonly sha256: string; readonly file: string }> {
  const part = path.join(folder, `.${randomUUID()}.part`);
  // A run that a signal ends gets no chance to remove it but at its exit.
  const remove = (): void => rmSync(part, { force: true });
  process.on('exit', remove);
  try {
    const hash = createHash('sha256');
    const handle = await open(part, 'wx');
    try {
      for await (const chunk of source) {
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    const sha256 = hash.digest('hex');
    const file = path.join(folder, sha256);
    await rename(part, file);
    return { sha256, file };
  } finally {
    await rm(part, { force: true });
    process.off('exit', remove);
  }
}
