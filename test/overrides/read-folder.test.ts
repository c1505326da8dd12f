import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOverrideFolder } from '../../src/overrides/read-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overrides-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('readOverrideFolder', () => {
  it('reads the TOML files right in the folder, sorted', async () => {
    await writeFile(join(folder, 'b.toml'), 'b');
    await writeFile(join(folder, 'a.toml'), 'ä');
    await writeFile(join(folder, 'README.md'), 'x');
    await writeFile(join(folder, '.a.toml'), 'x');
    await mkdir(join(folder, 'c.toml'));

    expect(await readOverrideFolder(folder, { label: 'mine', required: true })).toEqual({
      label: 'mine',
      files: [
        { name: 'a.toml', text: 'ä' },
        { name: 'b.toml', text: 'b' },
      ],
    });
  });

  it('takes a folder that is not there for an empty layer', async () => {
    const layer = await readOverrideFolder(join(folder, 'none'), { label: 'mine', required: false });

    expect(layer).toEqual({ label: 'mine', files: [] });
  });

  it('refuses a folder that is not there when the user named it', async () => {
    await expect(readOverrideFolder(join(folder, 'none'), { label: 'none', required: true })).rejects.toMatchObject({
      code: 'E_CANNOT_READ',
      exit: 74,
      message: 'cannot read the overrides in none: it is not there',
    });
  });

  it('refuses what is no folder', async () => {
    await writeFile(join(folder, 'file'), '');

    await expect(readOverrideFolder(join(folder, 'file'), { label: 'file', required: false })).rejects.toMatchObject({
      code: 'E_CANNOT_READ',
      message: 'cannot read the overrides in file: ENOTDIR',
    });
  });

  it('tells where a file is no UTF-8 text', async () => {
    await writeFile(join(folder, 'a.toml'), Buffer.concat([Buffer.from('# \ufffd\nä = "'), Buffer.from([0xff])]));

    await expect(readOverrideFolder(folder, { label: 'mine', required: true })).rejects.toMatchObject({
      code: 'E_BAD_OVERRIDE',
      message: 'mine/a.toml:2:6: is not UTF-8 text',
    });
  });
});
