import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/base/progress.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/net/http-client.ts';

// nock sees the global fetch alone; the client with undici is tested against a real server.
beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.restore());

const HOST = 'https://index.test';

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  return createHttpClient({
    fetch: (url, init) => fetch(url, init),
    userAgent: 'pypi2nix/test',
    sleep: async () => {},
    random: () => 0.5,
    ...options,
  });
}

describe('a request', () => {
  it('says who asks, and what for', async () => {
    const scope = nock(HOST, { reqheaders: { 'user-agent': 'pypi2nix/test', accept: 'application/json' } })
      .get('/simple/it/')
      .reply(200, '{}');

    const response = await client().get({
      url: `${HOST}/simple/it/`,
      accept: 'application/json',
      what: 'the page of it',
    });

    expect([response.status, await response.text()]).toEqual([200, '{}']);
    expect(scope.isDone()).toBe(true);
  });

  it('asks for the bytes as they are stored where digests count', async () => {
    const scope = nock(HOST, { reqheaders: { 'accept-encoding': 'identity' } })
      .get('/it-1.0.tar.gz')
      .reply(200, 'bytes');

    await (await client().get({ url: `${HOST}/it-1.0.tar.gz`, what: 'it-1.0.tar.gz', raw: true })).discard();

    expect(scope.isDone()).toBe(true);
  });

  it('is made again after 503, and tells why it waits', async () => {
    nock(HOST).get('/it').times(2).reply(503).get('/it').reply(200, 'there');
    const events: ProgressEvent[] = [];

    const response = await client({ onProgress: (event) => events.push(event) }).get({
      url: `${HOST}/it`,
      what: 'the page of it',
    });

    expect(await response.text()).toBe('there');
    expect(events.filter(({ kind }) => kind === 'retry')).toHaveLength(2);
  });

  it.each([404, 401, 403, 410])('is not made again after %i, which is an answer', async (status) => {
    nock(HOST).get('/it').reply(status);

    const response = await client().get({ url: `${HOST}/it`, what: 'the page of it' });
    await response.discard();

    expect(response.status).toBe(status);
    expect(nock.pendingMocks()).toEqual([]);
  });

  it('waits as long as 429 asks, within bounds', async () => {
    nock(HOST).get('/it').reply(429, '', { 'retry-after': '7' }).get('/it').reply(429, '', { 'retry-after': '100000' });
    nock(HOST).get('/it').reply(200, 'there');
    const waits: number[] = [];

    const sleep = async (seconds: number): Promise<void> => {
      waits.push(seconds);
    };
    await (await client({ sleep }).get({ url: `${HOST}/it`, what: 'the page of it' })).discard();

    expect(waits).toEqual([7, 60]);
  });

  it('ends with one message that shows neither password nor token', async () => {
    nock(HOST).persist().get('/it').query(true).reply(502);

    const failure = client({ retries: 1 }).get({
      url: 'https://user:secret-word@index.test/it?token=secret-token',
      what: 'the page of it',
    });

    const error = await failure.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'E_INDEX_UNAVAILABLE', exit: 69 });
    expect(String(error)).toContain('index.test');
    expect(String(error)).not.toMatch(/secret/u);
  });

  it('does not give its credentials to another host that it is sent to', async () => {
    nock(HOST)
      .get('/it')
      .basicAuth({ user: 'me', pass: 'secret-word' })
      .reply(302, '', { location: 'https://files.test/it' });
    const other = nock('https://files.test', { badheaders: ['authorization'] })
      .get('/it')
      .reply(200, 'there');

    const credentialsFor = (url: URL): { username: string; password: string } | null =>
      url.hostname === 'index.test' ? { username: 'me', password: 'secret-word' } : null;
    const response = await client({ credentialsFor }).get({ url: `${HOST}/it`, what: 'the page of it' });

    expect(await response.text()).toBe('there');
    expect(other.isDone()).toBe(true);
  });
});
