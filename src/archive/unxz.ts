import { badArchive, detailOf } from './bad-archive.ts';

/**
 * Decompresses xz (the .xz file format 1.2). The library decodes one stream at a time in the whole program: an archive that is left
 * half-read must be closed, or the next one waits for ever. Throws UserError `E_BAD_ARCHIVE` for damaged or truncated data.
 */
export async function* unxz(source: AsyncIterable<Uint8Array>, archive: string): AsyncGenerator<Uint8Array> {
  const library = await import('xz-decompress');
  // Loaders differ in whether they see the names of this CommonJS bundle.
  const XzReadableStream = library.XzReadableStream ?? library.default.XzReadableStream;
  let ended = false;
  async function* watched(): AsyncGenerator<Uint8Array> {
    // The library stops at a piece without bytes as if it were the end.
    for await (const chunk of source) if (chunk.length > 0) yield chunk;
    ended = true;
  }
  const input = ReadableStream.from(watched());
  const output = new XzReadableStream(input);
  try {
    for await (const chunk of output) if (chunk.length > 0) yield chunk;
  } catch (error) {
    throw badArchive(
      archive,
      ended ? 'is truncated: its xz data ends too early' : `has damaged xz data${detailOf(error)}`,
      error,
    );
  }
}
