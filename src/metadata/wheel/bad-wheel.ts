import { oneLine } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';

/**
 * The error for a wheel that cannot be read, or is not what its file name says: `E_BAD_WHEEL`, exit 65.
 * `fault` goes on after the file name: `has no METADATA`. Both may hold text from outside.
 */
export function badWheel(filename: string, fault: string, cause?: unknown): UserError {
  return new UserError('E_BAD_WHEEL', `the wheel ${oneLine(filename)} ${oneLine(fault)}`, {
    hint: 'the file is broken or was made with ill intent; choose another version or file of the project',
    exit: EXIT.data,
    cause,
  });
}
