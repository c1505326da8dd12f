/** Bytes that can be read at any place, such as a file behind HTTP ranges. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `from` up to, without, `to`: exactly so many, or an error. Both lie inside of the size. */
  read(from: number, to: number): Promise<Buffer>;
}

/** The bytes of a stream, all of them; null when there are more than `limit`. Then the stream is closed. */
export async function bytesWithin(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The bytes from `from` up to, without, `to` of a stream; fewer when it ends before. The stream is closed at `to`. */
export async function bytesBetween(stream: AsyncIterable<Uint8Array>, from: number, to: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of stream) {
    const piece = chunk.subarray(Math.max(0, from - at), Math.max(0, to - at));
    if (piece.length > 0) chunks.push(piece);
    at += chunk.length;
    if (at >= to) break;
  }
  return Buffer.concat(chunks);
}
