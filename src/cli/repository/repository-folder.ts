import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';
import { codeOf } from '../../repository/file-system.ts';
import { MANIFEST_PATH } from '../../repository/manifest.ts';

/** The name of the lock file in a repository. */
export const LOCK_PATH = 'pylock.toml';

/**
 * The folder of the repository that a command is for, absolute: the one that the user names, else the working directory or the nearest folder around it with a manifest.
 * Throws UserError E_NO_REPOSITORY (exit 2) where there is none.
 */
export function repositoryRoot({
  directory,
  given,
}: {
  readonly directory: string;
  readonly given: string | null;
}): string {
  if (given !== null) {
    const folder = path.resolve(directory, given);
    if (existsSync(path.join(folder, MANIFEST_PATH))) return folder;
    throw noRepository(`${given} has no ${MANIFEST_PATH}`);
  }
  for (let folder = path.resolve(directory); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, MANIFEST_PATH))) return folder;
    if (path.dirname(folder) === folder) break;
  }
  throw noRepository(`there is no ${MANIFEST_PATH} here or in a folder around`);
}

/** The text of a file of the user; null when nothing is there. Throws UserError E_CANNOT_READ (exit 74). */
export async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') return null;
    throw new UserError('E_CANNOT_READ', `${file} cannot be read: ${code ?? String(cause)}`, {
      exit: EXIT.io,
      hint: 'look at what is there, and at its permissions',
      cause,
    });
  }
}

function noRepository(message: string): UserError {
  return new UserError('E_NO_REPOSITORY', message, {
    exit: EXIT.usage,
    hint: 'start a repository with pypi2nix init, or name its folder with --repository',
  });
}
