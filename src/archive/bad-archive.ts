import { countOf, oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/**
 * The error for an archive that cannot be read: `E_BAD_ARCHIVE`, exit 65.
 * `fault` goes on after the archive's name: `is an HTML page, not an archive`. Both may hold text from outside.
 */
export function badArchive(archive: string, fault: string, cause?: unknown): UserError {
  return new UserError('E_BAD_ARCHIVE', `the archive ${oneLine(archive)} ${oneLine(fault)}`, {
    hint: 'the file is broken or was made with ill intent; choose another version or file of the project',
    exit: EXIT.data,
    cause,
  });
}

/** The error of `bytes()` for a content above its limit: `E_MEMBER_TOO_LARGE`, exit 65. The archive itself is sound. */
export function memberTooLarge(archive: string, path: string, limit: number): UserError {
  return new UserError(
    'E_MEMBER_TOO_LARGE',
    `${oneLine(path)} in the archive ${oneLine(archive)} is larger than ${countOf(limit, 'byte')}`,
    { exit: EXIT.data },
  );
}

/** The error for an archive with more members than the limit allows. */
export function tooManyMembers(archive: string, limit: number): UserError {
  return badArchive(archive, `has more than ${countOf(limit, 'member')}`);
}

/** The error for an archive that unpacks to more than the limit allows. */
export function tooLarge(archive: string, limit: number): UserError {
  return badArchive(archive, `unpacks to more than ${countOf(limit, 'byte')}`);
}

/** What a library said about data that it could not decode, made to stand in brackets. */
export function detailOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? ` (${error.message})` : '';
}
