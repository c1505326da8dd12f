import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Note } from '../../src/base/note.ts';
import { readShippedLayer, shippedBucketText } from '../../src/cache/shipped-layer.ts';
import { type CacheStore, createCacheStore } from '../../src/cache/store.ts';
import { temporaryFolders } from './support/temporary-folder.ts';

const newFolder = temporaryFolders();

function storeIn(folder: string | null, shipped?: string): { store: CacheStore; notes: string[] } {
  const notes: string[] = [];
  const onNote = (note: Note): void => void notes.push(note.text);
  const layers = shipped === undefined ? {} : { shipped: [readShippedLayer(shipped)] };
  return { store: createCacheStore({ folder, onNote, ...layers }), notes };
}

/** The files of a bucket in the user's folder. */
async function filesIn(folder: string, bucket: string): Promise<string[]> {
  return (await readdir(path.join(folder, bucket))).map((name) => path.join(folder, bucket, name));
}

describe('the user layer', () => {
  it('gives back what was put, in another process too', async () => {
    const folder = await newFolder();
    await storeIn(folder).store.put('pages', 'toolz', { files: [1, 'ä'] }, { etag: '"v1"', fetchedAt: 1000 });

    expect(await storeIn(folder).store.get('pages', 'toolz')).toEqual({
      value: { files: [1, 'ä'] },
      etag: '"v1"',
      fetchedAt: 1000,
    });
  });

  it('has nothing for another key or bucket', async () => {
    const { store, notes } = storeIn(await newFolder());
    await store.put('pages', 'toolz', 1);

    expect(await store.get('pages', 'Toolz')).toBeNull();
    expect(await store.get('metadata', 'toolz')).toBeNull();
    expect(notes).toEqual([]);
  });

  it('the last record of a key holds', async () => {
    const { store } = storeIn(await newFolder());
    await store.put('pages', 'toolz', 1, { etag: '"v1"' });
    await store.put('pages', 'toolz', 2);

    expect(await store.get('pages', 'toolz')).toEqual({ value: 2, etag: null, fetchedAt: null });
  });

  it('no key becomes a path', async () => {
    const folder = await newFolder();
    const { store } = storeIn(path.join(folder, 'cache'));
    const keys = fc.oneof(
      fc.string(),
      fc.constantFrom('../../evil', '/etc/passwd', 'a/b', '', '\0', '__proto__', 'x'.repeat(9999)),
    );

    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        await store.put('pages', key, { key });
        expect((await store.get('pages', key))?.value).toEqual({ key });
      }),
      { numRuns: 50 },
    );
    expect(await readdir(folder)).toEqual(['cache']);
    expect(await readdir(path.join(folder, 'cache'))).toEqual(['pages']);
    for (const file of await filesIn(path.join(folder, 'cache'), 'pages')) {
      expect(path.basename(file)).toMatch(/^[0-9a-f]{64}\.json$/);
    }
  });

  it.each([
    ['empty', ''],
    ['half-written', '{"form":1,"key":"to'],
    ['of another shape', '{"form":1,"key":"toolz"}'],
    ['no JSON', '<html>'],
    ['of another key', JSON.stringify({ form: 1, key: 'six', etag: null, fetchedAt: null, value: 1 })],
  ])('a record that is %s is removed, told, and counts as missing', async (_, text) => {
    const folder = await newFolder();
    const { store, notes } = storeIn(folder);
    await store.put('pages', 'toolz', 1);
    const [file = ''] = await filesIn(folder, 'pages');
    await writeFile(file, text);

    expect(await store.get('pages', 'toolz')).toBeNull();
    expect(notes).toEqual([`a damaged record of the cache was removed: ${file}`]);
    expect(await filesIn(folder, 'pages')).toEqual([]);
  });

  it.each([
    ['another value in its place', (text: string) => text.replace('[1,2]', '[1,3]')],
    [
      'one line of JSON, as a hand may write it',
      () => '{"form":1,"key":"toolz","etag":null,"fetchedAt":null,"value":{}}',
    ],
    ['its end cut off', (text: string) => text.slice(0, -1)],
  ])('a record with %s is damaged: nobody reads a value that was not put', async (_, change) => {
    const folder = await newFolder();
    const { store, notes } = storeIn(folder);
    await store.put('pages', 'toolz', { files: [1, 2] });
    const [file = ''] = await filesIn(folder, 'pages');
    await writeFile(file, change(await readFile(file, 'utf8')));

    expect(await store.get('pages', 'toolz')).toBeNull();
    expect(notes).toHaveLength(1);
    await store.put('pages', 'toolz', { files: [1, 2] });
    expect((await store.get('pages', 'toolz'))?.value).toEqual({ files: [1, 2] });
  });

  it('a record of another form counts as missing, and is replaced without a word', async () => {
    const folder = await newFolder();
    const { store, notes } = storeIn(folder);
    await store.put('pages', 'toolz', 1);
    const [file = ''] = await filesIn(folder, 'pages');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"form":\d+/, '"form":0'));

    expect(await store.get('pages', 'toolz')).toBeNull();
    await store.put('pages', 'toolz', 2);
    expect((await store.get('pages', 'toolz'))?.value).toBe(2);
    expect(notes).toEqual([]);
  });

  it('a folder that cannot be written is told once, and the run goes on', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'file'), '');
    const { store, notes } = storeIn(path.join(folder, 'file'));
    await store.put('pages', 'toolz', 1);
    await store.put('pages', 'six', 1);

    expect(await store.get('pages', 'toolz')).toBeNull();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^the cache at .*file cannot be written \(.*\); the run goes on without it$/);
  });

  it('many writers of one key leave one whole record and nothing else', async () => {
    const folder = await newFolder();
    const stores = Array.from({ length: 4 }, () => storeIn(folder).store);
    const value = (n: number): string => `${n}`.repeat(50_000);
    await Promise.all(
      stores.flatMap((store, n) => [store.put('pages', 'toolz', value(n)), store.put('pages', 'toolz', value(n))]),
    );

    const record = await storeIn(folder).store.get('pages', 'toolz');
    expect([0, 1, 2, 3].map(value)).toContain(record?.value);
    expect(await filesIn(folder, 'pages')).toHaveLength(1);
  });

  it('without a folder nothing is kept', async () => {
    const { store } = storeIn(null);
    await store.put('pages', 'toolz', 1);

    expect(await store.get('pages', 'toolz')).toBeNull();
  });
});

describe('the shipped layer', () => {
  async function shippedWith(records: Record<string, unknown>): Promise<string> {
    const folder = await newFolder();
    const entries = Object.entries(records).map(
      ([key, value]) => [key, { value, etag: null, fetchedAt: null }] as const,
    );
    await writeFile(path.join(folder, 'pages.json'), shippedBucketText('pages', new Map(entries)));
    return folder;
  }

  it('gives what the user layer lacks', async () => {
    const { store } = storeIn(await newFolder(), await shippedWith({ toolz: 'shipped', six: 'shipped' }));
    await store.put('pages', 'six', 'own');

    expect((await store.get('pages', 'toolz'))?.value).toBe('shipped');
    expect((await store.get('pages', 'six'))?.value).toBe('own');
    expect(await store.get('pages', 'lxml')).toBeNull();
    expect(await store.get('metadata', 'toolz')).toBeNull();
  });

  it('is never written', async () => {
    const shipped = await shippedWith({ toolz: 1 });
    const before = await readFile(path.join(shipped, 'pages.json'), 'utf8');
    await storeIn(await newFolder(), shipped).store.put('pages', 'toolz', 2);

    expect(await readFile(path.join(shipped, 'pages.json'), 'utf8')).toBe(before);
    expect(await readdir(shipped)).toEqual(['pages.json']);
  });

  it.each([['__proto__'], ['constructor'], ['toString']])('the key %s is a key as any other', async (key) => {
    const folder = await newFolder();
    const record = { value: 'own', etag: null, fetchedAt: null };
    await writeFile(path.join(folder, 'pages.json'), shippedBucketText('pages', new Map([[key, record]])));

    expect((await storeIn(null, folder).store.get('pages', key))?.value).toBe('own');
    expect(await storeIn(null, await shippedWith({})).store.get('pages', key)).toBeNull();
  });

  it('is written one record a line, in the order of the keys, with etag and time where there are any', () => {
    const records = new Map([
      ['toolz', { value: { a: 1 }, etag: '"v1"', fetchedAt: 5 }],
      ['six', { value: null, etag: null, fetchedAt: null }],
    ]);

    expect(shippedBucketText('metadata', records)).toBe(
      '{"form": 2, "records": {\n"six": {"value":null},\n"toolz": {"value":{"a":1},"etag":"\\"v1\\"","fetchedAt":5}\n}}\n',
    );
  });

  it('of another form is a defect of the package', async () => {
    const folder = await newFolder();
    await writeFile(path.join(folder, 'pages.json'), '{"form": 0, "records": {}}');

    await expect(storeIn(null, folder).store.get('pages', 'toolz')).rejects.toThrow('record the cache again');
  });

  it('a folder without files has no records', async () => {
    const folder = await newFolder();
    await mkdir(path.join(folder, 'empty'));

    expect(await storeIn(null, path.join(folder, 'empty')).store.get('pages', 'toolz')).toBeNull();
  });
});
