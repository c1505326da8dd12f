import { memberPath } from '../../archive/member-path.ts';
import { countOf } from '../../base/text.ts';
import { badWheel } from './bad-wheel.ts';
import type { ByteSource } from './byte-source.ts';
import { type ZipEnd, zipEnd } from './zip-end.ts';

/** A file as the directory of a zip archive lists it; folders are left out. */
export interface ZipEntry {
  /** Relative, `/`-separated, checked: nothing outside of the archive. */
  readonly path: string;
  /** As it is stored, to compare with the local header. */
  readonly storedName: Buffer;
  readonly isEncrypted: boolean;
  /** 0: stored, 8: deflated; others cannot be read. */
  readonly method: number;
  readonly crc: number;
  /** Bytes as stored. */
  readonly packedSize: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Where its local header starts. */
  readonly offset: number;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where all members begin, folders too, in order; the last one is where the directory itself begins. */
  readonly offsets: readonly number[];
}

/** Holds some 100,000 members with long names. */
const MAX_DIRECTORY_BYTES = 16 * 1024 ** 2;
const HEADER_BYTES = 46;
const HEADER_SIGNATURE = 0x02014b50;
/** A number of 32 bits that says "see the zip64 field". */
const SEE_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;

/**
 * Reads the central directory of a zip archive (APPNOTE 4.3.12), zip64 too. Throws UserError `E_BAD_WHEEL` when it is missing, damaged,
 * larger than 16 MiB, or names a path outside of the archive. With `only`, members are listed whose names have this in them: a large wheel has ten
 * thousand others.
 */
export async function readDirectory(
  source: ByteSource,
  wheel: string,
  only: string | null = null,
): Promise<ZipDirectory> {
  const end = await zipEnd(source, wheel);
  if (end.directorySize > MAX_DIRECTORY_BYTES) {
    throw badWheel(wheel, `has a directory of more than ${countOf(MAX_DIRECTORY_BYTES, 'byte')}`);
  }
  if (end.directoryOffset + end.directorySize > end.offset) {
    throw badWheel(wheel, 'has a directory that lies outside of it');
  }
  const bytes = await source.read(end.directoryOffset, end.directoryOffset + end.directorySize);
  return parseDirectory(bytes, { end, wheel, only: only === null ? null : Buffer.from(only) });
}

function parseDirectory(
  bytes: Buffer,
  { end, wheel, only }: { readonly end: ZipEnd; readonly wheel: string; readonly only: Buffer | null },
): ZipDirectory {
  const entries: ZipEntry[] = [];
  const offsets: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + HEADER_BYTES > bytes.length || bytes.readUInt32LE(at) !== HEADER_SIGNATURE) {
      throw badWheel(wheel, 'has a damaged directory');
    }
    const nameEnd = at + HEADER_BYTES + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const next = extraEnd + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw badWheel(wheel, 'has a damaged directory');
    const storedName = bytes.subarray(at + HEADER_BYTES, nameEnd);
    const header = bytes.subarray(at, nameEnd);
    const { size, packedSize, offset } = sizesOf(header, bytes.subarray(nameEnd, extraEnd), wheel);
    if (offset >= end.directoryOffset) throw badWheel(wheel, 'lists a member that lies outside of it');
    offsets.push(offset);
    at = next;
    if (only !== null && !storedName.includes(only)) continue;
    const name = storedName.toString('utf8');
    const path = memberPath(name, wheel);
    if (!name.endsWith('/')) {
      const flags = header.readUInt16LE(8);
      entries.push({
        path,
        storedName,
        isEncrypted: (flags & 1) !== 0,
        method: header.readUInt16LE(10),
        crc: header.readUInt32LE(16),
        packedSize,
        size,
        offset,
      });
    }
  }
  if (end.members !== null && end.members !== offsets.length) {
    throw badWheel(wheel, `has a directory of ${countOf(offsets.length, 'member')} that is to have ${end.members}`);
  }
  offsets.push(end.directoryOffset);
  return { entries, offsets: offsets.sort((a, b) => a - b) };
}

/** zip64 = *( id size data ); the data of id 1 has those of size, packed size and offset that did not fit into 32 bits. */
function sizesOf(header: Buffer, extra: Buffer, wheel: string): Pick<ZipEntry, 'size' | 'packedSize' | 'offset'> {
  const size = header.readUInt32LE(24);
  const packedSize = header.readUInt32LE(20);
  const offset = header.readUInt32LE(42);
  if (size !== SEE_ZIP64 && packedSize !== SEE_ZIP64 && offset !== SEE_ZIP64) return { size, packedSize, offset };
  const field = extraField(extra, ZIP64_FIELD);
  let at = 0;
  const long = (short: number): number => {
    if (short !== SEE_ZIP64) return short;
    if (field === null || at + 8 > field.length) throw badWheel(wheel, 'has a damaged zip64 field');
    const value = Number(field.readBigUInt64LE(at));
    at += 8;
    return value;
  };
  return { size: long(size), packedSize: long(packedSize), offset: long(offset) };
}

function extraField(extra: Buffer, wanted: number): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === wanted && end <= extra.length) return extra.subarray(at + 4, end);
    at = end;
  }
  return null;
}
