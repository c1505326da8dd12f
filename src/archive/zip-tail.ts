import { countOf } from '../base/text.ts';
import { badArchive } from './bad-archive.ts';

const RECORD_BYTES = 22;
/** The record and the longest comment. */
const TAIL_BYTES = RECORD_BYTES + 0xffff;
/** A number of 16 bits that says "see the zip64 record". */
const SEE_ZIP64 = 0xffff;

/**
 * Holds the last bytes of a zip archive and checks them: the end record (APPNOTE 4.3.16) must end the file, and must count as many
 * members as were found. Without this a truncated archive would look complete after its last whole member.
 */
export function zipTail(): {
  push(chunk: Uint8Array): void;
  /** Throws UserError `E_BAD_ARCHIVE`. */
  check(members: number, archive: string): void;
} {
  // The last bytes stand before `end`; only when the buffer is full they are moved to its beginning.
  const buffer = Buffer.alloc(4 * TAIL_BYTES);
  let end = 0;
  return {
    push(chunk) {
      const piece = chunk.subarray(Math.max(0, chunk.length - TAIL_BYTES));
      if (end + piece.length > buffer.length) {
        buffer.copyWithin(0, end - TAIL_BYTES, end);
        end = TAIL_BYTES;
      }
      buffer.set(piece, end);
      end += piece.length;
    },
    check(members, archive) {
      const record = endRecord(buffer.subarray(0, end));
      if (record === null) throw badArchive(archive, 'is truncated: the directory at its end is missing');
      if (record.after > 0) throw badArchive(archive, `has ${countOf(record.after, 'byte')} after its end`);
      // Some writers let the number overflow instead of writing a zip64 record.
      if (record.members !== SEE_ZIP64 && record.members !== members % 0x10000) {
        throw badArchive(archive, `has ${countOf(members, 'member')}, but its directory lists ${record.members}`);
      }
    },
  };
}

/** The last end record that fits into the tail, and how many bytes follow it. */
function endRecord(tail: Buffer): { readonly members: number; readonly after: number } | null {
  for (let at = tail.length - RECORD_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== 0x06054b50) continue;
    const after = tail.length - (at + RECORD_BYTES + tail.readUInt16LE(at + 20));
    if (after >= 0) return { members: tail.readUInt16LE(at + 10), after };
  }
  return null;
}
