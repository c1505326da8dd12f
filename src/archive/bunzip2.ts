import process from 'node:process';
import { badArchive, detailOf, tooLarge } from './bad-archive.ts';
import type { ArchiveContext } from './read-archive.ts';

/** The decoder wants the whole file at once. Sdists in this form are from before 2017, and the largest are far below this. */
const PACKED_BYTES = 256 * 1024 ** 2;
const UNPACKED_BYTES = 512 * 1024 ** 2;
const CHUNK_BYTES = 64 * 1024;

/**
 * Decompresses bzip2, also of several streams in a row. Unlike the other formats it is held in memory as a whole, so its limits are
 * narrower. Throws UserError `E_BAD_ARCHIVE` for damaged or truncated data and beyond the limits.
 */
export async function* bunzip2(source: AsyncIterable<Uint8Array>, context: ArchiveContext): AsyncGenerator<Uint8Array> {
  const packed = await gather(source, context.name);
  const { default: library } = await import('seek-bzip');
  const output = chunkedOutput(Math.min(UNPACKED_BYTES, context.limits.unpackedBytes), context.name);
  try {
    withoutDeprecations(() => library.decode(packed, output, true));
  } catch (error) {
    // The decoder's errors are TypeErrors; RangeErrors come of sizes that damaged data states.
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    throw badArchive(
      context.name,
      `has damaged or truncated bzip2 data, or other data after its end${detailOf(error)}`,
      error,
    );
  }
  yield* output.chunks();
}

async function gather(source: AsyncIterable<Uint8Array>, archive: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of source) {
    held += chunk.length;
    if (held > PACKED_BYTES)
      throw badArchive(archive, `is compressed with bzip2 and larger than ${PACKED_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function chunkedOutput(limit: number, archive: string): { writeByte(byte: number): void; chunks(): Uint8Array[] } {
  const full: Uint8Array[] = [];
  let current = new Uint8Array(CHUNK_BYTES);
  let used = 0;
  return {
    writeByte(byte) {
      if (used === CHUNK_BYTES) {
        full.push(current);
        if (full.length * CHUNK_BYTES >= limit) throw tooLarge(archive, limit);
        current = new Uint8Array(CHUNK_BYTES);
        used = 0;
      }
      current[used++] = byte;
    },
    chunks: () => [...full, current.subarray(0, used)],
  };
}

/** The library calls `new Buffer()`, of which Node warns on stderr when the caller is bundled. */
function withoutDeprecations(action: () => void): void {
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  try {
    action();
  } finally {
    process.noDeprecation = before;
  }
}
