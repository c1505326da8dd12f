import type { ProgressEvent } from '../base/progress.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { type Credentials, splitCredentials } from './credentials.ts';
import { type Exchange, type FetchLike, openExchange, readText, type Timeouts } from './exchange.ts';
import { hostSlots } from './host-slots.ts';
import { redactUrl } from './redact.ts';
import { type Hop, isRedirect, nextHop } from './redirect.ts';
import { type RetryPolicy, retryAfterSeconds, retrying, TransientError } from './retry.ts';

export interface HttpRequest {
  /** Absolute, http or https; may hold credentials, which are sent to this host alone. */
  readonly url: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For messages, for example "the page of toolz". */
  readonly what: string;
  /** The bytes are wanted as they are stored (archives): no compression on the way, so that digests are right. */
  readonly raw?: boolean;
  readonly signal?: AbortSignal;
}

/** An answer. One of `body` (to its end or closed), `text` and `discard` must be used: until then it holds one of the host's slots. */
export interface HttpResponse {
  readonly status: number;
  /** After redirects; without credentials. */
  readonly url: string;
  /** Names in any case; null for a header that was not sent. */
  readonly headers: { get(name: string): string | null };
  /** Can be read once. A cut or silent connection is a `TransientError`: the caller starts the whole download again, see `retrying`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body as UTF-8; a cut one is requested again. Above the limit (default 64 MiB): UserError `E_RESPONSE_TOO_LARGE`. */
  text(limitBytes?: number): Promise<string>;
  discard(): Promise<void>;
}

export interface HttpClient {
  /**
   * 404 and other 4xx are answers, and so is 304; 429, 5xx, cut connections and timeouts are tried again, redirects are followed.
   * When retries are used up: UserError `E_INDEX_UNAVAILABLE`, exit 69, with the URL redacted.
   */
  get(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections, which would keep the process alive. */
  close(): Promise<void>;
}

export interface HttpClientOptions extends Omit<RetryPolicy, 'signal'> {
  /** What requests are sent with: `undiciFetch`, or the global fetch in tests. */
  readonly fetch: FetchLike;
  /** Called by `close`. */
  readonly closeFetch?: () => Promise<void>;
  readonly userAgent: string;
  /** Requests to one host whose answers are not read to their end; default 8. */
  readonly concurrencyPerHost?: number;
  /** What to sign a request to this address with; asked anew after each redirect. */
  readonly credentialsFor?: (url: URL) => Credentials | null;
  readonly timeouts?: Partial<Timeouts>;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Ends all requests; they throw its reason. */
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUTS: Timeouts = { headersSeconds: 30, idleSeconds: 30 };
const TEXT_LIMIT = 64 * 1024 ** 2;

/** The one way to the network. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const slots = hostSlots(options.concurrencyPerHost ?? 8);
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  return { get, close: async () => options.closeFetch?.() };

  async function get(request: HttpRequest): Promise<HttpResponse> {
    const exchange = await open(request);
    return {
      status: exchange.status,
      url: exchange.url,
      headers: exchange.headers,
      body: exchange.body,
      text: (limit = TEXT_LIMIT) => textOf(request, exchange, limit),
      discard: exchange.discard,
    };
  }

  function open(request: HttpRequest): Promise<Exchange> {
    return retrying(request.what, () => follow(request), { ...options, ...signalOf(request) });
  }

  /** Reads the body of the first exchange, and when that is cut, those of new ones. */
  function textOf(request: HttpRequest, first: Exchange, limit: number): Promise<string> {
    let unread: Exchange | null = first;
    const read = async (): Promise<string> => {
      const exchange = unread ?? (await follow(request));
      unread = null;
      if (exchange.status === first.status) return await readText(exchange, { what: request.what, limit });
      await exchange.discard();
      throw new TransientError(`${redactUrl(exchange.url)} changed its answer while ${request.what} was read`);
    };
    return retrying(request.what, read, { ...options, ...signalOf(request) });
  }

  function signalOf(request: HttpRequest): { readonly signal?: AbortSignal } {
    const signals = [options.signal, request.signal].filter((signal) => signal !== undefined);
    const [first] = signals;
    if (first === undefined) return {};
    return { signal: signals.length === 1 ? first : AbortSignal.any(signals) };
  }

  /** One try: sends the request and follows redirects. */
  async function follow(request: HttpRequest): Promise<Exchange> {
    let hop = firstHop(request, options.userAgent);
    for (;;) {
      const exchange = await send(hop, request);
      if (isRedirect(exchange.status)) {
        const location = exchange.headers.get('location');
        await exchange.discard();
        hop = nextHop(hop, location);
        continue;
      }
      if (exchange.status !== 429 && exchange.status < 500) return exchange;
      await exchange.discard();
      throw new TransientError(
        `${redactUrl(hop.url.href)} answered HTTP ${exchange.status} when asked for ${request.what}`,
        retryAfterSeconds(exchange.headers.get('retry-after'), options.now ?? Date.now),
      );
    }
  }

  async function send(hop: Hop, request: HttpRequest): Promise<Exchange> {
    const { signal } = signalOf(request);
    const release = await slots.take(hop.url.host);
    options.onProgress?.({ kind: 'request', what: request.what, url: redactUrl(hop.url.href) });
    return await openExchange(options.fetch, {
      url: hop.url.href,
      headers: signed(hop, options.credentialsFor),
      what: request.what,
      timeouts,
      onClosed: release,
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

function firstHop(request: HttpRequest, userAgent: string): Hop {
  const parsed = URL.canParse(request.url) ? new URL(request.url) : null;
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    throw new UserError(
      'E_BAD_URL',
      `${request.what} is at ${redactUrl(request.url)}, which is not an address of the web`,
      {
        exit: EXIT.data,
      },
    );
  }
  const headers: Record<string, string> = { 'user-agent': userAgent, accept: request.accept ?? '*/*' };
  if (request.raw === true) headers['accept-encoding'] = 'identity';
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  return { ...splitCredentials(parsed), headers, count: 0, what: request.what };
}

/** Credentials in the URL come before those of the user's files; an authorization that the caller set stays. */
function signed(hop: Hop, credentialsFor: HttpClientOptions['credentialsFor']): Readonly<Record<string, string>> {
  if (hop.headers.authorization !== undefined) return hop.headers;
  const credentials = hop.credentials ?? credentialsFor?.(hop.url) ?? null;
  if (credentials === null) return hop.headers;
  const token = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return { ...hop.headers, authorization: `Basic ${token}` };
}
