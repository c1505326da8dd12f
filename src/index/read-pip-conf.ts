import { readFile } from 'node:fs/promises';
import { EXIT, UserError } from '../base/user-error.ts';
import type { PipConfFile } from './pip-conf.ts';

/**
 * Reads those of the paths that are there, in the given order. A file that is there but cannot be read is a UserError
 * `E_BAD_PIP_CONF`: to go on without it could ask another index than the user chose.
 */
export async function readPipConf(paths: readonly string[]): Promise<readonly PipConfFile[]> {
  const files = await Promise.all(paths.map(readIfThere));
  return files.filter((file) => file !== null);
}

async function readIfThere(path: string): Promise<PipConfFile | null> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    if (isAbsence(error)) return null;
    throw new UserError('E_BAD_PIP_CONF', `${path} cannot be read`, {
      exit: EXIT.config,
      hint: 'make it readable, or set PIP_CONFIG_FILE=/dev/null to ignore the files of pip',
      cause: error,
    });
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
