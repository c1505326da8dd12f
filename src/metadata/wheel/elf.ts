/** What a shared object or program in the ELF format says of the libraries that it is loaded with. */
export interface ElfLinks {
  /** `DT_SONAME`: the name that others link it by; null where it has none. */
  readonly soname: string | null;
  /** `DT_NEEDED` in the order in which they stand; empty for what is linked statically, null for a file that is damaged. */
  readonly needed: readonly string[] | null;
}

/** Programs link some ten libraries, the largest some hundred. */
const MAX_NEEDED = 1000;
const MAX_NAME_BYTES = 255;

const LOADED = 1;
const DYNAMIC = 2;
const TAG = { end: 0, needed: 1, names: 5, soname: 14 } as const;

const DAMAGED: ElfLinks = { soname: null, needed: null };

/** Whether a file begins as ELF files do. */
export function isElf(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}

/**
 * Reads the dynamic section of an ELF file (System V ABI, chapters 4 and 5), of 32 or 64 bits and either order of bytes, by its program headers as the loader
 * does; sections are not needed for running and can be missing. Null for what is no ELF file. Never throws.
 */
export function readElf(bytes: Uint8Array): ElfLinks | null {
  if (!isElf(bytes)) return null;
  const file = elfFile(bytes);
  const segments = file === null ? null : segmentsOf(file);
  if (file === null || segments === null) return DAMAGED;
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  if (dynamic === undefined) return { soname: null, needed: [] };
  return linksOf(file, dynamic, segments);
}

/** Numbers at places of the file; null beyond its end. */
interface ElfFile {
  readonly bytes: Uint8Array;
  readonly is64: boolean;
  short(at: number): number | null;
  /** Four bytes. */
  word(at: number): number | null;
  /** As long as an address: four bytes or eight. */
  address(at: number): number | null;
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function elfFile(bytes: Uint8Array): ElfFile | null {
  const [, , , , bits, order] = bytes;
  if ((bits !== 1 && bits !== 2) || (order !== 1 && order !== 2)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === 1;
  const within = (at: number, size: number): boolean =>
    Number.isSafeInteger(at) && at >= 0 && at + size <= bytes.length;
  const word = (at: number): number | null => (within(at, 4) ? view.getUint32(at, little) : null);
  const long = (at: number): number | null => (within(at, 8) ? Number(view.getBigUint64(at, little)) : null);
  return {
    bytes,
    is64: bits === 2,
    short: (at) => (within(at, 2) ? view.getUint16(at, little) : null),
    word,
    address: bits === 2 ? long : word,
  };
}

/** The program headers; null where they lie outside of the file. */
function segmentsOf(file: ElfFile): Segment[] | null {
  const [tableAt, sizeAt, countAt] = file.is64 ? [32, 54, 56] : [28, 42, 44];
  const places = file.is64 ? { offset: 8, address: 16, size: 32 } : { offset: 4, address: 8, size: 16 };
  const table = file.address(tableAt);
  const size = file.short(sizeAt);
  const count = file.short(countAt);
  if (table === null || size === null || count === null) return null;
  const segments: Segment[] = [];
  for (let index = 0; index < count; index++) {
    const at = table + index * size;
    const type = file.word(at);
    const offset = file.address(at + places.offset);
    const address = file.address(at + places.address);
    const length = file.address(at + places.size);
    if (type === null || offset === null || address === null || length === null) return null;
    segments.push({ type, offset, address, size: length });
  }
  return segments;
}

/** dynamic = *( tag value ), both as long as an address, up to the tag 0 */
function linksOf(file: ElfFile, dynamic: Segment, segments: readonly Segment[]): ElfLinks {
  const step = file.is64 ? 16 : 8;
  const end = dynamic.offset + dynamic.size;
  const needed: number[] = [];
  let names: number | null = null;
  let soname: number | null = null;
  for (let at = dynamic.offset; at < end; at += step) {
    const tag = file.address(at);
    const value = file.address(at + step / 2);
    if (tag === null || value === null) return DAMAGED;
    if (tag === TAG.end) break;
    if (tag === TAG.needed) needed.push(value);
    if (tag === TAG.names) names = value;
    if (tag === TAG.soname) soname = value;
    if (needed.length > MAX_NEEDED) return DAMAGED;
  }
  if (needed.length === 0 && soname === null) return { soname: null, needed: [] };
  const table = names === null ? null : offsetOf(names, segments);
  if (table === null) return DAMAGED;
  const read = needed.map((offset) => nameAt(file.bytes, table + offset));
  const found = read.flatMap((name) => (name === null ? [] : [name]));
  const own = soname === null ? null : nameAt(file.bytes, table + soname);
  return found.length < read.length ? DAMAGED : { soname: own, needed: found };
}

/** Where in the file a loaded address lies. */
function offsetOf(address: number, segments: readonly Segment[]): number | null {
  const segment = segments.find(
    (each) => each.type === LOADED && address >= each.address && address < each.address + each.size,
  );
  return segment === undefined ? null : segment.offset + (address - segment.address);
}

/** A name up to its zero byte; null for what no library is called: names are printed, and end up in messages. */
function nameAt(bytes: Uint8Array, at: number): string | null {
  if (!Number.isSafeInteger(at) || at < 0 || at >= bytes.length) return null;
  const end = bytes.indexOf(0, at);
  if (end < 0 || end - at > MAX_NAME_BYTES) return null;
  const name = Buffer.from(bytes.subarray(at, end)).toString('latin1');
  return /^[\x21-\x7e]+$/.test(name) ? name : null;
}
