import { type FlateError, Unzip, type UnzipFile, UnzipInflate } from 'fflate';
import { UserError } from '../base/user-error.ts';
import { badArchive, detailOf, memberTooLarge, tooLarge, tooManyMembers } from './bad-archive.ts';
import { memberPath } from './member-path.ts';
import type { ArchiveContext, ArchiveMember } from './read-archive.ts';
import { zipTail } from './zip-tail.ts';

/** Deflate makes at most 1032 bytes of one, and what one slice unpacks to is held in memory. */
const SLICE_BYTES = 16 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** A member as the decoder finds it. Its content gathers in `chunks` while somebody may still want it. */
interface Found {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly size: number;
  chunks: Uint8Array[];
  held: number;
  /** Where gathering stops, in bytes; null when nobody wants the content. */
  wanted: number | null;
  complete: boolean;
}

/**
 * Reads a zip archive by its local headers as they come by, with or without data descriptors; its directory, which stands at the end,
 * is only compared in number. Links cannot be told from files this way: they come as files whose content is the target.
 * Throws as `readArchive` does; errors of `bytes` itself are passed on unchanged.
 */
export async function* readZip(
  bytes: AsyncGenerator<Uint8Array>,
  context: ArchiveContext,
): AsyncGenerator<ArchiveMember> {
  const decoder = zipDecoder(context);
  const slices = slicesOf(bytes);
  const tail = zipTail();
  let ended = false;
  /** Feeds one slice to the decoder; false after the last one. */
  async function pump(): Promise<boolean> {
    if (ended) return false;
    const next = await slices.next();
    ended = next.done === true;
    const slice = next.done === true ? NOTHING : next.value;
    tail.push(slice);
    decoder.push(slice, ended);
    return !ended;
  }

  for (let more = true; more; ) {
    more = await pump();
    for (let found = decoder.next(); found !== undefined; found = decoder.next()) {
      const { member, close } = memberOf(found, context, pump);
      if (member.path !== '') yield member;
      close();
    }
  }
  tail.check(decoder.members(), context.name);
}

const NOTHING = new Uint8Array(0);

function memberOf(
  found: Found,
  context: ArchiveContext,
  pump: () => Promise<boolean>,
): { readonly member: ArchiveMember; readonly close: () => void } {
  const { path, kind, size } = found;
  let open = true;
  async function bytes(limit = context.limits.memberBytes): Promise<Uint8Array> {
    if (!open) throw new Error(`${path} can no longer be read`);
    open = false;
    if (size > limit) throw memberTooLarge(context.name, path, limit);
    found.wanted = limit;
    while (!found.complete && found.held <= limit && (await pump()));
    const { held, chunks, complete } = found;
    drop(found);
    if (held > limit) throw memberTooLarge(context.name, path, limit);
    if (!complete) throw badArchive(context.name, `is damaged: ${path} has no end`);
    return Buffer.concat(chunks);
  }
  const close = () => {
    open = false;
    drop(found);
  };
  return { member: { path, kind, size, bytes }, close };
}

function drop(found: Found): void {
  found.wanted = null;
  found.chunks = [];
}

/** The decoder calls back while it is pushed; this turns the calls into a queue of members. */
function zipDecoder(context: ArchiveContext): {
  push(slice: Uint8Array, last: boolean): void;
  next(): Found | undefined;
  members(): number;
} {
  const queue: Found[] = [];
  let members = 0;
  let unpacked = 0;

  function start(file: UnzipFile): void {
    if (++members > context.limits.members) throw tooManyMembers(context.name, context.limits.members);
    const found = foundOf(file, context);
    if (file.compression !== STORED && file.compression !== DEFLATED) {
      throw badArchive(
        context.name,
        `has ${found.path} compressed with method ${file.compression}, which cannot be read`,
      );
    }
    queue.push(found);
    file.ondata = (error: FlateError | null, chunk: Uint8Array, final: boolean) => {
      if (error !== null) throw error;
      unpacked += chunk.length;
      if (unpacked > context.limits.unpackedBytes) throw tooLarge(context.name, context.limits.unpackedBytes);
      keep(found, chunk);
      found.complete = final;
    };
    file.start();
  }

  const unzip = new Unzip(start);
  unzip.register(UnzipInflate);
  return {
    push(slice, last) {
      try {
        unzip.push(slice, last);
      } catch (error) {
        throw damaged(context.name, error, last);
      }
    },
    next: () => queue.shift(),
    members: () => members,
  };
}

function foundOf(file: UnzipFile, context: ArchiveContext): Found {
  return {
    path: memberPath(file.name, context.name),
    kind: file.name.endsWith('/') ? 'directory' : 'file',
    size: file.originalSize ?? -1,
    chunks: [],
    held: 0,
    // Until its turn comes a member gathers at most what one slice unpacks to.
    wanted: Number.POSITIVE_INFINITY,
    complete: false,
  };
}

function keep(found: Found, chunk: Uint8Array): void {
  if (found.wanted === null) return;
  found.held += chunk.length;
  // A copy: the decoder uses its buffers again.
  if (found.held <= found.wanted) found.chunks.push(chunk.slice());
}

async function* slicesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) yield chunk.subarray(at, at + SLICE_BYTES);
  }
}

/** The decoder's own errors carry a number as `code`; others are ours or defects. */
function damaged(archive: string, error: unknown, last: boolean): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  if (!('code' in error) || typeof error.code !== 'number') return error;
  return badArchive(
    archive,
    last ? 'is truncated: it ends inside of a member' : `has damaged zip data${detailOf(error)}`,
    error,
  );
}
