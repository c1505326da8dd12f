import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { createIndexClient, type IndexClient } from '../../src/index/index-client.ts';
import { credentialUrls } from '../../src/index/index-source.ts';
import { projectInfo } from '../../src/index/project-json.ts';
import { indexSettings } from '../../src/index/settings.ts';
import { credentialsFrom } from '../../src/net/credentials.ts';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { NO_NETRC } from '../../src/net/netrc.ts';
import { undiciFetch } from '../../src/net/undici-fetch.ts';
import { gate, startServer, type TestServer } from '../support/http-server.ts';

let server: TestServer;
let other: TestServer;
let http: HttpClient | null = null;

beforeEach(async () => {
  server = await startServer();
  other = await startServer();
});

afterEach(async () => {
  await http?.close();
  await Promise.all([server.close(), other.close()]);
});

/** The client of indexes at these addresses, over the network as users have it, but for the waits between retries. */
function client(...urls: readonly string[]): IndexClient {
  const [indexUrl, ...extraIndexUrls] = urls;
  const indexes = indexSettings({
    options: { indexUrl, extraIndexUrls, findLinks: [] },
    environment: {},
    pipConf: [],
    defaultIndex: 'https://public.test/simple/',
    workingDirectory: '/',
    home: '/',
  });
  http = createHttpClient({
    ...undiciFetch({ environment: {} }),
    userAgent: 'test',
    sleep: async () => {},
    credentialsFor: credentialsFrom({ urls: credentialUrls(indexes), netrc: NO_NETRC }),
  });
  return createIndexClient({ indexes, http, now: () => 0, refresh: false, offline: false, onNote: () => {} });
}

function json(filename: string) {
  const body = JSON.stringify({
    meta: { 'api-version': '1.0' },
    files: [{ filename, url: `../../files/${filename}`, hashes: {} }],
  });
  return { headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' }, body };
}

async function failure(promise: Promise<unknown>) {
  try {
    await promise;
  } catch (error) {
    const [first] = userErrorsOf(error) ?? [];
    if (first === undefined) throw error;
    return first;
  }
  throw new Error('nothing was thrown');
}

describe('indexes on real servers', () => {
  it('falls from an index that does not have the project to the next', async () => {
    other.on('/simple/toolz/', json('toolz-1.0.zip'));

    const page = await client(`${server.url}/simple`, `${other.url}/simple`).project('toolz');

    expect(page?.files.map(({ url }) => url)).toEqual([`${other.url}/files/toolz-1.0.zip`]);
    expect(server.count('/simple/toolz/')).toBe(1);
  });

  it('ends when an index keeps failing, without a look at the next', async () => {
    server.on('/simple/toolz/', { status: 503, body: '<html>down</html>' });
    other.on('/simple/toolz/', json('toolz-1.0.zip'));

    const error = await failure(client(`${server.url}/simple`, `${other.url}/simple`).project('toolz'));

    expect(error).toMatchObject({ code: 'E_INDEX_UNAVAILABLE', exit: 69 });
    expect(other.requests).toEqual([]);
  });

  it('gets over a failure that passes', async () => {
    server.on(
      '/simple/toolz/',
      { status: 503 },
      { reset: true },
      { ...json('toolz-1.0.zip'), cutAfter: 20 },
      json('toolz-1.0.zip'),
    );

    expect((await client(`${server.url}/simple`).project('toolz'))?.files).toHaveLength(1);
  });

  it('resolves addresses against the page that a redirect leads to', async () => {
    server.on('/simple/toolz/', { redirect: `${other.url}/team/index/simple/toolz/` });
    other.on('/team/index/simple/toolz/', { ...json('toolz-1.0.zip'), gzip: true });

    const page = await client(`${server.url}/simple`).project('toolz');

    expect(page?.files[0]?.url).toBe(`${other.url}/team/index/files/toolz-1.0.zip`);
  });

  it('signs requests to an index with the credentials of its address and tells them to nobody', async () => {
    const user = { username: 'me', password: 'hunter2' };
    server.on('/simple/toolz/', { ...json('toolz-1.0.zip'), user });
    server.on('/simple/away/', { redirect: `${other.url}/simple/away/` });
    other.on('/simple/away/', json('away-1.0.zip'));
    const { project } = client(`${server.url.replace('//', '//me:hunter2@')}/simple`);

    const pages = [await project('toolz'), await project('away')];

    expect(pages.map((page) => page?.files.length)).toEqual([1, 1]);
    expect(JSON.stringify([pages, other.requests])).not.toMatch(/hunter2|authorization/i);
  });

  it('says what to do when an index denies, and keeps the password to itself', async () => {
    server.on('/simple/toolz/', { user: { username: 'me', password: 'right' } });

    const error = await failure(client(`${server.url.replace('//', '//me:hunter2@')}/simple`).project('toolz'));

    expect(error).toMatchObject({
      code: 'E_INDEX_DENIED',
      hint: 'The credentials in the URL of the index were not accepted.',
    });
    expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
  });

  it('asks an index that knows no JSON again for HTML', async () => {
    const html = { headers: { 'content-type': 'text/html' }, body: '<a href="toolz-1.0.zip#md5=1">toolz-1.0.zip</a>' };
    server.on('/simple/toolz/', { status: 406 }, html);

    expect((await client(`${server.url}/simple`).project('toolz'))?.files).toMatchObject([
      { filename: 'toolz-1.0.zip', sha256: null },
    ]);
    expect(server.requests[1]?.headers.accept).toBe('text/html');
  });

  it('sends one request for a project that is asked for twice at a time', async () => {
    const door = gate();
    server.on('/simple/toolz/', { ...json('toolz-1.0.zip'), waitFor: door.opened });
    const { project } = client(`${server.url}/simple`);

    const both = Promise.all([project('toolz'), project('toolz')]);
    door.open();

    expect((await both).map((page) => page?.files.length)).toEqual([1, 1]);
    expect(server.requests).toHaveLength(1);
  });

  it('finds the information on a project beside its index', async () => {
    server.on('/pypi/toolz/json', { body: JSON.stringify({ info: { version: '1.0', summary: 'Tools' } }) });
    client(`${server.url}/simple`);
    if (http === null) throw new Error('no client');
    const source = {
      kind: 'simple',
      id: 'x',
      name: 'x',
      url: `${server.url}/simple/`,
      credentials: null,
      setBy: 'x',
    } as const;

    expect(await projectInfo('toolz', { source, http, onNote: () => {} })).toMatchObject({
      version: '1.0',
      summary: 'Tools',
    });
  });
});
