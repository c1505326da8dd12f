import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hashingStream } from '../archive/digest.ts';
import { type ArchiveMember, readArchive } from '../archive/read-archive.ts';
import { excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { HttpClient } from '../net/http-client.ts';
import { redactUrl } from '../net/redact.ts';
import { retrying } from '../net/retry.ts';
import { type ArchiveAddress, archiveFilename } from '../pep/source-address.ts';
import type { ArchiveStore } from './archive-store.ts';
import { badSource } from './bad-source.ts';
import { checkArchive } from './check-archive.ts';

/** An archive whose digest is known and checked. */
export interface OpenedArchive {
  readonly filename: string;
  /** Hex. */
  readonly sha256: string;
  /** Where it lies on this machine, absolute. */
  readonly file: string;
  /** Its members, as often as they are asked for. */
  readonly members: () => AsyncGenerator<ArchiveMember>;
}

/** What an address of somebody else may make this machine keep; sources of Python projects stay far below. */
const MOST_BYTES = 1024 ** 3;

export interface OpenArchiveOptions {
  readonly http: HttpClient;
  readonly store: ArchiveStore;
  /** Take what the address held when it was last asked. */
  readonly offline: boolean;
}

/**
 * Gets an archive by its address, from the network or this machine, and computes its digest. One whose digest the address names is downloaded once on a machine.
 *
 * Throws UserError E_DIGEST_MISMATCH (exit 65) where the address demands another, E_NO_SUCH_SOURCE (74) for a file that is not there, E_ARCHIVE_MISSING (69) where the
 * server does not have it, and errors of the network.
 */
export async function openArchive(address: ArchiveAddress, options: OpenArchiveOptions): Promise<OpenedArchive> {
  const filename = archiveFilename(address);
  const opened = address.url.startsWith('file:')
    ? await localArchive(fileURLToPath(address.url))
    : ((await keptArchive(address, options)) ??
      (await retrying(filename, () => downloaded(address.url, { filename, ...options }))));
  const { sha256, file } = opened;
  checkArchive(address, { filename, sha256 });
  return { filename, sha256, file, members: () => readArchive(createReadStream(file), { name: filename }) };
}

interface ArchiveFile {
  readonly sha256: string;
  readonly file: string;
}

async function localArchive(file: string): Promise<ArchiveFile> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile)
    throw new UserError('E_NO_SUCH_SOURCE', `${excerpt(file)} is no file that can be read`, {
      exit: EXIT.io,
      hint: 'a relative path is taken from the working directory',
    });
  return { sha256: await digestOfFile(file), file };
}

/** What is in the store already; a file that was changed there counts as missing. */
async function keptArchive(
  { url, sha256 }: ArchiveAddress,
  { store, offline }: OpenArchiveOptions,
): Promise<ArchiveFile | null> {
  const wanted = sha256 ?? (offline ? await store.lastOf(url) : null);
  const file = wanted === null ? null : await store.find(wanted);
  if (wanted === null || file === null) return null;
  return (await digestOfFile(file)) === wanted ? { sha256: wanted, file } : null;
}

async function digestOfFile(file: string): Promise<string> {
  const hashed = hashingStream(createReadStream(file));
  for await (const _chunk of hashed.bytes);
  return hashed.digest();
}

async function downloaded(
  url: string,
  { filename, http, store }: OpenArchiveOptions & { readonly filename: string },
): Promise<ArchiveFile> {
  const response = await http.get({ url, what: filename, raw: true });
  if (response.status !== 200) {
    await response.discard();
    throw missing(redactUrl(url), response.status);
  }
  return store.keep(url, limited(response.body, redactUrl(url)));
}

async function* limited(source: AsyncIterable<Uint8Array>, label: string): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MOST_BYTES) throw badSource(label, `has more than ${MOST_BYTES} bytes`);
    yield chunk;
  }
}

function missing(url: string, status: number): UserError {
  const isRefused = status === 401 || status === 403;
  return new UserError(
    isRefused ? 'E_ARCHIVE_DENIED' : 'E_ARCHIVE_MISSING',
    `${url}: the server ${isRefused ? 'refuses access' : 'does not have it'} (HTTP ${status})`,
    {
      exit: EXIT.unavailable,
      hint: isRefused ? 'put the credentials for the host into ~/.netrc' : 'check the address',
    },
  );
}
