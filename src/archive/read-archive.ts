import { describeNoArchive, formatOf, HEAD_BYTES, type PackedFormat } from './archive-format.ts';
import { badArchive } from './bad-archive.ts';
import { bunzip2 } from './bunzip2.ts';
import { gunzip } from './gunzip.ts';
import { peek } from './peek.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';
import { unxz } from './unxz.ts';

export type ArchiveKind = 'tar' | 'zip';

/** One member of an archive, as it comes by. */
export interface ArchiveMember {
  /** Relative, `/`-separated, without `.`, `..` and empty segments. Unique only as far as the archive makes it so. */
  readonly path: string;
  /** `link` stands for all that is neither file nor directory: links of both sorts, devices, pipes. They are never followed. */
  readonly kind: 'file' | 'directory' | 'link';
  /** Bytes of the content; -1 where only its end would tell (a zip that was written as a stream). */
  readonly size: number;
  /**
   * Reads the content, once; only valid until the next member is asked for.
   * Above `limit` bytes (default: `memberBytes` of the limits) it throws UserError `E_MEMBER_TOO_LARGE`, and the archive can be read on.
   */
  bytes(limit?: number): Promise<Uint8Array>;
}

/** Where reading stops, so that a small download cannot fill the memory or run for hours. */
export interface ArchiveLimits {
  /** Bytes of the whole archive when unpacked. */
  readonly unpackedBytes: number;
  readonly members: number;
  /** Bytes of one member that is read. */
  readonly memberBytes: number;
}

/**
 * 2 GiB: the largest sdists hold some 500 MB, and unpacking 2 GiB takes about ten seconds. 200,000 members: the fullest sdists have
 * tens of thousands. 16 MiB: nobody writes metadata or a source file that long by hand.
 */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  unpackedBytes: 2 * 1024 ** 3,
  members: 200_000,
  memberBytes: 16 * 1024 ** 2,
};

/** What the readers of both kinds share: the archive's name for messages, and where to stop. */
export interface ArchiveContext {
  readonly name: string;
  readonly limits: ArchiveLimits;
}

/**
 * Streams a `.tar`, `.tar.gz`, `.tar.bz2`, `.tar.xz` or `.zip` member by member, in the order of the archive. The format is found
 * from the content; the name is for messages only. Members that are not read are passed over without being held in memory, and
 * nothing is ever written. The source is read to its end, so that a digest that is computed on the way is complete, unless the
 * consumer stops early; then the source is closed.
 *
 * Throws UserError `E_BAD_ARCHIVE` (exit 65) for what is no archive, is truncated or damaged, has bytes after its end, has a member
 * outside of it, or goes beyond the limits. An error of the source itself is passed on unchanged.
 */
export async function* readArchive(
  source: AsyncIterable<Uint8Array>,
  options: { readonly name: string; readonly limits?: ArchiveLimits },
): AsyncGenerator<ArchiveMember> {
  const context: ArchiveContext = { name: options.name, limits: options.limits ?? DEFAULT_ARCHIVE_LIMITS };
  const watched = watch(source);
  try {
    yield* membersOf(watched.bytes, context);
  } catch (error) {
    throw watched.failure() ?? error;
  }
}

/** A broken source breaks the decoder above it as well: the source's own error is the one to tell. */
function watch(source: AsyncIterable<Uint8Array>): { bytes: AsyncGenerator<Uint8Array>; failure: () => unknown } {
  let failure: unknown;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { bytes: bytes(), failure: () => failure };
}

async function* membersOf(source: AsyncGenerator<Uint8Array>, context: ArchiveContext): AsyncGenerator<ArchiveMember> {
  const { head, bytes } = await peek(source, HEAD_BYTES);
  try {
    const format = formatOf(head);
    if (format === null) throw badArchive(context.name, describeNoArchive(head));
    if (format === 'zip') yield* readZip(bytes, context);
    else if (format === 'tar') yield* readTar(bytes, context, { endMark: true });
    else {
      // The decoder of bzip2 can take a cut for an end, so tar's own end mark is demanded. The other compressions have a certain end,
      // and some old sdists lack the mark.
      yield* readPackedTar(unpack(bytes, format, context), context, { endMark: format === 'bzip2' });
    }
  } finally {
    await bytes.return(undefined);
  }
}

function unpack(
  bytes: AsyncIterable<Uint8Array>,
  format: PackedFormat,
  context: ArchiveContext,
): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'gzip':
      return gunzip(bytes, context.name);
    case 'bzip2':
      return bunzip2(bytes, context);
    case 'xz':
      return unxz(bytes, context.name);
  }
}

async function* readPackedTar(
  unpacked: AsyncGenerator<Uint8Array>,
  context: ArchiveContext,
  options: { readonly endMark: boolean },
): AsyncGenerator<ArchiveMember> {
  const { head, bytes } = await peek(unpacked, HEAD_BYTES);
  try {
    if (formatOf(head) !== 'tar')
      throw badArchive(context.name, 'is compressed, but what it holds is not a tar archive');
    yield* readTar(bytes, context, options);
  } finally {
    await bytes.return(undefined);
  }
}
