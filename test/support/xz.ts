import { crc32 } from 'node:zlib';

/** The longest piece that one uncompressed chunk of LZMA2 can hold. */
const CHUNK_BYTES = 0x10000;
const CHECK_CRC32 = 1;
const STREAM_FLAGS = Buffer.from([0, CHECK_CRC32]);

/**
 * Wraps bytes into the .xz file format 1.2 without compressing them (LZMA2 has chunks for that), because no encoder is at hand and
 * the decoder is what tests are about.
 */
export function packXz(bytes: Uint8Array): Buffer {
  const data = lzma2(bytes);
  // Header of 12 bytes: size in units of four, no flags, filter 0x21 (LZMA2) with one byte of properties: a dictionary of 64 KiB.
  const header = withCrc(Buffer.from([2, 0, 0x21, 1, 8, 0, 0, 0]));
  const block = padded(Buffer.concat([header, data]));
  const unpadded = header.length + data.length + 4;
  const index = withCrc(padded(Buffer.concat([Buffer.from([0, 1]), varint(unpadded), varint(bytes.length)])));
  const backward = Buffer.concat([uint32(index.length / 4 - 1), STREAM_FLAGS]);
  return Buffer.concat([
    Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    STREAM_FLAGS,
    uint32(crc32(STREAM_FLAGS)),
    block,
    uint32(crc32(bytes)),
    index,
    uint32(crc32(backward)),
    backward,
    Buffer.from('YZ'),
  ]);
}

function lzma2(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const piece = bytes.subarray(at, at + CHUNK_BYTES);
    // 1: uncompressed, with a new dictionary; 2: uncompressed, going on.
    const size = piece.length - 1;
    parts.push(Buffer.from([at === 0 ? 1 : 2, size >> 8, size & 0xff]), piece);
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function withCrc(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, uint32(crc32(bytes))]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
