import { describe, expect, it } from 'vitest';
import { readWheelLinks } from '../../../src/metadata/wheel/wheel-links.ts';
import { type Members, makeZip, streamOf } from '../../support/archives.ts';
import { makeElf } from '../../support/elf.ts';

const NAME = 'press-1.0-cp313-cp313-manylinux_2_17_x86_64.whl';

function linksOf(members: Members) {
  return readWheelLinks(streamOf(makeZip(members)), NAME);
}

describe('the libraries that a wheel links', () => {
  it('are those of all its compiled files together, sorted', async () => {
    expect(
      await linksOf({
        'press/_a.cpython-313-x86_64-linux-gnu.so': makeElf({ needed: ['libz.so.1', 'libc.so.6'] }),
        'press/_b.abi3.so': makeElf({ needed: ['libstdc++.so.6', 'libc.so.6'] }),
        'press/__init__.py': 'import press._a\n',
      }),
    ).toEqual({ needed: ['libc.so.6', 'libstdc++.so.6', 'libz.so.1'], isCompiled: true, unread: [] });
  });

  it('leave out what the wheel brings, under its file name or its own name', async () => {
    expect(
      await linksOf({
        'press/_a.so': makeElf({ needed: ['libzstd-1a2b3c4d.so.1.5', 'libpress.so.2', 'libbz2.so.1'] }),
        'press.libs/libzstd-1a2b3c4d.so.1.5': makeElf({ needed: ['libc.so.6'] }),
        'press/libpress.so': makeElf({ soname: 'libpress.so.2' }),
      }),
    ).toEqual({ needed: ['libbz2.so.1', 'libc.so.6'], isCompiled: true, unread: [] });
  });

  it('are also those of programs', async () => {
    expect(await linksOf({ 'press-1.0.data/scripts/press': makeElf({ needed: ['libgcc_s.so.1'] }) })).toEqual({
      needed: ['libgcc_s.so.1'],
      isCompiled: true,
      unread: [],
    });
  });

  it('are none where nothing is compiled, whatever files are called', async () => {
    expect(await linksOf({ 'press/notes.so': 'no ELF file\n', 'press/LICENSE': 'MIT\n' })).toEqual({
      needed: [],
      isCompiled: false,
      unread: [],
    });
  });

  it('of damaged files are not known', async () => {
    expect(await linksOf({ 'press/_a.so': makeElf({ needed: ['libz.so.1'] }).subarray(0, 100) })).toEqual({
      needed: [],
      isCompiled: true,
      unread: ['press/_a.so'],
    });
  });

  it('cannot be told of what is no wheel', async () => {
    await expect(readWheelLinks(streamOf(Buffer.from('nothing of the sort')), NAME)).rejects.toThrow(
      expect.objectContaining({ code: 'E_BAD_WHEEL' }),
    );
  });
});
