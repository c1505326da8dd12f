import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from '../../src/net/http-client.ts';
import { undiciFetch } from '../../src/net/undici-fetch.ts';
import { startServer, type TestServer } from '../support/http-server.ts';

describe('undiciFetch', () => {
  let server: TestServer;
  const clients: HttpClient[] = [];

  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.close();
  });

  function client(environment: Record<string, string>): HttpClient {
    const made = createHttpClient({ ...undiciFetch({ environment }), userAgent: 'test', retries: 0 });
    clients.push(made);
    return made;
  }

  it('gives an archive as it is stored, also where the server marks it as encoded', async () => {
    const stored = gzipSync('an archive');
    server.on('/a.tar.gz', { body: stored, headers: { 'content-encoding': 'x-gzip' } });
    const response = await client({}).get({ url: `${server.url}/a.tar.gz`, what: 'the sdist', raw: true });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);

    expect(Buffer.concat(chunks)).toEqual(stored);
  });

  it('a compressed page that is cut is no shorter page', async () => {
    server.on('/toolz/', { body: 'page of toolz'.repeat(100), gzip: true, cutAfter: 20 });
    const response = await client({}).get({ url: `${server.url}/toolz/`, what: 'the page' });

    await expect(response.text()).rejects.toThrow('the connection was cut');
  });

  it('uses the connection again', async () => {
    server.on('/a', { body: 'a' });
    const http = client({});
    for (let i = 0; i < 3; i++) await (await http.get({ url: `${server.url}/a`, what: 'a page' })).text();

    expect(server.requests.map(({ headers }) => headers.connection)).toEqual([
      'keep-alive',
      'keep-alive',
      'keep-alive',
    ]);
  });

  it('sends plain http to the proxy that the environment names, with its credentials', async () => {
    server.on('http://index.test/simple/', { body: 'by proxy' });
    const http = client({ http_proxy: server.url.replace('//', '//anna:geheim@') });
    const response = await http.get({ url: 'http://index.test/simple/', what: 'the page' });

    expect(await response.text()).toBe('by proxy');
    expect(server.requests[0]?.headers['proxy-authorization']).toBe(
      `Basic ${Buffer.from('anna:geheim').toString('base64')}`,
    );
  });

  it('goes past the proxy for the hosts of NO_PROXY', async () => {
    server.on('/a', { body: 'directly' });
    const http = client({ HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'index.test,127.0.0.1' });

    expect(await (await http.get({ url: `${server.url}/a`, what: 'the page' })).text()).toBe('directly');
  });

  it('a refusing proxy is told without its password', async () => {
    const refusing = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'));
    });
    await new Promise<void>((listening) => refusing.listen(0, '127.0.0.1', listening));
    const address = refusing.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const http = client({ HTTPS_PROXY: `http://anna:geheim@127.0.0.1:${port}` });
    const fault = await http
      .get({ url: 'https://index.test/', what: 'the page' })
      .catch((error: Error) => error.message);
    refusing.close();

    expect(fault).toContain('the page could not be had from https://index.test/: ');
    expect(fault).toContain('407');
    expect(fault).not.toContain('geheim');
  });

  it('a file of certificates that cannot be read is told before any request', async () => {
    const http = client({ SSL_CERT_FILE: '/nowhere/ca.pem' });

    await expect(http.get({ url: `${server.url}/a`, what: 'the page' })).rejects.toMatchObject({
      code: 'E_BAD_CERTIFICATE_FILE',
      exit: 78,
    });
  });
});
