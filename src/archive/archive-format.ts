/** Compressions that a tar archive comes in. */
export type PackedFormat = 'gzip' | 'bzip2' | 'xz';

/** How many bytes `formatOf` needs to see: one header of a tar archive. */
export const HEAD_BYTES = 512;

/** The format of a file by its first bytes; null when it is none that sdists and wheels come in. */
export function formatOf(head: Uint8Array): PackedFormat | 'zip' | 'tar' | null {
  if (startsWith(head, [0x1f, 0x8b])) return 'gzip';
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz';
  if (startsWith(head, [0x42, 0x5a, 0x68])) return 'bzip2';
  // A member, or the end record of an archive without members.
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) return 'zip';
  return isTarHeader(head) ? 'tar' : null;
}

/** What a file that is no archive seems to be, to stand after its name: `is an HTML page, not an archive`. */
export function describeNoArchive(head: Uint8Array): string {
  if (head.length === 0) return 'is empty';
  const kind = KNOWN.find(([magic]) => startsWith(head, magic))?.[1];
  if (kind !== undefined) return `is ${kind}; only tar (plain, gzip, bzip2, xz) and zip can be read`;
  const text = Buffer.from(head)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('<?xml') && !text.includes('<html')) return 'is an XML document, not an archive';
  if (/^<(?:!doctype html|html|head|body|!--|\?xml)/.test(text)) return 'is an HTML page, not an archive';
  if (/^[{[]/.test(text)) return 'is a JSON text, not an archive';
  if (text.startsWith('version https://git-lfs')) return 'is a Git LFS pointer, not an archive';
  const bytes = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `is not an archive (it starts with the bytes ${bytes})`;
}

const KNOWN: readonly (readonly [magic: readonly number[], kind: string])[] = [
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with Zstandard'],
  [[0x1f, 0x9d], 'compressed with compress (.Z)'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip archive'],
  [[0x52, 0x61, 0x72, 0x21], 'a RAR archive'],
  [[0xed, 0xab, 0xee, 0xdb], 'an RPM package'],
  [[0x50, 0x4b, 0x07, 0x08], 'one part of a zip archive in several parts'],
];

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte);
}

/**
 * A block of 512 bytes whose checksum (bytes 148 to 155, counted as blanks, written in octal) is right: this holds for archives of
 * before `ustar` too. A block of zeros is the end mark, with which an archive without members starts.
 */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES) return false;
  let sum = 0;
  for (let index = 0; index < HEAD_BYTES; index++) sum += index >= 148 && index < 156 ? 0x20 : (head[index] ?? 0);
  if (sum === 8 * 0x20) return true;
  const field = Buffer.from(head.subarray(148, 156)).toString('latin1');
  const digits = /^[ \0]*([0-7]+)[ \0]/.exec(`${field}\0`)?.[1];
  return digits !== undefined && Number.parseInt(digits, 8) === sum;
}
