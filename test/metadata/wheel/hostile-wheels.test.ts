import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/user-error.ts';
import type { ByteSource } from '../../../src/metadata/wheel/byte-source.ts';
import { contentsByRanges, contentsOfStream } from '../../../src/metadata/wheel/contents.ts';
import { streamOf } from '../../support/archives.ts';
import { filler, makeWheel, metadataText, wheelWith } from './support/wheels.ts';
import { asZip64, patched } from './support/zip-surgery.ts';

const WHEEL = 'toolz-1.0-py3-none-any.whl';
const GOOD = makeWheel('toolz', { 'toolz/__init__.py': 'x = 1\n', 'toolz/data.bin': filler(3000) }).bytes;
const METADATA = 'toolz-1.0.dist-info/METADATA';

describe('a wheel that is read by ranges', () => {
  it.each<[what: string, bytes: () => Buffer, fault: string]>([
    ['is empty', () => Buffer.alloc(0), 'is no zip archive, or is truncated: the directory at its end is missing'],
    [
      'is a page',
      () => Buffer.from('<html>Sign in</html>'.repeat(9)),
      'is no zip archive, or is truncated: the directory at its end is missing',
    ],
    [
      'is truncated',
      () => GOOD.subarray(0, -30),
      'is no zip archive, or is truncated: the directory at its end is missing',
    ],
    ['has bytes after its end', () => Buffer.concat([GOOD, Buffer.from('more')]), 'has 4 bytes after its end'],
    [
      'has no METADATA',
      () => wheelWith('toolz', { 'toolz/__init__.py': '' }).bytes,
      'has no METADATA in a dist-info folder',
    ],
    [
      'has METADATA in a deeper folder only',
      () => wheelWith('toolz', { 'a/toolz-1.0.dist-info/METADATA': metadataText('toolz') }).bytes,
      'has no METADATA in a dist-info folder',
    ],
    [
      'has two dist-info folders',
      () => wheelWith('toolz', { [METADATA]: metadataText('toolz'), 'evil-1.0.dist-info/METADATA': '' }).bytes,
      'has 2 METADATA files in dist-info folders',
    ],
    [
      'has METADATA twice',
      () =>
        patched(
          wheelWith('toolz', { [METADATA]: 'a', 'toolz-1.0.dist-info/METADATB': 'b' }).bytes,
          'METADATB',
          'METADATA',
        ),
      'has 2 METADATA files in dist-info folders',
    ],
    [
      'has a member outside of it',
      () => wheelWith('toolz', { '../evil': '', [METADATA]: metadataText('toolz') }).bytes,
      `cannot be read: the archive ${WHEEL} has the member '../evil', which lies outside of it`,
    ],
    ['shows another name in its directory', () => renamedLocally(), `is damaged: ${METADATA} cannot be read`],
    ['has a METADATA without end', () => hugeMetadata(), `has ${METADATA} with more than 4194304 bytes`],
    ['has a METADATA that unpacks to more than it says', () => understated(), `is damaged: ${METADATA} cannot be read`],
    [
      'has a METADATA with a wrong checksum',
      () => atEntry((bytes, at) => bytes.writeUInt32LE(1, at + 16)),
      `is damaged: ${METADATA} cannot be read`,
    ],
    ['is encrypted', () => atEntry((bytes, at) => bytes.writeUInt16LE(1, at + 8)), `has ${METADATA} encrypted`],
    [
      'is packed in a way that few know',
      () => atEntry((bytes, at) => bytes.writeUInt16LE(14, at + 10)),
      `has ${METADATA} compressed with method 14, which cannot be read`,
    ],
    [
      'says that a member lies in the directory',
      () => atEntry((bytes, at) => bytes.writeUInt32LE(GOOD.length, at + 42)),
      'lists a member that lies outside of it',
    ],
    [
      'has members over each other',
      () => atEntry((bytes, at) => bytes.writeUInt32LE(100_000, at + 20)),
      `has ${METADATA} lying over the member after it`,
    ],
    [
      'counts its members wrong',
      () => atEnd((bytes, at) => bytes.writeUInt16LE(7, at + 10)),
      'has a directory of 4 members that is to have 7',
    ],
    [
      'has a directory outside of it',
      () => atEnd((bytes, at) => bytes.writeUInt32LE(0xfffffff, at + 16)),
      'has a directory that lies outside of it',
    ],
    [
      'has a directory without end',
      () => atEnd((bytes, at) => bytes.writeUInt32LE(0x7fffffff, at + 12)),
      'has a directory of more than 16777216 bytes',
    ],
    [
      'has a directory that is none',
      () => atEnd((bytes, at) => bytes.writeUInt32LE(0, at + 16)),
      'has a damaged directory',
    ],
  ])('and %s is refused', async (_, bytes, fault) => {
    expect(await faultOf(readRanges(bytes()))).toBe(`E_BAD_WHEEL 65: the wheel ${WHEEL} ${fault}`);
  });

  it('is read when it is zip64', async () => {
    expect((await readRanges(asZip64(GOOD))).paths).toEqual((await readRanges(GOOD)).paths);
  });

  it('is refused when its zip64 record leads nowhere', async () => {
    const bytes = asZip64(GOOD);
    bytes.writeBigUInt64LE(2n ** 63n, bytes.length - 22 - 20 + 8);
    expect(await faultOf(readRanges(bytes))).toContain('has a zip64 record that lies outside of it');
  });

  it('is read when its sizes stand after the contents', async () => {
    const { bytes, metadata } = makeWheel('toolz', undefined, { streamed: true });
    expect(Buffer.from((await readRanges(bytes)).metadata).toString()).toBe(metadata);
  });

  it('is read or is refused with a user error, whatever was changed in it', async () => {
    const change = fc.record({ at: fc.nat(GOOD.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(GOOD);
        for (const { at, byte } of changes) bytes[at] = byte;
        expect(await faultOf(readRanges(bytes))).toMatch(/^(?:no fault$|E_BAD_WHEEL 65: )/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a wheel that is read whole', () => {
  it.each<[what: string, bytes: () => Buffer, fault: string]>([
    [
      'is truncated',
      () => GOOD.subarray(0, -30),
      `cannot be read: the archive ${WHEEL} is truncated: the directory at its end is missing`,
    ],
    [
      'is a page',
      () => Buffer.from('<html>Sign in</html>'),
      `cannot be read: the archive ${WHEEL} is an HTML page, not an archive`,
    ],
    [
      'has no METADATA',
      () => wheelWith('toolz', { 'toolz/__init__.py': '' }).bytes,
      'has no METADATA in a dist-info folder',
    ],
    [
      'has two dist-info folders',
      () => wheelWith('toolz', { [METADATA]: '', 'evil-1.0.dist-info/METADATA': '' }).bytes,
      'has 2 METADATA files in dist-info folders',
    ],
    [
      'has dist-info folders without end',
      () =>
        wheelWith(
          'toolz',
          Object.fromEntries([...'abcdefghij'].map((name) => [`${name}-1.0.dist-info/entry_points.txt`, ''])),
        ).bytes,
      'has several dist-info folders',
    ],
    [
      'has a METADATA without end',
      () => hugeMetadata(),
      `cannot be read: ${METADATA} in the archive ${WHEEL} is larger than 4194304 bytes`,
    ],
  ])('and %s is refused', async (_, bytes, fault) => {
    expect(await faultOf(contentsOfStream(streamOf(bytes()), WHEEL))).toBe(
      `E_BAD_WHEEL 65: the wheel ${WHEEL} ${fault}`,
    );
  });
});

function readRanges(bytes: Buffer) {
  const source: ByteSource = {
    size: bytes.length,
    async read(from, to) {
      // What a host would answer otherwise is its business; the reader must not ask for it.
      if (!(from >= 0 && from <= to && to <= bytes.length)) throw new Error(`asked for ${from} to ${to}`);
      return Buffer.from(bytes.subarray(from, to));
    },
  };
  return contentsByRanges(source, { wheel: WHEEL, wanted: 'all' });
}

async function faultOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.code} ${error.exit}: ${error.message}`;
  }
  return 'no fault';
}

/** Changes the entry of METADATA in the directory. */
function atEntry(change: (bytes: Buffer, at: number) => void, base = GOOD): Buffer {
  const bytes = Buffer.from(base);
  change(bytes, bytes.lastIndexOf(METADATA) - 46);
  return bytes;
}

/** Changes the end record. */
function atEnd(change: (bytes: Buffer, at: number) => void): Buffer {
  const bytes = Buffer.from(GOOD);
  change(bytes, bytes.length - 22);
  return bytes;
}

function renamedLocally(): Buffer {
  const bytes = Buffer.from(GOOD);
  bytes.write('METADATB', bytes.indexOf(METADATA) + METADATA.length - 8);
  return bytes;
}

function hugeMetadata(): Buffer {
  return wheelWith('toolz', { [METADATA]: Buffer.alloc(5 * 1024 ** 2) }).bytes;
}

function understated(): Buffer {
  return atEntry((bytes, at) => bytes.writeUInt32LE(10, at + 24), hugeMetadata());
}
