/** What a made-up ELF file says. */
export interface MadeElf {
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly bits?: 32 | 64;
  readonly order?: 'little' | 'big';
  /** False: linked statically, without a dynamic section. */
  readonly dynamic?: boolean;
}

const LOAD_ADDRESS = 0x10000;

/**
 * The bytes of a shared object that loaders and `readelf -d` take for one: header, two program headers, dynamic section, names. Nothing in it can be run.
 */
export function makeElf({ needed = [], soname, bits = 64, order = 'little', dynamic = true }: MadeElf): Buffer {
  const names = Buffer.from(
    `\0${[...needed, ...(soname === undefined ? [] : [soname])].map((name) => `${name}\0`).join('')}`,
  );
  const placeOf = (name: string): number => names.indexOf(`\0${name}\0`) + 1;
  const word = bits / 8;
  const headerSize = bits === 64 ? 64 : 52;
  const programSize = bits === 64 ? 56 : 32;
  const dynamicAt = headerSize + 2 * programSize;
  const tags = [
    ...needed.map((name) => [1, placeOf(name)] as const),
    ...(soname === undefined ? [] : [[14, placeOf(soname)] as const]),
  ];
  const dynamicSize = (tags.length + 3) * 2 * word;
  const namesAt = dynamicAt + dynamicSize;
  const bytes = Buffer.alloc(namesAt + names.length);
  const put = (at: number, size: number, value: number): void => {
    for (let index = 0; index < size; index++) {
      const place = order === 'little' ? at + index : at + size - 1 - index;
      bytes[place] = index < 4 ? (value >>> (8 * index)) & 255 : 0;
    }
  };
  const put2 = (at: number, pair: readonly [number, number]): void => {
    put(at, word, pair[0]);
    put(at + word, word, pair[1]);
  };
  bytes.write('\x7fELF', 'latin1');
  bytes.set([bits === 64 ? 2 : 1, order === 'little' ? 1 : 2, 1], 4);
  // A shared object for x86-64 or i386.
  put(16, 2, 3);
  put(18, 2, bits === 64 ? 62 : 3);
  put(20, 4, 1);
  put(bits === 64 ? 32 : 28, word, headerSize);
  put(bits === 64 ? 52 : 40, 2, headerSize);
  put(bits === 64 ? 54 : 42, 2, programSize);
  put(bits === 64 ? 56 : 44, 2, dynamic ? 2 : 1);
  const segment = (index: number, type: number, [offset, size]: readonly [number, number]): void => {
    const at = headerSize + index * programSize;
    const fields =
      bits === 64 ? { offset: 8, address: 16, size: 32, memory: 40 } : { offset: 4, address: 8, size: 16, memory: 20 };
    put(at, 4, type);
    put(at + fields.offset, word, offset);
    put(at + fields.address, word, LOAD_ADDRESS + offset);
    put(at + fields.size, word, size);
    put(at + fields.memory, word, size);
  };
  segment(0, 1, [0, bytes.length]);
  if (dynamic) segment(1, 2, [dynamicAt, dynamicSize]);
  const entries: (readonly [number, number])[] = [...tags, [5, LOAD_ADDRESS + namesAt], [10, names.length], [0, 0]];
  entries.forEach((entry, index) => {
    put2(dynamicAt + index * 2 * word, entry);
  });
  names.copy(bytes, namesAt);
  return bytes;
}
