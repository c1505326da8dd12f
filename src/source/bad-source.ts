import { excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** The error for a folder or repository that cannot be read as a project: `E_BAD_SOURCE`, exit 65. `fault` goes on after its name. */
export function badSource(source: string, fault: string, cause?: unknown): UserError {
  return new UserError('E_BAD_SOURCE', `${excerpt(source)}: ${fault}`, {
    exit: EXIT.data,
    hint: 'name the folder, archive or revision that holds the project itself',
    cause,
  });
}
