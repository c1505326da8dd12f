import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../src/archive/read-archive.ts';
import { gzip, makeTar, makeTarGz, makeTarXz, makeZip, streamOf } from '../support/archives.ts';
import { TAR_BZ2 } from './support/bzip2-fixture.ts';
import { faultOf, filesOf, listOf } from './support/read-all.ts';

const FILES = { 'toolz-1.0/setup.py': 'print(1)\n', 'toolz-1.0/PKG-INFO': 'Name: toolz\n' };

const FORMATS: readonly (readonly [name: string, archive: Uint8Array])[] = [
  ['tar', await makeTar(FILES)],
  ['tar.gz', await makeTarGz(FILES)],
  ['tar.xz', await makeTarXz(FILES)],
  ['tar.bz2', TAR_BZ2],
  ['zip', makeZip(FILES)],
  ['zip with stored members', makeZip(FILES, { stored: true })],
  ['zip with data descriptors', makeZip(FILES, { streamed: true })],
  ['zip with stored members and data descriptors', makeZip(FILES, { streamed: true, stored: true })],
];

describe('every format', () => {
  it.each(FORMATS)('%s gives the contents of its files, whatever its name says', async (_, archive) => {
    expect(await filesOf(archive)).toEqual(FILES);
  });

  it.each(FORMATS)('%s reads the same in pieces of one byte', async (_, archive) => {
    expect(await filesOf(archive, 1)).toEqual(FILES);
  });

  it.each(FORMATS)('%s can be listed without reading a member', async (_, archive) => {
    expect(await listOf(archive)).toEqual(['toolz-1.0/setup.py file', 'toolz-1.0/PKG-INFO file']);
  });

  it.each(FORMATS)('%s that is cut anywhere never passes for complete', async (_, archive) => {
    const cuts = fc.asyncProperty(fc.integer({ min: 1, max: archive.length - 1 }), async (length) => {
      const fault = await faultOf(filesOf(archive.subarray(0, length)));
      // Of a plain tar that ends in a thousand zeros, some may be missing.
      if (fault === 'no error') expect(await filesOf(archive.subarray(0, length))).toEqual(FILES);
      else expect(fault).toMatch(/^E_BAD_ARCHIVE 65: the archive x\.tar\.gz /);
    });

    await fc.assert(cuts, { numRuns: 60 });
  });

  it.each(FORMATS)('%s with garbage after its end is refused', async (_, archive) => {
    const fault = await faultOf(filesOf(Buffer.concat([archive, Buffer.from('<!-- cached -->'.repeat(50))])));

    expect(fault).toMatch(/^E_BAD_ARCHIVE 65: the archive x\.tar\.gz .*(?:after its end|damaged)/);
  });

  it.each(FORMATS)('%s passes an error of its source on as it is', async (_, archive) => {
    const broken = new Error('the line is dead');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield archive.subarray(0, archive.length / 2);
      throw broken;
    }
    const read = async (): Promise<void> => {
      for await (const member of readArchive(source(), { name: 'x' })) await member.bytes();
    };

    await expect(read()).rejects.toBe(broken);
  });

  it.each(FORMATS)('%s closes its source when the reader stops early', async (_, archive) => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* streamOf(archive, 10);
      } finally {
        closed = true;
      }
    }

    for await (const member of readArchive(source(), { name: 'x' })) {
      await member.bytes();
      break;
    }

    expect(closed).toBe(true);
  });

  it.each(FORMATS)('%s is read to the last byte of its source', async (_, archive) => {
    let passed = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for await (const chunk of streamOf(archive, 100)) {
        passed += chunk.length;
        yield chunk;
      }
    }

    for await (const member of readArchive(source(), { name: 'x' })) expect(member.kind).toBe('file');

    expect(passed).toBe(archive.length);
  });

  it('a damaged byte in compressed data is an error, not another content', async () => {
    const archive = Buffer.from(await makeTarGz({ 'a/text': 'abcdefgh '.repeat(1000) }));
    const middle = archive.length / 2;
    archive[middle] = (archive[middle] ?? 0) ^ 0xff;

    expect(await faultOf(filesOf(archive))).toMatch(/^E_BAD_ARCHIVE 65: .*damaged/);
  });
});

describe('what is no archive', () => {
  it.each([
    ['an empty file', '', 'is empty'],
    ['an HTML page', '\n<!DOCTYPE html><html></html>', 'is an HTML page, not an archive'],
    ['a bare HTML element', '<html><body>Not found</body></html>', 'is an HTML page, not an archive'],
    ['XML', '<?xml version="1.0"?><Error/>', 'is an XML document, not an archive'],
    ['JSON', '{"error": "gone"}', 'is a JSON text, not an archive'],
    ['a Git LFS pointer', 'version https://git-lfs.test/spec', 'is a Git LFS pointer, not an archive'],
    ['other bytes', '%PDF-1.7', 'is not an archive (it starts with the bytes 25 50 44 46)'],
  ])('%s is named', async (_, content, expected) => {
    const fault = await faultOf(filesOf(Buffer.from(content)));

    expect(fault).toBe(`E_BAD_ARCHIVE 65: the archive x.tar.gz ${expected}`);
  });

  it('a compressed page is no archive either', async () => {
    const fault = await faultOf(filesOf(gzip(Buffer.from('<html></html>'))));

    expect(fault).toBe('E_BAD_ARCHIVE 65: the archive x.tar.gz is compressed, but what it holds is not a tar archive');
  });

  it('the name of the archive cannot write to the terminal', async () => {
    const read = async (): Promise<void> => {
      for await (const member of readArchive(streamOf(Buffer.from('')), { name: 'x\u001b[2J\n.zip' })) void member;
    };

    expect(await faultOf(read())).toBe('E_BAD_ARCHIVE 65: the archive x[2J .zip is empty');
  });
});
