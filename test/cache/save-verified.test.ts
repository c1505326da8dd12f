import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainFileName, saveVerified } from '../../src/cache/save-verified.ts';
import { sha256Of, streamOf } from '../support/archives.ts';
import { temporaryFolders } from './support/temporary-folder.ts';

const newFolder = temporaryFolders();
const BYTES = Buffer.from('an archive '.repeat(1000));

describe('saveVerified', () => {
  it('writes the file, in a folder that it makes', async () => {
    const to = path.join(await newFolder(), 'archives', 'toolz-1.0.tar.gz');
    await saveVerified(streamOf(BYTES), { sha256: sha256Of(BYTES), to });

    expect(await readFile(to)).toEqual(BYTES);
    expect(await readdir(path.dirname(to))).toEqual(['toolz-1.0.tar.gz']);
  });

  it('leaves nothing of a file with another digest, and keeps the older one', async () => {
    const folder = await newFolder();
    const to = path.join(folder, 'toolz-1.0.tar.gz');
    await writeFile(to, 'older');

    await expect(saveVerified(streamOf(BYTES), { sha256: '0'.repeat(64), to })).rejects.toMatchObject({
      code: 'E_DIGEST_MISMATCH',
      exit: 65,
      message: `toolz-1.0.tar.gz has the sha256 ${sha256Of(BYTES)}, but ${'0'.repeat(64)} is expected`,
    });
    expect(await readdir(folder)).toEqual(['toolz-1.0.tar.gz']);
    expect(await readFile(to, 'utf8')).toBe('older');
  });

  it('leaves nothing when the source breaks, and passes its error on', async () => {
    const folder = await newFolder();
    const broken = new Error('cut');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield BYTES;
      throw broken;
    }

    const saving = saveVerified(source(), { sha256: sha256Of(BYTES), to: path.join(folder, 'a.tar.gz') });
    await expect(saving).rejects.toBe(broken);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['a folder that is a file', 'file/a.tar.gz'],
    ['a target that is a folder', 'folder'],
  ])('%s is told with exit 73', async (_, target) => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'file'), '');
    await mkdir(path.join(folder, 'folder', 'full'), { recursive: true });
    const to = path.join(folder, target);

    await expect(saveVerified(streamOf(BYTES), { sha256: sha256Of(BYTES), to })).rejects.toMatchObject({
      code: 'E_CANNOT_WRITE',
      exit: 73,
      message: expect.stringContaining(`${to} cannot be written (`),
    });
    expect((await readdir(folder)).sort()).toEqual(['file', 'folder']);
  });
});

describe('plainFileName', () => {
  it.each([['toolz-1.0.tar.gz'], ['pyFFTW-0.9.2.tar.gz'], ['a-1!2.0+local.1.zip'], ['_a.whl']])('%s is one', (name) => {
    expect(plainFileName(name)).toBe(name);
  });

  it.each([
    [''],
    ['.'],
    ['..'],
    ['../a'],
    ['a/b'],
    ['a\\b'],
    ['/a'],
    ['.hidden'],
    ['-rf'],
    ['a b'],
    ['a\n'],
    ['a\0'],
    ['C:a'],
  ])('%j is none', (name) => {
    expect(() => plainFileName(name)).toThrow('cannot be the name of a file');
  });
});
