import { EXIT, UserError, userErrorsOf } from '../base/user-error.ts';
import { codeOf } from './file-system.ts';

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'the system does not permit it'],
  ['EROFS', 'the disk is read-only'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EEXIST', 'something else is there'],
  ['EISDIR', 'it is a folder'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'its links go in a circle'],
  ['ENOENT', 'a part of the path is gone'],
]);

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'your share of the disk is used up'],
  ['EIO', 'the disk fails'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
]);

/**
 * An error of the system as UserError E_CANNOT_WRITE with the path: exit 73 where the place cannot be written, 74 where the disk
 * fails. User errors and defects of this program come back as they are.
 */
export function ioError(thrown: unknown, directory: string): unknown {
  const code = codeOf(thrown);
  if (code === undefined || userErrorsOf(thrown) !== undefined) return thrown;
  // Other codes, such as those that start with ERR_, are Node's about wrong use.
  if (!/^E[A-Z0-9]+$/u.test(code)) return thrown;
  const why = MEANINGS.get(code) ?? FAILURES.get(code) ?? code;
  return new UserError('E_CANNOT_WRITE', `cannot write ${placeOf(thrown) ?? directory}: ${why}`, {
    exit: MEANINGS.has(code) ? EXIT.cannotWrite : EXIT.io,
    hint: MEANINGS.has(code)
      ? 'name a folder that you may write with -o'
      : 'see to the disk, then run the command again',
    cause: thrown,
  });
}

// The target of a rename tells more than the temporary file that was to be moved there.
function placeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error)) return null;
  if ('dest' in thrown && typeof thrown.dest === 'string') return thrown.dest;
  return 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : null;
}
