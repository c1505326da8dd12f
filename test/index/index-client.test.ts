import { describe, expect, it } from 'vitest';
import type { Note } from '../../src/base/note.ts';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { createIndexClient, type IndexClientOptions } from '../../src/index/index-client.ts';
import { indexSettings } from '../../src/index/settings.ts';
import { fakeHttp, memoryCache } from './support/fake-http.ts';

const A = 'https://a.test/simple/';
const B = 'https://b.test/simple/';

function sources(indexUrl: string, extraIndexUrls: readonly string[] = [], findLinks: readonly string[] = []) {
  return indexSettings({
    options: { indexUrl, extraIndexUrls, findLinks },
    environment: {},
    pipConf: [],
    defaultIndex: 'https://public.test/simple/',
    workingDirectory: '/',
    home: '/',
  });
}

function client(options: Partial<IndexClientOptions> & Pick<IndexClientOptions, 'http' | 'indexes'>) {
  const notes: Note[] = [];
  const made = createIndexClient({
    now: () => 0,
    refresh: false,
    offline: false,
    onNote: (note) => notes.push(note),
    ...options,
  });
  return { ...made, notes };
}

/** A page in JSON of these file names. */
function json(names: readonly string[], fields: object = {}) {
  return {
    body: {
      meta: { 'api-version': '1.0' },
      files: names.map((filename) => ({ filename, url: `../files/${filename}`, hashes: {} })),
      ...fields,
    },
  };
}

async function failure(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    const [first] = userErrorsOf(error) ?? [];
    if (first === undefined) throw error;
    return { code: first.code, message: first.message, exit: first.exit, hint: first.hint };
  }
  throw new Error('nothing was thrown');
}

describe('several indexes', () => {
  it('gives a project from the first index that has it', async () => {
    const http = fakeHttp({ [`${A}toolz/`]: json(['toolz-1.0.tar.gz']), [`${B}toolz/`]: json(['toolz-9.0.tar.gz']) });

    const page = await client({ http, indexes: sources(A, [B]) }).project('toolz');

    expect(page).toMatchObject({
      name: 'toolz',
      index: A,
      files: [{ version: '1.0', url: 'https://a.test/simple/files/toolz-1.0.tar.gz' }],
    });
    expect(http.requests.map(({ url }) => url)).toEqual([`${A}toolz/`]);
  });

  it.each([404, 410])('asks the next index after HTTP %i', async (status) => {
    const http = fakeHttp({ [`${A}toolz/`]: { status }, [`${B}toolz/`]: json(['toolz-9.0.tar.gz']) });

    expect((await client({ http, indexes: sources(A, [B]) }).project('toolz'))?.index).toBe(B);
  });

  it('has null for a project that no index has', async () => {
    expect(await client({ http: fakeHttp({}), indexes: sources(A, [B]) }).project('toolz')).toBeNull();
  });

  it('knows a page of the public index as such', async () => {
    const http = fakeHttp({
      'https://public.test/simple/toolz/': json(['toolz-1.0.tar.gz']),
      [`${A}toolz/`]: json(['toolz-1.0.tar.gz']),
    });

    const publicPage = await client({ http, indexes: sources('https://public.test/simple/') }).project('toolz');
    const otherPage = await client({ http, indexes: sources(A) }).project('toolz');

    expect(publicPage).toMatchObject({ index: 'PyPI', isPublicIndex: true });
    expect(otherPage).toMatchObject({ index: A, isPublicIndex: false });
  });

  it.each([
    [500, 'E_INDEX_UNAVAILABLE', 'https://a.test/simple/ (--index-url) cannot give the page of toolz: HTTP 500'],
    [400, 'E_INDEX_UNAVAILABLE', 'https://a.test/simple/ (--index-url) cannot give the page of toolz: HTTP 400'],
    [401, 'E_INDEX_DENIED', 'https://a.test/simple/ (--index-url) denies the page of toolz: HTTP 401'],
    [403, 'E_INDEX_DENIED', 'https://a.test/simple/ (--index-url) denies the page of toolz: HTTP 403'],
  ])('never falls through to the next index on HTTP %i', async (status, code, message) => {
    const http = fakeHttp({ [`${A}toolz/`]: { status }, [`${B}toolz/`]: json(['toolz-9.0.tar.gz']) });

    expect(await failure(client({ http, indexes: sources(A, [B]) }).project('toolz'))).toMatchObject({
      code,
      message,
      exit: 69,
    });
    expect(http.requests).toHaveLength(1);
  });

  it('keeps the credentials of an index out of messages and pages', async () => {
    const http = fakeHttp({ [`${A}toolz/`]: { status: 401 }, [`${A}other/`]: json(['other-1.0.zip']) });
    const { project } = client({ http, indexes: sources('https://me:hunter2@a.test/simple/') });

    const error = await failure(project('toolz'));

    expect(error.hint).toBe('The credentials in the URL of the index were not accepted.');
    expect(JSON.stringify([error, await project('other'), http.requests])).not.toMatch(/hunter2|me:/);
  });
});

describe('content negotiation', () => {
  it('asks for JSON first and takes HTML', async () => {
    const http = fakeHttp({
      [`${A}toolz/`]: { type: 'text/html; charset=utf-8', body: '<a href="toolz-1.0.zip">x</a>' },
    });

    const page = await client({ http, indexes: sources(A) }).project('toolz');

    expect(page?.files.map(({ filename }) => filename)).toEqual(['toolz-1.0.zip']);
    expect(http.requests[0]?.accept).toBe(
      'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01',
    );
  });

  it('asks again for HTML alone after HTTP 406', async () => {
    const http = fakeHttp({
      [`${A}toolz/`]: ({ accept }) =>
        accept === 'text/html' ? { type: 'text/html', body: '<a href="toolz-1.0.zip">x</a>' } : { status: 406 },
    });

    expect((await client({ http, indexes: sources(A) }).project('toolz'))?.files).toHaveLength(1);
  });

  it.each([
    ['JSON that is sent as HTML', 'text/html', JSON.stringify(json(['toolz-1.0.zip']).body)],
    ['JSON of the plain type', 'application/json', JSON.stringify(json(['toolz-1.0.zip']).body)],
    ['HTML without a type', '', '\ufeff<!DOCTYPE html><a href="toolz-1.0.zip">x</a>'],
  ])('reads %s', async (_, type, body) => {
    const http = fakeHttp({ [`${A}toolz/`]: { type, body } });

    expect((await client({ http, indexes: sources(A) }).project('toolz'))?.files).toHaveLength(1);
  });

  it.each([
    ['application/json', '<html><title>Login</title><form></form>', 'an HTML page with the title "Login"'],
    ['text/html', '<html><title>502 Bad Gateway</title>nginx</html>', 'an HTML page with the title "502 Bad Gateway"'],
    ['text/plain', 'hello', 'a text of the type text/plain'],
    ['application/vnd.pypi.simple.v1+json', '', 'JSON that is cut off or malformed'],
  ])('refuses a %s that is %s', async (type, body, found) => {
    const http = fakeHttp({ [`${A}toolz/`]: { type, body }, [`${B}toolz/`]: json(['toolz-9.0.tar.gz']) });

    expect(await failure(client({ http, indexes: sources(A, [B]) }).project('toolz'))).toMatchObject({
      code: 'E_BAD_INDEX_PAGE',
      exit: 65,
      message: `The page of toolz at ${A}toolz/ is no page of a package index: found ${found}`,
    });
  });

  it('resolves addresses against where redirects led', async () => {
    const http = fakeHttp({ [`${A}toolz/`]: { ...json(['toolz-1.0.zip']), url: 'https://c.test/x/toolz/' } });

    expect((await client({ http, indexes: sources(A) }).project('toolz'))?.files[0]?.url).toBe(
      'https://c.test/x/files/toolz-1.0.zip',
    );
  });

  it('keeps the query of an index address', async () => {
    const http = fakeHttp({ 'https://a.test/simple/toolz/?ref=1': json(['toolz-1.0.zip']) });

    expect(await client({ http, indexes: sources('https://a.test/simple?ref=1') }).project('toolz')).toMatchObject({
      index: A,
    });
  });
});

describe('what is asked again', () => {
  it('requests a project once, however often it is asked for', async () => {
    const http = fakeHttp({ [`${A}toolz/`]: json(['toolz-1.0.zip']) });
    const { project } = client({ http, indexes: sources(A) });

    const pages = await Promise.all([project('toolz'), project('toolz')]);

    expect(pages[0]).toBe(pages[1]);
    expect(await project('toolz')).toBe(pages[0]);
    expect(http.requests).toHaveLength(1);
  });

  it('does not remember a failure', async () => {
    let status = 500;
    const http = fakeHttp({ [`${A}toolz/`]: () => (status === 500 ? { status } : json(['toolz-1.0.zip'])) });
    const { project } = client({ http, indexes: sources(A) });
    await failure(project('toolz'));
    status = 200;

    expect((await project('toolz'))?.files).toHaveLength(1);
  });

  it.each(['Toolz', 'a_b', '../x', '', 'a/b'])('takes only normalised names, not %j', async (name) => {
    expect(() => client({ http: fakeHttp({}), indexes: sources(A) }).project(name)).toThrowError('not a PEP 503 name');
  });
});

describe('the status of a project', () => {
  it('uses no file of a quarantined project', async () => {
    const http = fakeHttp({
      [`${A}toolz/`]: json(['toolz-1.0.zip'], { 'project-status': { status: 'quarantined', reason: 'malware' } }),
    });
    const { project, notes } = client({ http, indexes: sources(A) });

    expect((await project('toolz'))?.files).toEqual([]);
    expect(notes).toEqual([
      {
        kind: 'warning',
        text: `${A} marks toolz as quarantined, none of its files is used: malware`,
        project: 'toolz',
      },
    ]);
  });

  it.each([
    ['archived', 1],
    ['deprecated', 1],
    ['active', 0],
  ])('keeps the files of a project that is %s, with %i notes', async (status, count) => {
    const http = fakeHttp({ [`${A}toolz/`]: json(['toolz-1.0.zip'], { meta: { 'project-status': { status } } }) });
    const { project, notes } = client({ http, indexes: sources(A) });

    expect((await project('toolz'))?.files).toHaveLength(1);
    expect(notes).toHaveLength(count);
  });
});

describe('the cache', () => {
  const route = { [`${A}toolz/`]: { ...json(['toolz-1.0.zip', 'toolz-1.0-py3.5.egg']), headers: { etag: '"1"' } } };

  it('answers from a fresh record and gives the same page', async () => {
    const cache = memoryCache();
    const http = fakeHttp(route);
    const first = await client({ http, cache, indexes: sources(A) }).project('toolz');

    const second = await client({ http, cache, indexes: sources(A), now: () => 599_000 }).project('toolz');

    expect({ ...second, table: null }).toEqual({ ...first, table: null });
    expect(http.requests).toHaveLength(1);
  });

  it.each([
    ['an old record', { now: () => 600_000 }, '"1"'],
    ['every record with --refresh, without naming what it has', { refresh: true }, undefined],
  ])('asks again for %s', async (_, options, etag) => {
    const cache = memoryCache();
    const http = fakeHttp(route);
    await client({ http, cache, indexes: sources(A) }).project('toolz');

    await client({ http, cache, indexes: sources(A), ...options }).project('toolz');

    expect(http.requests).toHaveLength(2);
    expect(http.requests[1]?.headers?.['if-none-match']).toBe(etag);
  });

  it('makes a record fresh again when the index says that it is unchanged', async () => {
    const cache = memoryCache();
    await client({ http: fakeHttp(route), cache, indexes: sources(A) }).project('toolz');
    const http = fakeHttp({ [`${A}toolz/`]: { status: 304 } });

    const page = await client({ http, cache, indexes: sources(A), now: () => 1_000_000 }).project('toolz');
    await client({ http, cache, indexes: sources(A), now: () => 1_300_000 }).project('toolz');

    expect(page?.files).toHaveLength(1);
    expect(http.requests).toHaveLength(1);
  });

  it('keeps nothing of a failure', async () => {
    const cache = memoryCache();
    const http = fakeHttp({ [`${A}bad/`]: { body: '{"x": 1}' } });

    await failure(client({ http, cache, indexes: sources(A, [B]) }).project('bad'));

    expect(cache.records.size).toBe(0);
  });

  it('knows offline that no index had a project, and asks again when it may', async () => {
    const cache = memoryCache();
    const indexes = sources(A, [B]);
    await client({ http: fakeHttp({}), cache, indexes }).project('toolz');

    const http = fakeHttp(route);
    expect(await client({ http, cache, indexes, offline: true }).project('toolz')).toBeNull();
    expect((await client({ http, cache, indexes }).project('toolz'))?.files).toHaveLength(1);
  });

  it('takes a record of another form for none', async () => {
    const cache = memoryCache();
    await cache.put('pages', `${A} toolz`, { releases: [7] }, { fetchedAt: 0 });

    expect((await client({ http: fakeHttp(route), cache, indexes: sources(A) }).project('toolz'))?.files).toHaveLength(
      1,
    );
  });
});

describe('offline', () => {
  const routes = { [`${B}toolz/`]: json(['toolz-1.0.zip']) };

  it('answers from records of any age, past indexes that did not have the project', async () => {
    const cache = memoryCache();
    const indexes = sources(A, [B]);
    await client({ http: fakeHttp(routes), cache, indexes }).project('toolz');
    const http = fakeHttp({});

    const page = await client({ http, cache, indexes, offline: true, now: () => 1e12 }).project('toolz');

    expect(page).toMatchObject({ index: B, files: [{ version: '1.0' }] });
    expect(http.requests).toEqual([]);
  });

  it('says which page is missing', async () => {
    const { project } = client({
      http: fakeHttp(routes),
      cache: memoryCache(),
      indexes: sources(A, [B]),
      offline: true,
    });

    expect(await failure(project('toolz'))).toEqual({
      code: 'E_OFFLINE',
      message: `the cache has no page of toolz from ${A}`,
      exit: 69,
      hint: 'run the command once without --offline',
    });
  });

  it('does not show a page that the index has taken down since', async () => {
    const cache = memoryCache();
    await client({ http: fakeHttp(routes), cache, indexes: sources(B) }).project('toolz');
    await client({ http: fakeHttp({}), cache, indexes: sources(B), refresh: true }).project('toolz');

    expect(await client({ http: fakeHttp({}), cache, indexes: sources(B), offline: true }).project('toolz')).toBeNull();
  });

  it('uses records without addresses, which runs with a network ask again for', async () => {
    const cache = memoryCache();
    const indexes = sources('https://public.test/simple/');
    await cache.put('pages', 'pypi toolz', { releases: ['1.0 toolz-1.0.tar.gz - - - - - - -'] }, { fetchedAt: 0 });
    const http = fakeHttp({ 'https://public.test/simple/toolz/': json(['toolz-2.0.zip']) });

    const offline = await client({ http, cache, indexes, offline: true }).project('toolz');
    const online = await client({ http, cache, indexes }).project('toolz');

    expect(offline?.files).toMatchObject([{ version: '1.0', url: '' }]);
    expect(online?.files).toMatchObject([{ version: '2.0' }]);
  });
});
