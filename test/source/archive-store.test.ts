import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { archiveStore } from '../../src/source/archive-store.ts';
import { sha256Of } from '../support/archives.ts';
import { useTemporaryFolder } from './support/temporary-folder.ts';

const folder = useTemporaryFolder();
const BYTES = new TextEncoder().encode('an archive');
const URL = 'https://files.test/cup-1.0.zip';

async function* stream(fails = false): AsyncGenerator<Uint8Array> {
  yield BYTES;
  if (fails) throw new Error('cut off');
}

it('an archive is found by its digest and by the address that it was had from', async () => {
  const store = archiveStore(path.join(folder(), 'archives'));
  expect(await store.find(sha256Of(BYTES))).toBeNull();
  expect(await store.lastOf(URL)).toBeNull();
  const kept = await store.keep(URL, stream());
  expect(kept.sha256).toBe(sha256Of(BYTES));
  expect(await store.find(kept.sha256)).toBe(kept.file);
  expect(await store.lastOf(URL)).toBe(kept.sha256);
});

it('nothing stays of an archive that does not come whole', async () => {
  await expect(archiveStore(folder()).keep(URL, stream(true))).rejects.toThrow('cut off');
  expect(await readdir(folder())).toEqual([]);
});

it('a folder that cannot be made is no hindrance', async () => {
  await writeFile(path.join(folder(), 'file'), '');
  const kept = await archiveStore(path.join(folder(), 'file', 'archives')).keep(URL, stream());
  expect(kept.sha256).toBe(sha256Of(BYTES));
});
