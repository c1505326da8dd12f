import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';

/** The text of a file; null when nothing is there. Throws UserError E_CANNOT_READ (exit 74). */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new UserError('E_CANNOT_READ', `${file} cannot be read`, { exit: EXIT.io, cause });
  }
}

/** Gives a file a text, with the folders around it: the new text or the old one, whenever the process ends. Throws UserError E_CANNOT_WRITE (exit 73). */
export function putFile(file: string, text: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const half = `${file}.part`;
    writeFileSync(half, text);
    renameSync(half, file);
  } catch (cause) {
    throw new UserError('E_CANNOT_WRITE', `${file} cannot be written`, { exit: EXIT.cannotWrite, cause });
  }
}
