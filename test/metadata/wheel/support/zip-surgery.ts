const DIRECTORY_ENTRY = 0x02014b50;

/** The bytes with a text replaced by another of the same length, everywhere. */
export function patched(bytes: Buffer, text: string, by: string): Buffer {
  const changed = Buffer.from(bytes);
  for (let at = changed.indexOf(text); at >= 0; at = changed.indexOf(text, at)) changed.write(by, at);
  return changed;
}

/** The same zip archive (without comment) with every size, offset and count where zip64 has them, as writers of large archives do. */
export function asZip64(zip: Buffer): Buffer {
  const end = zip.subarray(zip.length - 22);
  const [size, offset, members] = [end.readUInt32LE(12), end.readUInt32LE(16), end.readUInt16LE(10)];
  const entries: Buffer[] = [];
  for (let at = offset; at < offset + size; ) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('no entry of a directory');
    const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
    const next = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const field = Buffer.alloc(28);
    field.writeUInt16LE(1, 0);
    field.writeUInt16LE(24, 2);
    for (const [index, from] of [24, 20, 42].entries()) {
      field.writeBigUInt64LE(BigInt(zip.readUInt32LE(at + from)), 4 + 8 * index);
    }
    const head = Buffer.from(zip.subarray(at, nameEnd));
    for (const from of [20, 24, 42]) head.writeUInt32LE(0xffffffff, from);
    head.writeUInt16LE(28, 30);
    head.writeUInt16LE(0, 32);
    entries.push(head, field);
    at = next;
  }
  const directory = Buffer.concat(entries);
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(members), 24);
  record.writeBigUInt64LE(BigInt(members), 32);
  record.writeBigUInt64LE(BigInt(directory.length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  const shortEnd = Buffer.from(end);
  shortEnd.fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, offset), directory, record, locator, shortEnd]);
}
