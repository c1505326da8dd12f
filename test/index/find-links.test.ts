import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Note } from '../../src/base/note.ts';
import { UserError } from '../../src/base/user-error.ts';
import { createIndexClient } from '../../src/index/index-client.ts';
import { type IndexSettings, indexSettings } from '../../src/index/settings.ts';
import { type FakeHttp, fakeHttp, memoryCache } from './support/fake-http.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find links '));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function client(given: {
  findLinks?: string[];
  environment?: IndexSettings['environment'];
  http?: FakeHttp;
  offline?: boolean;
  cache?: ReturnType<typeof memoryCache>;
}) {
  const notes: Note[] = [];
  const indexes = indexSettings({
    options: { indexUrl: 'https://a.test/simple/', extraIndexUrls: [], findLinks: given.findLinks ?? [] },
    environment: given.environment ?? {},
    pipConf: [],
    defaultIndex: 'https://public.test/simple/',
    workingDirectory: folder,
    home: folder,
  });
  const made = createIndexClient({
    indexes,
    http: given.http ?? fakeHttp({}),
    now: () => 0,
    refresh: false,
    offline: given.offline ?? false,
    onNote: (note) => notes.push(note),
    ...(given.cache === undefined ? {} : { cache: given.cache }),
  });
  return { ...made, notes };
}

const indexed = {
  'https://a.test/simple/toolz/': { body: { files: [{ filename: 'toolz-9.0.zip', url: 'x', hashes: {} }] } },
};

describe('--find-links with a folder', () => {
  it('gives the files of a project by their names alone, digests unknown', async () => {
    await writeFile(join(folder, 'toolz-1.0.tar.gz'), '');
    await writeFile(join(folder, 'Toolz-1.1-py3-none-any.whl'), '');
    await writeFile(join(folder, 'toolz-extra-1.0.tar.gz'), '');
    await writeFile(join(folder, 'README'), '');
    await mkdir(join(folder, 'toolz-2.0.tar.gz'));

    const page = await client({ findLinks: ['.'] }).project('toolz');

    expect(page).toMatchObject({ name: 'toolz', index: folder, status: null, ignored: [] });
    expect(page?.files.map(({ filename, version, kind, sha256 }) => [filename, version, kind, sha256])).toEqual([
      ['Toolz-1.1-py3-none-any.whl', '1.1', 'wheel', null],
      ['toolz-1.0.tar.gz', '1.0', 'sdist', null],
    ]);
    expect(page?.files[1]?.url).toBe(pathToFileURL(join(folder, 'toolz-1.0.tar.gz')).href);
  });

  it('lists symbolic links', async () => {
    await symlink('elsewhere', join(folder, 'toolz-1.0.tar.gz'));

    expect((await client({ findLinks: [folder] }).project('toolz'))?.files).toHaveLength(1);
  });

  it('comes before the index, which is asked for what the folder has not, and takes file URLs', async () => {
    await writeFile(join(folder, 'other-1.0.tar.gz'), '');
    const { project } = client({ findLinks: [pathToFileURL(folder).href], http: fakeHttp(indexed) });

    expect((await project('other'))?.index).toBe(folder);
    expect((await project('toolz'))?.index).toBe('https://a.test/simple/');
  });

  it('works offline', async () => {
    await writeFile(join(folder, 'toolz-1.0.tar.gz'), '');

    expect((await client({ findLinks: [folder], offline: true }).project('toolz'))?.files).toHaveLength(1);
  });

  it('must be there when it was named for this run', async () => {
    const missing = join(folder, 'missing');

    const failure = await client({ findLinks: [missing] })
      .project('toolz')
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(UserError);
    expect(failure).toMatchObject({
      code: 'E_NO_SUCH_FOLDER',
      exit: 78,
      message: `the folder ${missing} of --find-links cannot be read`,
    });
  });

  it('is a note, and the index is asked, when the environment names a folder that is not there', async () => {
    const { project, notes } = client({ environment: { PIP_FIND_LINKS: 'missing' }, http: fakeHttp(indexed) });

    expect((await project('toolz'))?.files[0]?.version).toBe('9.0');
    await project('other');
    const text = `PIP_FIND_LINKS names ${join(folder, 'missing')}, which is no folder that can be read`;
    expect(notes).toEqual([{ kind: 'warning', text }]);
  });

  it('is nothing to speak of when the environment names an empty folder', async () => {
    const { project, notes } = client({ environment: { PIP_FIND_LINKS: '.' }, http: fakeHttp(indexed) });

    expect((await project('toolz'))?.files[0]?.version).toBe('9.0');
    expect(notes).toEqual([]);
  });
});

describe('--find-links with a page', () => {
  const url = 'https://w.test/list.html';
  const html = {
    type: 'text/html',
    body: `<a href="files/toolz-1.0.zip#sha256=${'a'.repeat(64)}">x</a><a href="files/other-2.0.zip">x</a>`,
  };

  it('gives the files of a project, requesting the page once', async () => {
    const http = fakeHttp({ [url]: html, ...indexed });
    const { project } = client({ findLinks: [url], http });

    const [toolz, other] = await Promise.all([project('toolz'), project('other')]);

    expect(toolz).toMatchObject({
      index: url,
      files: [{ url: 'https://w.test/files/toolz-1.0.zip', sha256: 'a'.repeat(64) }],
    });
    expect(other?.files).toHaveLength(1);
    expect(http.requests.map((request) => request.url)).toEqual([url]);
  });

  it('answers offline from the cache', async () => {
    const cache = memoryCache();
    await client({ findLinks: [url], http: fakeHttp({ [url]: html }), cache }).project('toolz');

    expect((await client({ findLinks: [url], cache, offline: true }).project('toolz'))?.index).toBe(url);
  });

  it.each([
    ['is not there', { status: 404 }, 'E_INDEX_UNAVAILABLE', `there is no page at ${url} (--find-links)`],
    [
      'asks for a login',
      { type: 'text/html', body: '<title>Login</title><form>' },
      'E_BAD_INDEX_PAGE',
      `The page of links at ${url} is no page of a package index: found an HTML form with the title "Login"`,
    ],
  ])('ends the run when it %s', async (_, answer, code, message) => {
    const failure = await client({ findLinks: [url], http: fakeHttp({ [url]: answer, ...indexed }) })
      .project('toolz')
      .catch((error: unknown) => error);

    expect(failure).toMatchObject({ code, message });
  });

  it('says when it has no links', async () => {
    const { project, notes } = client({
      findLinks: [url],
      http: fakeHttp({ [url]: { type: 'text/html', body: '<p>nothing' }, ...indexed }),
    });
    await project('toolz');

    expect(notes.map(({ text }) => text)).toEqual([`--find-links names ${url}, which is a page without links`]);
  });
});
