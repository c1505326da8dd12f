import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/base/progress.ts';
import { UserError } from '../../src/base/user-error.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/net/http-client.ts';
import { retrying } from '../../src/net/retry.ts';
import { undiciFetch } from '../../src/net/undici-fetch.ts';
import { gate, startServer, type TestServer } from '../support/http-server.ts';

const FETCHES: readonly (readonly [string, () => Pick<HttpClientOptions, 'fetch' | 'closeFetch'>])[] = [
  ['undici', () => undiciFetch({ environment: {} })],
  ['the global fetch', () => ({ fetch })],
];

describe.each(FETCHES)('the client over %s', (_, fetching) => {
  let server: TestServer;
  let other: TestServer;
  const clients: HttpClient[] = [];
  let waits: number[] = [];

  beforeEach(async () => {
    [server, other] = await Promise.all([startServer(), startServer()]);
    waits = [];
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all([server.close(), other.close()]);
  });

  function client(options: Partial<HttpClientOptions> = {}): HttpClient {
    const made = createHttpClient({
      ...fetching(),
      userAgent: 'pypi2nix/test',
      sleep: async (seconds) => void waits.push(seconds),
      random: () => 1,
      ...options,
    });
    clients.push(made);
    return made;
  }

  async function textAt(path: string, options: Partial<HttpClientOptions> = {}): Promise<string> {
    const response = await client(options).get({ url: server.url + path, what: 'the page of toolz' });
    return `${response.status} ${await response.text()}`;
  }

  /** The user error of a request, with the server's address as SERVER. */
  async function faultAt(path: string, options: Partial<HttpClientOptions> = {}): Promise<string> {
    try {
      return await textAt(path, options);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = error.message.replaceAll(server.url, 'SERVER').replaceAll(other.url, 'OTHER');
      return `${error.code} ${error.exit}: ${message}`;
    }
  }

  describe('an answer', () => {
    it('has status, address, headers and text', async () => {
      server.on('/toolz/', { body: 'größer', headers: { 'X-Serial': '7' } });
      const response = await client().get({ url: `${server.url}/toolz/`, what: 'the page of toolz' });

      expect(await response.text()).toBe('größer');
      expect([response.status, response.url]).toEqual([200, `${server.url}/toolz/`]);
      expect([response.headers.get('X-SERIAL'), response.headers.get('x-none')]).toEqual(['7', null]);
    });

    it('404 is one, and is not asked for again', async () => {
      expect(await textAt('/nothing/')).toBe('404 not found');
      expect(server.count('/nothing/')).toBe(1);
    });

    it('304 is one', async () => {
      server.on('/toolz/', { etag: '"v1"', body: 'page' });
      const headers = { 'If-None-Match': '"v1"' };
      const response = await client().get({ url: `${server.url}/toolz/`, what: 'the page', headers });
      await response.discard();

      expect(response.status).toBe(304);
    });

    it('can be a part of the file', async () => {
      server.on('/wheel', { body: '0123456789', ranges: true });
      const headers = { range: 'bytes=-3' };
      const response = await client().get({ url: `${server.url}/wheel`, what: 'the wheel', headers, raw: true });

      expect([response.status, await response.text()]).toEqual([206, '789']);
    });

    it('is decompressed', async () => {
      server.on('/toolz/', { body: 'page', gzip: true });

      expect(await textAt('/toolz/')).toBe('200 page');
      expect(server.requests[0]?.headers['accept-encoding']).toContain('gzip');
    });

    it('that is too large is refused', async () => {
      server.on('/toolz/', { body: 'x'.repeat(100) });
      const response = await client().get({ url: `${server.url}/toolz/`, what: 'the page of toolz' });

      await expect(response.text(99)).rejects.toMatchObject({
        code: 'E_RESPONSE_TOO_LARGE',
        message: `the page of toolz at ${server.url}/toolz/ is larger than 99 bytes`,
      });
    });
  });

  it('says who asks and what is accepted', async () => {
    server.on('/toolz/', { body: 'page' });
    const request = { url: `${server.url}/toolz/`, what: 'the page', accept: 'text/html' };
    await (await client().get(request)).discard();

    expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'pypi2nix/test', accept: 'text/html' });
  });

  it('asks for archives without compression', async () => {
    server.on('/a.tar.gz', { body: 'bytes' });
    await (await client().get({ url: `${server.url}/a.tar.gz`, what: 'the sdist', raw: true })).discard();

    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each([['ftp://index.test/simple'], ['file:///etc/passwd'], ['not an address']])('refuses %s', async (url) => {
    await expect(client().get({ url, what: 'the page' })).rejects.toMatchObject({ code: 'E_BAD_URL', exit: 65 });
  });

  describe('faults that may pass', () => {
    it.each([[429], [500], [502], [503]])('HTTP %i is asked for again', async (status) => {
      server.on('/toolz/', { status, body: 'busy' }, { body: 'page' });

      expect(await textAt('/toolz/')).toBe('200 page');
      expect(waits).toEqual([1]);
    });

    it('Retry-After is honoured', async () => {
      server.on('/toolz/', { status: 429, headers: { 'retry-after': '9' } }, { body: 'page' });
      await textAt('/toolz/');

      expect(waits).toEqual([9]);
    });

    it('a connection that is cut without an answer is made again', async () => {
      server.on('/toolz/', { reset: true }, { body: 'page' });

      expect(await textAt('/toolz/')).toBe('200 page');
    });

    it.each([[0], [3]])('a text that is cut after %i bytes is requested again', async (cutAfter) => {
      server.on('/toolz/', { body: 'page of toolz', cutAfter }, { body: 'page of toolz' });

      expect(await textAt('/toolz/')).toBe('200 page of toolz');
    });

    it('a server that does not answer is asked again', async () => {
      const never = gate();
      server.on('/toolz/', { waitFor: never.opened }, { body: 'page' });

      expect(await textAt('/toolz/', { timeouts: { headersSeconds: 0.1 } })).toBe('200 page');
      never.open();
    });

    it('a body that stops coming is requested again', async () => {
      const never = gate();
      server.on('/toolz/', { body: 'half a page', pauseFor: never.opened }, { body: 'page' });

      expect(await textAt('/toolz/', { timeouts: { idleSeconds: 0.1 } })).toBe('200 page');
      never.open();
    });

    it('a download is started again as a whole by whoever reads its body', async () => {
      server.on('/a.tar.gz', { body: 'all the bytes', cutAfter: 5 }, { body: 'all the bytes' });
      const http = client();
      const download = async (): Promise<string> => {
        const response = await http.get({ url: `${server.url}/a.tar.gz`, what: 'the sdist', raw: true });
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        return Buffer.concat(chunks).toString();
      };

      expect(await retrying('the sdist', download, { sleep: async () => {} })).toBe('all the bytes');
    });
  });

  describe('faults that stay', () => {
    it('HTTP 503 is told with address and number of tries', async () => {
      server.on('/toolz/?token=geheim', { status: 503 });

      expect(await faultAt('/toolz/?token=geheim')).toBe(
        'E_INDEX_UNAVAILABLE 69: SERVER/toolz/?token=*** answered HTTP 503 when asked for the page of toolz (tried 5 times)',
      );
    });

    it('a cut connection', async () => {
      server.on('/toolz/', { reset: true });

      expect(await faultAt('/toolz/', { retries: 1 })).toBe(
        'E_INDEX_UNAVAILABLE 69: the page of toolz could not be had from SERVER/toolz/: the connection was cut (tried 2 times)',
      );
    });

    it('a text that is cut each time', async () => {
      server.on('/toolz/', { body: 'page of toolz', cutAfter: 3 });

      expect(await faultAt('/toolz/', { retries: 1 })).toBe(
        'E_INDEX_UNAVAILABLE 69: the page of toolz could not be had from SERVER/toolz/: the connection was cut (tried 2 times)',
      );
    });

    it('a server that is not there', async () => {
      const gone = await startServer();
      await gone.close();
      const request = { url: `${gone.url}/toolz/`, what: 'the page of toolz' };

      await expect(client({ retries: 0 }).get(request)).rejects.toThrow(
        `the page of toolz could not be had from ${gone.url}/toolz/: the connection was refused (tried 1 time)`,
      );
    });

    it('silence', async () => {
      const never = gate();
      server.on('/toolz/', { waitFor: never.opened });

      expect(await faultAt('/toolz/', { retries: 0, timeouts: { headersSeconds: 0.1 } })).toBe(
        'E_INDEX_UNAVAILABLE 69: the page of toolz could not be had from SERVER/toolz/: no answer came for 0.1 seconds (tried 1 time)',
      );
      never.open();
    });
  });

  describe('redirects', () => {
    it('are followed, and the last address is told', async () => {
      server.on('/Toolz/', { redirect: '../toolz/?a=1' });
      server.on('/toolz/?a=1', { body: 'page' });
      const response = await client().get({ url: `${server.url}/Toolz/`, what: 'the page' });

      expect(await response.text()).toBe('page');
      expect(response.url).toBe(`${server.url}/toolz/?a=1`);
    });

    it('end after ten', async () => {
      server.on('/loop', { redirect: '/loop' });

      expect(await faultAt('/loop')).toBe(
        'E_BAD_REDIRECT 69: SERVER/loop, asked for the page of toolz, redirects more than 10 times',
      );
      expect(server.count('/loop')).toBe(11);
    });

    it('lead only into the web', async () => {
      server.on('/toolz/', { redirect: 'file:///etc/passwd' });

      expect(await faultAt('/toolz/')).toBe(
        'E_BAD_REDIRECT 69: SERVER/toolz/, asked for the page of toolz, redirects to file:///etc/passwd, which is not an address of the web',
      );
    });
  });

  describe('credentials', () => {
    const user = { username: 'anna', password: 'ge:heim' };

    it('of the URL are sent, and are in no address that is told', async () => {
      server.on('/toolz/', { user, body: 'page' });
      const url = `${server.url.replace('//', '//anna:ge%3Aheim@')}/toolz/`;
      const response = await client().get({ url, what: 'the page' });

      expect([response.status, response.url]).toEqual([200, `${server.url}/toolz/`]);
      await response.discard();
    });

    it('of the user are looked up by address', async () => {
      server.on('/toolz/', { user, body: 'page' });
      const credentialsFor = (url: URL): typeof user | null => (url.origin === server.url ? user : null);

      expect(await textAt('/toolz/', { credentialsFor })).toBe('200 page');
      expect(await textAt('/toolz/')).toBe('401 ');
    });

    it('go along a redirect of the same host, and stay behind when the host changes', async () => {
      server.on('/a', { redirect: '/b' });
      server.on('/b', { redirect: `${other.url}/c` });
      other.on('/c', { body: 'page' });
      const url = `${server.url.replace('//', '//anna:geheim@')}/a`;
      await (await client().get({ url, what: 'the page', headers: { Cookie: 'session=1' } })).discard();

      expect(server.requests.map(({ headers }) => [headers.authorization, headers.cookie])).toEqual([
        [`Basic ${Buffer.from('anna:geheim').toString('base64')}`, 'session=1'],
        [`Basic ${Buffer.from('anna:geheim').toString('base64')}`, 'session=1'],
      ]);
      expect(other.requests.map(({ headers }) => [headers.authorization, headers.cookie])).toEqual([
        [undefined, undefined],
      ]);
    });
  });

  describe('concurrency', () => {
    it('no more requests than allowed are open to one host, and others are not held up', async () => {
      const hold = gate();
      for (const name of ['a', 'b', 'c']) server.on(`/${name}`, { body: name, waitFor: hold.opened });
      other.on('/d', { body: 'd' });
      const http = client({ concurrencyPerHost: 2 });
      const read = async (url: string): Promise<string> => (await http.get({ url, what: 'a page' })).text();
      const held = ['a', 'b', 'c'].map((name) => read(`${server.url}/${name}`));

      expect(await read(`${other.url}/d`)).toBe('d');
      hold.open();
      expect(await Promise.all(held)).toEqual(['a', 'b', 'c']);
    });

    it('a slot is given back by a discarded, a half-read and a failed answer', async () => {
      server.on('/large', { body: 'x'.repeat(1_000_000) });
      server.on('/cut', { body: 'x'.repeat(1000), cutAfter: 10 });
      server.on('/small', { body: 'small' });
      const http = client({ concurrencyPerHost: 1, retries: 0 });
      const get = (path: string): ReturnType<HttpClient['get']> => http.get({ url: server.url + path, what: 'a page' });

      await (await get('/large')).discard();
      for await (const chunk of (await get('/large')).body) if (chunk.length > 0) break;
      await expect((await get('/cut')).text()).rejects.toThrow('the connection was cut');

      expect(await (await get('/small')).text()).toBe('small');
    });
  });

  it('a cancelled run ends its requests with the reason', async () => {
    const never = gate();
    server.on('/toolz/', { waitFor: never.opened });
    const controller = new AbortController();
    const reason = new Error('cancelled by the user');
    const onProgress = (): void => controller.abort(reason);

    await expect(textAt('/toolz/', { signal: controller.signal, onProgress })).rejects.toBe(reason);
    never.open();
  });

  it('tells requests and retries, redacted', async () => {
    server.on('/toolz/?key=geheim', { status: 500 }, { body: 'page' });
    const events: ProgressEvent[] = [];
    await textAt('/toolz/?key=geheim', { onProgress: (event) => events.push(event) });

    const url = `${server.url}/toolz/?key=***`;
    expect(events).toEqual([
      { kind: 'request', what: 'the page of toolz', url },
      {
        kind: 'retry',
        what: 'the page of toolz',
        attempt: 1,
        seconds: 1,
        why: `${url} answered HTTP 500 when asked for the page of toolz`,
      },
      { kind: 'request', what: 'the page of toolz', url },
    ]);
  });
});
