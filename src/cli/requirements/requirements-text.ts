import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';
import { redactText } from '../../net/redact.ts';
import { decodeRequirements } from '../../pep/requirements-encoding.ts';
import type { RequirementsText } from '../../pep/requirements-file.ts';
import { codeOf } from '../../repository/file-system.ts';

/**
 * Reads a requirements file; its name is that which the user gives, relative to `directory` (absolute).
 * Throws UserError E_CANNOT_READ (exit 74), and what `decodeRequirements` throws.
 */
export async function readRequirementsText(file: string, directory: string): Promise<RequirementsText> {
  if (file === '-')
    throw cannotRead(
      '-',
      'stdin is not read',
      'save the requirements as a file, or name /dev/stdin where the system has it',
    );
  if (isUrl(file))
    throw cannotRead(file, 'files behind a URL are not read', 'download it first, and look at what it asks for');
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.resolve(directory, file));
  } catch (cause) {
    throw cannotRead(file, whyNot(cause), 'give the path of a requirements file', cause);
  }
  return { name: file, text: decodeRequirements(bytes, file) };
}

/** The name of a file that another one includes: beside that one, as pip looks for it. */
export function includedName(reference: string, includedBy: string): string {
  if (isUrl(reference) || path.isAbsolute(reference)) return reference;
  return path.join(path.dirname(includedBy), reference);
}

function isUrl(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//iu.test(file);
}

function whyNot(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return codeOf(cause) ?? String(cause);
  }
}

function cannotRead(file: string, why: string, hint: string, cause?: unknown): UserError {
  return new UserError('E_CANNOT_READ', `${redactText(file)} cannot be read: ${why}`, { exit: EXIT.io, hint, cause });
}
