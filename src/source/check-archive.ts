import { excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { ArchiveAddress } from '../pep/source-address.ts';

/** Throws UserError E_DIGEST_MISMATCH (exit 65) for an archive whose digest is not the one that an address demands. */
export function checkArchive(
  address: Pick<ArchiveAddress, 'sha256'>,
  { filename, sha256 }: { readonly filename: string; readonly sha256: string },
): void {
  if (address.sha256 === null || address.sha256 === sha256) return;
  throw new UserError(
    'E_DIGEST_MISMATCH',
    `${excerpt(filename)} has the sha256 ${sha256}, but its address demands ${address.sha256}`,
    { exit: EXIT.data, hint: 'the file is another one than that which was meant; look at where it comes from' },
  );
}
