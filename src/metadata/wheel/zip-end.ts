import { countOf } from '../../base/text.ts';
import { badWheel } from './bad-wheel.ts';
import type { ByteSource } from './byte-source.ts';

/** What the end of a zip archive says about its directory. */
export interface ZipEnd {
  readonly directoryOffset: number;
  readonly directorySize: number;
  /** How many members it lists; null where the number overflowed. */
  readonly members: number | null;
  /** Where the first of the end records begins: the directory lies before it. */
  readonly offset: number;
}

const RECORD_BYTES = 22;
const RECORD_SIGNATURE = 0x06054b50;
const LOCATOR_BYTES = 20;
const LOCATOR_SIGNATURE = 0x07064b50;
const RECORD64_BYTES = 56;
const RECORD64_SIGNATURE = 0x06064b50;

/** The end record with the longest comment. */
export const TAIL_BYTES = RECORD_BYTES + 0xffff;

/** Reads the end record (APPNOTE 4.3.16), and that of zip64 (4.3.14) where it stands before it. Throws UserError `E_BAD_WHEEL`. */
export async function zipEnd(source: ByteSource, wheel: string): Promise<ZipEnd> {
  const tailOffset = Math.max(0, source.size - TAIL_BYTES);
  const tail = await source.read(tailOffset, source.size);
  const at = recordIn(tail);
  if (at === null) throw badWheel(wheel, 'is no zip archive, or is truncated: the directory at its end is missing');
  const after = tail.length - (at + RECORD_BYTES + tail.readUInt16LE(at + 20));
  if (after > 0) throw badWheel(wheel, `has ${countOf(after, 'byte')} after its end`);
  if (at >= LOCATOR_BYTES && tail.readUInt32LE(at - LOCATOR_BYTES) === LOCATOR_SIGNATURE) {
    return await zip64End(source, Number(tail.readBigUInt64LE(at - LOCATOR_BYTES + 8)), wheel);
  }
  const members = tail.readUInt16LE(at + 10);
  return {
    directoryOffset: tail.readUInt32LE(at + 16),
    directorySize: tail.readUInt32LE(at + 12),
    members: members === 0xffff ? null : members,
    offset: tailOffset + at,
  };
}

async function zip64End(source: ByteSource, offset: number, wheel: string): Promise<ZipEnd> {
  if (offset + RECORD64_BYTES > source.size) throw badWheel(wheel, 'has a zip64 record that lies outside of it');
  const record = await source.read(offset, offset + RECORD64_BYTES);
  if (record.readUInt32LE(0) !== RECORD64_SIGNATURE) throw badWheel(wheel, 'has a damaged zip64 record');
  return {
    directoryOffset: Number(record.readBigUInt64LE(48)),
    directorySize: Number(record.readBigUInt64LE(40)),
    members: Number(record.readBigUInt64LE(32)),
    offset,
  };
}

/** Where the last end record stands that fits into the tail with its comment. */
function recordIn(tail: Buffer): number | null {
  for (let at = tail.length - RECORD_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== RECORD_SIGNATURE) continue;
    if (at + RECORD_BYTES + tail.readUInt16LE(at + 20) <= tail.length) return at;
  }
  return null;
}
