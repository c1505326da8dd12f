import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { UserError } from '../base/user-error.ts';
import { badArchive, memberTooLarge, tooLarge, tooManyMembers } from './bad-archive.ts';
import { memberPath } from './member-path.ts';
import type { ArchiveContext, ArchiveMember } from './read-archive.ts';

/**
 * Reads a tar archive (v7, ustar, pax and GNU) member by member. `endMark`: an archive whose last block is not of zeros is truncated.
 * Throws as `readArchive` does; errors of `bytes` itself are passed on unchanged.
 */
export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  context: ArchiveContext,
  options: { readonly endMark: boolean },
): AsyncGenerator<ArchiveMember> {
  const extract = tar.extract(EXTRACT_OPTIONS);
  const meter = metered(bytes, context, options.endMark);
  const feeding = pipeline(meter.bytes, extract);
  feeding.catch(() => undefined);
  let members = 0;
  try {
    for await (const entry of extract) {
      if (++members > context.limits.members) throw tooManyMembers(context.name, context.limits.members);
      if (entry.header.size > context.limits.unpackedBytes) throw tooLarge(context.name, context.limits.unpackedBytes);
      const { member, close } = memberOf(entry, context, (error) => meter.failure() ?? damaged(context.name, error));
      // The root folder itself (`./`) is no member of anything.
      if (member.path !== '') yield member;
      close();
      entry.resume();
    }
    await feeding;
  } catch (error) {
    throw meter.failure() ?? damaged(context.name, error);
  } finally {
    extract.destroy();
    // Waits until the source is closed. What this rejects with has been thrown above, or is ERR_STREAM_PREMATURE_CLOSE because the
    // consumer stopped early, which is no fault.
    await feeding.catch(() => undefined);
  }
}

/** The library's types do not know its option for archives of before ustar. */
const EXTRACT_OPTIONS = { highWaterMark: 64 * 1024, allowUnknownFormat: true };

type Entry = { readonly header: tar.Header } & AsyncIterable<unknown>;

function memberOf(
  entry: Entry,
  context: ArchiveContext,
  explain: (error: unknown) => unknown,
): { readonly member: ArchiveMember; readonly close: () => void } {
  const { header } = entry;
  const path = memberPath(header.name, context.name);
  let open = true;
  async function bytes(limit = context.limits.memberBytes): Promise<Uint8Array> {
    if (!open) throw new Error(`${path} can no longer be read`);
    open = false;
    if (header.size > limit) throw memberTooLarge(context.name, path, limit);
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
    } catch (error) {
      throw explain(error);
    }
    return Buffer.concat(chunks);
  }
  const close = () => {
    open = false;
  };
  return { member: { path, kind: kindOf(header), size: header.size, bytes }, close };
}

function kindOf(header: tar.Header): ArchiveMember['kind'] {
  if (header.type === 'directory') return 'directory';
  if (header.type !== 'file' && header.type !== 'contiguous-file') return 'link';
  // Before ustar a directory was a file with a slash at the end of its name.
  return header.name.endsWith('/') ? 'directory' : 'file';
}

/** Counts what goes by, and keeps the first error: what the pipeline makes of it further down says less. */
function metered(
  bytes: AsyncIterable<Uint8Array>,
  context: ArchiveContext,
  endMark: boolean,
): { readonly bytes: AsyncGenerator<Uint8Array>; readonly failure: () => unknown } {
  let failure: unknown;
  async function* pass(): AsyncGenerator<Uint8Array> {
    let total = 0;
    let zeros = 0;
    try {
      for await (const chunk of bytes) {
        total += chunk.length;
        if (total > context.limits.unpackedBytes) throw tooLarge(context.name, context.limits.unpackedBytes);
        if (endMark) zeros = trailingZeros(chunk, zeros);
        yield chunk;
      }
      if (endMark && zeros < BLOCK_BYTES)
        throw badArchive(context.name, 'is truncated: it ends without the end mark of tar');
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { bytes: pass(), failure: () => failure };
}

const BLOCK_BYTES = 512;

function trailingZeros(chunk: Uint8Array, before: number): number {
  let count = 0;
  while (count < chunk.length && count < BLOCK_BYTES && chunk[chunk.length - 1 - count] === 0) count++;
  return count === chunk.length ? before + count : count;
}

function damaged(archive: string, error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  if (error.message === 'Unexpected end of data')
    return badArchive(archive, 'is truncated: it ends inside of a member', error);
  if (/^(?:Invalid (?:tar )?header|Header exceeds)/.test(error.message)) {
    return badArchive(archive, 'is damaged, or has other data after its end: a tar header is expected there', error);
  }
  return error;
}
