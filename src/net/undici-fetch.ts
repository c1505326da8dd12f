import { readFile } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { FetchLike } from './exchange.ts';
import { rememberingLookup } from './host-lookup.ts';
import { proxySettings } from './proxy-settings.ts';

export interface UndiciFetchOptions {
  /** HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY in both cases, and SSL_CERT_FILE are looked at. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly connectSeconds?: number;
}

type Request = (url: string, options: Parameters<FetchLike>[1]) => Promise<Dispatcher.ResponseData>;

/**
 * What requests are sent with in production: undici's `request`, with connections that are kept, through proxies where the environment
 * names them. Bodies are decompressed unless `accept-encoding: identity` was asked for: then the bytes come as they were sent, also
 * from servers that mark a stored `.tar.gz` as encoded. Undici is loaded with the first request, because that takes a tenth of a second.
 * Spread the result into the options of `createHttpClient`.
 */
export function undiciFetch(options: UndiciFetchOptions): {
  readonly fetch: FetchLike;
  readonly closeFetch: () => Promise<void>;
} {
  let loading: Promise<{ request: Request; close: () => Promise<void> }> | null = null;
  return {
    async fetch(url, init) {
      loading ??= load(options);
      const { request } = await loading;
      const encoded = { 'accept-encoding': ACCEPT_ENCODING, ...init.headers };
      const response = await request(url, { ...init, headers: encoded });
      const headers = { get: (name: string) => headerOf(response.headers, name) };
      // An answer that is thrown away half-read reports its own abort, which nobody waits for.
      response.body.on('error', () => undefined);
      const isRaw = encoded['accept-encoding'] === 'identity';
      const body = isRaw ? response.body : decompressed(response.body, headers.get('content-encoding'));
      return { status: response.statusCode, headers, body };
    },
    async closeFetch() {
      // A failed start has nothing to close, and every request has told of it.
      const loaded = await loading?.catch(() => null);
      await loaded?.close();
    },
  };
}

const ACCEPT_ENCODING = 'gzip, deflate, br';

async function load(options: UndiciFetchOptions): Promise<{ request: Request; close: () => Promise<void> }> {
  const settings = proxySettings(options.environment);
  const secureContext = await trustOf(options.environment);
  const timeout = (options.connectSeconds ?? 10) * 1000;
  const tls = { timeout, lookup: rememberingLookup(), secureContext };
  // The timeouts of headers and bodies are those of the client, which knows what it waits for. HTTP/2 stays off: twenty pages at once
  // came no sooner with it.
  const common = { headersTimeout: 0, bodyTimeout: 0, connect: tls };
  if (settings === null) {
    const undici = await import('./undici-agent.ts');
    const agent = new undici.Agent(common);
    return {
      request(url, { method, headers, signal }) {
        const { origin, pathname, search } = new URL(url);
        return undici.request.call(agent, { origin, path: `${pathname}${search}`, method, headers, signal });
      },
      close: () => agent.destroy(),
    };
  }
  const undici = await import('./undici-library.ts');
  // `proxyTunnel: false`: plain http goes through the proxy as curl and pip send it, without CONNECT, which many proxies refuse.
  const proxy = { ...common, ...settings, requestTls: tls, proxyTls: tls, proxyTunnel: false };
  const dispatcher = new undici.EnvHttpProxyAgent(proxy);
  return {
    request: (url, { method, headers, signal }) => undici.request(url, { method, headers, signal, dispatcher }),
    close: () => dispatcher.destroy(),
  };
}

/**
 * The certificate authorities of SSL_CERT_FILE besides Node's own; Node's own without it, and where it names the file of NODE_EXTRA_CA_CERTS,
 * which Node itself has read at its start (many machines set both): to read its certificates again takes as long as loading undici.
 * One context for all connections, because making one takes a millisecond, and reading a hundred certificates for each would take longer than the request.
 */
async function trustOf(environment: UndiciFetchOptions['environment']): Promise<SecureContext> {
  const file = environment.SSL_CERT_FILE;
  if (file === undefined || file === '') return createSecureContext();
  try {
    const certificates = await readFile(file, 'utf8');
    if (file === process.env.NODE_EXTRA_CA_CERTS) return createSecureContext();
    return createSecureContext({ ca: [...rootCertificates, certificates] });
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new UserError(
      'E_BAD_CERTIFICATE_FILE',
      oneLine(`SSL_CERT_FILE names ${file}, which cannot be read (${detail})`),
      {
        hint: 'let SSL_CERT_FILE name a file of certificates in PEM form, or unset it',
        exit: EXIT.config,
        cause: error,
      },
    );
  }
}

function headerOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | null {
  const key = name.toLowerCase();
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
}

function decompressed(body: Readable, encoding: string | null): Readable {
  const decoder = decoderOf(encoding?.trim().toLowerCase() ?? '');
  if (decoder === null) return body;
  // The reader of the decoder gets the error.
  return pipeline(body, decoder, () => undefined);
}

/** Each piece goes through a thread: pages of several megabytes in few pieces. */
const PIECE_BYTES = 64 * 1024;

function decoderOf(
  encoding: string,
): ReturnType<typeof createGunzip> | ReturnType<typeof createBrotliDecompress> | null {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip({ chunkSize: PIECE_BYTES });
    case 'deflate':
      return createInflate({ chunkSize: PIECE_BYTES });
    case 'br':
      return createBrotliDecompress({ chunkSize: PIECE_BYTES });
    default:
      return null;
  }
}
