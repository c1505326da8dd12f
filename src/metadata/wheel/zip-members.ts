import { crc32, inflateRawSync } from 'node:zlib';
import { countOf } from '../../base/text.ts';
import { badWheel } from './bad-wheel.ts';
import type { ByteSource } from './byte-source.ts';
import type { ZipDirectory, ZipEntry } from './zip-directory.ts';

/** A member that is wanted, and how many bytes it may have. */
export interface WantedMember {
  readonly entry: ZipEntry;
  readonly limit: number;
}

interface Span {
  readonly from: number;
  to: number;
  readonly entries: ZipEntry[];
}

const LOCAL_BYTES = 30;
const LOCAL_SIGNATURE = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** Members with at most so many bytes between them come in one request, which costs more than the bytes. */
const NEAR_BYTES = 64 * 1024;
/** What deflate may add to data that it cannot make smaller, and more. */
const PACKED_SLACK_BYTES = 64 * 1024;

/**
 * The contents of some members, in the order of `wanted`, compared with the sizes and checksums of the directory.
 * Throws UserError `E_BAD_WHEEL` for a member that is damaged, encrypted, too large or packed in a way that cannot be read.
 */
export async function readMembers(
  source: ByteSource,
  directory: ZipDirectory,
  { wanted, wheel }: { readonly wanted: readonly WantedMember[]; readonly wheel: string },
): Promise<Buffer[]> {
  for (const { entry, limit } of wanted) checkReadable(entry, limit, wheel);
  const contents = new Map<ZipEntry, Buffer>();
  for (const span of spansOf(wanted, directory, wheel)) {
    const bytes = await source.read(span.from, span.to);
    for (const entry of span.entries) {
      contents.set(entry, contentOf(bytes.subarray(entry.offset - span.from), entry, wheel));
    }
  }
  return wanted.map(({ entry }) => contents.get(entry) ?? Buffer.alloc(0));
}

function checkReadable(entry: ZipEntry, limit: number, wheel: string): void {
  if (entry.size > limit || entry.packedSize > limit + PACKED_SLACK_BYTES) {
    throw badWheel(wheel, `has ${entry.path} with more than ${countOf(limit, 'byte')}`);
  }
  if (entry.isEncrypted) throw badWheel(wheel, `has ${entry.path} encrypted`);
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw badWheel(wheel, `has ${entry.path} compressed with method ${entry.method}, which cannot be read`);
  }
}

/** Pieces of the archive that hold the members, near ones together. */
function spansOf(wanted: readonly WantedMember[], directory: ZipDirectory, wheel: string): Span[] {
  const entries = wanted.map(({ entry }) => entry).sort((a, b) => a.offset - b.offset);
  const spans: Span[] = [];
  for (const entry of entries) {
    const to = endOf(entry, directory, wheel);
    const last = spans.at(-1);
    if (last === undefined || entry.offset - last.to > NEAR_BYTES) {
      spans.push({ from: entry.offset, to, entries: [entry] });
      continue;
    }
    last.to = Math.max(last.to, to);
    last.entries.push(entry);
  }
  return spans;
}

/** How long the local header is only it says itself; where the next member begins is the end in any case. */
function endOf(entry: ZipEntry, { offsets }: ZipDirectory, wheel: string): number {
  const next = offsets.find((offset) => offset > entry.offset) ?? entry.offset;
  const least = entry.offset + LOCAL_BYTES + entry.storedName.length + entry.packedSize;
  if (least > next) throw badWheel(wheel, `has ${entry.path} lying over the member after it`);
  return Math.min(next, least + 0xffff);
}

function contentOf(bytes: Buffer, entry: ZipEntry, wheel: string): Buffer {
  const damaged = (cause?: unknown) => badWheel(wheel, `is damaged: ${entry.path} cannot be read`, cause);
  if (bytes.length < LOCAL_BYTES || bytes.readUInt32LE(0) !== LOCAL_SIGNATURE) throw damaged();
  const nameEnd = LOCAL_BYTES + bytes.readUInt16LE(26);
  // Another name here is how an archive shows different files to different readers.
  if (!bytes.subarray(LOCAL_BYTES, nameEnd).equals(entry.storedName)) throw damaged();
  const start = nameEnd + bytes.readUInt16LE(28);
  const packed = bytes.subarray(start, start + entry.packedSize);
  if (packed.length < entry.packedSize) throw damaged();
  let content = packed;
  if (entry.method === DEFLATED) {
    try {
      content = inflated(packed, entry.size);
    } catch (error) {
      throw damaged(error);
    }
  }
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw damaged();
  return content;
}

/** What zlib takes for the size of a piece is at least this. */
const LEAST_CHUNK = 64;
const LARGEST_CHUNK = 256 * 1024;

// Synchronous: a member of a few kilobytes takes less time than to hand it to a thread.
function inflated(packed: Buffer, size: number): Buffer {
  const chunkSize = Math.min(LARGEST_CHUNK, Math.max(LEAST_CHUNK, size));
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, size), chunkSize });
}
