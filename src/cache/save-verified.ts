import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** Files that are being written. A run that a signal ends gets no chance to remove them but at its exit. */
const unfinished = new Set<string>();

/**
 * Writes a stream to the file `to`, which is there whole and with the right sha256 (hex) or not at all: the bytes go to a file beside
 * it that is renamed at the end, and is removed when the process exits before. An older file is replaced; missing folders are made. `to` is a path of the user's: a file name that
 * comes from an index goes through `plainFileName` first.
 *
 * Throws UserError `E_DIGEST_MISMATCH` (65), `E_CANNOT_WRITE` (73), and errors of the source unchanged.
 */
export async function saveVerified(
  source: AsyncIterable<Uint8Array>,
  options: { readonly sha256: string; readonly to: string },
): Promise<void> {
  const folder = path.dirname(options.to);
  const temporary = path.join(folder, `.${randomUUID()}.part`);
  const file = await writing(options.to, async () => {
    await mkdir(folder, { recursive: true });
    return await open(temporary, 'wx');
  });
  if (unfinished.size === 0) process.on('exit', removeUnfinished);
  unfinished.add(temporary);
  try {
    try {
      checkDigest(await writeAll(source, file, options.to), options);
      await writing(options.to, () => file.sync());
    } finally {
      await file.close();
    }
    await writing(options.to, () => rename(temporary, options.to));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    unfinished.delete(temporary);
    if (unfinished.size === 0) process.off('exit', removeUnfinished);
  }
}

/**
 * The name, if it can stand in a folder as it is and shows in a listing: no separator, no leading dot, no control character.
 * Throws UserError `E_BAD_FILE_NAME` (65).
 */
export function plainFileName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.+!~-]{0,254}$/.test(name)) return name;
  throw new UserError('E_BAD_FILE_NAME', `'${oneLine(name)}' cannot be the name of a file`, {
    hint: 'the index gives a file a name that no archive of a Python project has',
    exit: EXIT.data,
  });
}

function removeUnfinished(): void {
  for (const file of unfinished) rmSync(file, { force: true });
}

async function writeAll(source: AsyncIterable<Uint8Array>, file: FileHandle, to: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source) {
    hash.update(chunk);
    await writing(to, () => file.writeFile(chunk));
  }
  return hash.digest('hex');
}

function checkDigest(found: string, { sha256, to }: { readonly sha256: string; readonly to: string }): void {
  if (found === sha256.toLowerCase()) return;
  throw new UserError(
    'E_DIGEST_MISMATCH',
    `${oneLine(path.basename(to))} has the sha256 ${found}, but ${oneLine(sha256)} is expected`,
    { hint: 'the file was changed on its way or on the index; nothing was written', exit: EXIT.data },
  );
}

/** Runs an action on the file and tells its failure in terms of the file that the user asked for. */
async function writing<Result>(to: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    const detail = error instanceof Error ? oneLine(error.message) : '';
    throw new UserError('E_CANNOT_WRITE', `${oneLine(to)} cannot be written (${detail})`, {
      exit: EXIT.cannotWrite,
      cause: error,
    });
  }
}
