import { createGzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../src/archive/read-archive.ts';
import { gzip, makeBomb, makeTar, makeTarGz, makeZip, streamOf } from '../support/archives.ts';
import { faultOf, filesOf, listOf } from './support/read-all.ts';

const BAD_NAMES: readonly (readonly [name: string, fault: string])[] = [
  ['../evil', "has the member '../evil', which lies outside of it"],
  ['a/../../evil', "has the member 'a/../../evil', which lies outside of it"],
  ['a/..', "has the member 'a/..', which lies outside of it"],
  ['/etc/passwd', "has the member '/etc/passwd', which lies outside of it"],
  ['C:/windows/evil', "has the member 'C:/windows/evil', which lies outside of it"],
  ['a\\..\\evil', "has the member 'a\\..\\evil', which has a backslash in its name"],
  ['../\u001b[2Jevil', "has the member '../[2Jevil', which lies outside of it"],
];

describe('names of members', () => {
  it.each(BAD_NAMES)('a tar with the member %j is refused', async (path, expected) => {
    expect(await faultOf(listOf(await makeTarGz([{ path, content: 'x' }])))).toBe(
      `E_BAD_ARCHIVE 65: the archive x.tar.gz ${expected}`,
    );
  });

  it.each(BAD_NAMES)('a zip with the member %j is refused', async (path, expected) => {
    expect(await faultOf(listOf(makeZip([{ path, content: 'x' }])))).toBe(
      `E_BAD_ARCHIVE 65: the archive x.tar.gz ${expected}`,
    );
  });

  it('a NUL in a name is refused', async () => {
    expect(await faultOf(listOf(makeZip([{ path: 'a\0b', content: 'x' }])))).toContain('which has a NUL in its name');
  });

  it('dots that lead nowhere are taken out, and the root folder is no member', async () => {
    const archive = await makeTarGz([
      { path: './', kind: 'directory' },
      { path: './a//b/./c', content: 'x' },
      { path: 'a/..b', content: 'x' },
    ]);

    expect(await listOf(archive)).toEqual(['a/b/c file', 'a/..b file']);
  });

  it('a name of `__proto__` is a name as any other', async () => {
    expect(await listOf(await makeTarGz([{ path: '__proto__', content: 'x' }]))).toEqual(['__proto__ file']);
  });
});

describe('links', () => {
  it('links and devices are listed, wherever they lead, and never followed', async () => {
    const archive = await makeTarGz([
      { path: 'a/passwd', kind: 'symlink', target: '/etc/passwd' },
      { path: 'a/up', kind: 'link', target: '../../up' },
      { path: 'a/tty', kind: 'device' },
      { path: 'a/dir', kind: 'directory' },
    ]);

    expect(await listOf(archive)).toEqual(['a/passwd link', 'a/up link', 'a/tty link', 'a/dir directory']);
  });

  it('a link has no content', async () => {
    const archive = await makeTarGz([{ path: 'a/passwd', kind: 'symlink', target: '/etc/passwd' }]);
    for await (const member of readArchive(streamOf(archive), { name: 'x' })) {
      expect((await member.bytes()).length).toBe(0);
    }
  });
});

describe('limits', () => {
  const MIB = 1024 ** 2;

  it('a small archive that unpacks to too much is refused', async () => {
    const fault = await faultOf(listOf(await makeBomb(40 * MIB), { unpackedBytes: 30 * MIB }));

    expect(fault).toBe('E_BAD_ARCHIVE 65: the archive x.tar.gz unpacks to more than 31457280 bytes');
  });

  it('so is a zip, also when its members state no size', async () => {
    const zeros = { 'a/zeros': new Uint8Array(40 * MIB) };
    const limits = { unpackedBytes: 30 * MIB };

    expect(await faultOf(listOf(makeZip(zeros), limits))).toContain('unpacks to more than');
    expect(await faultOf(listOf(makeZip(zeros, { streamed: true }), limits))).toContain('unpacks to more than');
  });

  it('a tar that only states a huge size is refused before its data comes', async () => {
    const tar = await makeTar({ 'a/b': '' });
    tar.write('77777777777\0', 124, 'latin1');
    const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');

    expect(await faultOf(listOf(gzip(tar)))).toContain('unpacks to more than');
  });

  it.each([
    ['tar', makeTarGz],
    ['zip', makeZip],
  ])('a %s with too many members is refused', async (_, make) => {
    const archive = await make({ a: '1', b: '2', c: '3' });

    expect(await faultOf(listOf(archive, { members: 2 }))).toBe(
      'E_BAD_ARCHIVE 65: the archive x.tar.gz has more than 2 members',
    );
  });

  it.each([
    ['tar', makeTarGz],
    ['zip', makeZip],
    ['streamed zip', (members: Record<string, string>) => makeZip(members, { streamed: true })],
  ])('a member of a %s that is too large to read can be passed over', async (_, make) => {
    const archive = await make({ 'a/large': 'x'.repeat(3 * MIB), 'a/small': 'y' });
    const read: string[] = [];
    for await (const member of readArchive(streamOf(archive), { name: 'a.zip' })) {
      const content = member.bytes(10).then((bytes) => Buffer.from(bytes).toString());
      read.push(await content.catch((error: Error) => error.message));
    }

    expect(read).toEqual(['a/large in the archive a.zip is larger than 10 bytes', 'y']);
  });

  it('a member can no longer be read when the next one has come', async () => {
    const members = [];
    for await (const member of readArchive(streamOf(await makeTarGz({ a: '1', b: '2' })), { name: 'x' })) {
      members.push(member);
    }

    await expect(members[0]?.bytes()).rejects.toThrow('a can no longer be read');
  });

  it('memory stays flat while large members are passed over', async () => {
    const header = (await makeTar([{ path: 'a/zeros', content: new Uint8Array(100 * MIB) }])).subarray(0, 512);
    async function* tar(): AsyncGenerator<Uint8Array> {
      const zeros = new Uint8Array(MIB);
      for (let member = 0; member < 4; member++) {
        yield header;
        for (let part = 0; part < 100; part++) yield zeros;
      }
      yield new Uint8Array(1024);
    }
    let peak = 0;
    const before = process.memoryUsage().rss;

    const packed = createGzip({ level: 1 });
    const feeding = (async () => {
      for await (const chunk of tar())
        if (!packed.write(chunk)) await new Promise((done) => packed.once('drain', done));
      packed.end();
    })();
    for await (const member of readArchive(packed, { name: 'x' })) {
      expect(member.size).toBe(100 * MIB);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    await feeding;

    expect(peak - before).toBeLessThan(150 * MIB);
  });
});

describe('zip archives that contradict themselves', () => {
  it('a directory that lists fewer members than there are is refused', async () => {
    const archive = makeZip({ a: '1', b: '2' });
    archive.writeUInt16LE(1, archive.length - 12);

    expect(await faultOf(filesOf(archive))).toBe(
      'E_BAD_ARCHIVE 65: the archive x.tar.gz has 2 members, but its directory lists 1',
    );
  });

  it('a compression that is not known is named', async () => {
    const archive = makeZip({ 'a.txt': 'x' });
    archive.writeUInt16LE(14, 8);

    expect(await faultOf(filesOf(archive))).toBe(
      'E_BAD_ARCHIVE 65: the archive x.tar.gz has a.txt compressed with method 14, which cannot be read',
    );
  });

  it('an archive without members has none', async () => {
    expect(await listOf(makeZip({}))).toEqual([]);
  });
});
