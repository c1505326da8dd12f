import { printable } from '../base/text.ts';
import { badArchive } from './bad-archive.ts';

/**
 * The path of a member: relative, without `.` and empty segments; '' for the root folder itself (`./`).
 * Throws UserError `E_BAD_ARCHIVE` for a name that would lie outside of the archive when unpacked on any system, or that no system
 * unpacks as it is written: absolute, with `..`, with a drive letter, a backslash or a NUL.
 */
export function memberPath(name: string, archive: string): string {
  const fault = faultOf(name);
  if (fault !== null) throw badArchive(archive, `has the member '${shown(name)}', ${fault}`);
  return name
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

function faultOf(name: string): string | null {
  if (name === '') return 'which has no name';
  if (name.includes('\0')) return 'which has a NUL in its name';
  if (name.includes('\\')) return 'which has a backslash in its name';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'which lies outside of it';
  if (name.split('/').includes('..')) return 'which lies outside of it';
  return null;
}

function shown(name: string): string {
  const text = printable(name);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
