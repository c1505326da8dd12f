import { EXIT, UserError } from '../base/user-error.ts';
import { networkFault } from './network-fault.ts';
import { redactUrl } from './redact.ts';
import { TransientError } from './retry.ts';

/** The part of `fetch` that is used; the global one fits. Redirects and retries are not its business. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: 'GET';
    readonly headers: Record<string, string>;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}>;

export interface Timeouts {
  /** From the request to the head of the answer. */
  readonly headersSeconds: number;
  /** Between two pieces of the body. */
  readonly idleSeconds: number;
}

/** One request and its answer. */
export interface Exchange {
  readonly status: number;
  /** Without credentials. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncGenerator<Uint8Array>;
  discard(): Promise<void>;
}

/** A body of at most this size is read to its end when nobody wants it, because the connection can then be used again. */
const DISCARD_BYTES = 64 * 1024;

/**
 * Sends one request. Errors come as `networkFault` tells them, or as the reason of the signal. `onClosed` is called once: after the
 * body, or after a failure.
 */
export async function openExchange(
  fetch: FetchLike,
  request: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly what: string;
    readonly timeouts: Timeouts;
    readonly onClosed: () => void;
    readonly signal?: AbortSignal;
  },
): Promise<Exchange> {
  const line = lineOf(request);
  try {
    const init = { method: 'GET', headers: { ...request.headers }, redirect: 'manual', signal: line.signal } as const;
    const response = await line.within(request.timeouts.headersSeconds, 'no answer came', () =>
      fetch(request.url, init),
    );
    const body = bodyOf(response.body, line, request.timeouts.idleSeconds);
    // Started here, because the `finally` of a generator that never ran is not run by `return` either.
    await body.next();
    return { status: response.status, url: request.url, headers: response.headers, body, discard: () => discard(body) };
  } catch (error) {
    line.close();
    throw line.explain(error);
  }
}

/** The body as text; UserError `E_RESPONSE_TOO_LARGE` (65) above the limit. */
export async function readText(
  exchange: Exchange,
  options: { readonly what: string; readonly limit: number },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of exchange.body) {
    size += chunk.length;
    if (size > options.limit) {
      throw new UserError(
        'E_RESPONSE_TOO_LARGE',
        `${options.what} at ${redactUrl(exchange.url)} is larger than ${options.limit} bytes`,
        { exit: EXIT.data },
      );
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The life of a request: what can end it before its time, and what its errors mean. */
interface Line {
  readonly signal: AbortSignal;
  within<Result>(seconds: number, fault: string, action: () => Promise<Result>): Promise<Result>;
  explain(error: unknown): unknown;
  close(): void;
}

function lineOf(request: Parameters<typeof openExchange>[1]): Line {
  const { signal: outer, what, url } = request;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(outer?.reason);
  let isClosed = false;
  if (outer?.aborted === true) onAbort();
  outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    async within(seconds, fault, action) {
      const timer = setTimeout(() => {
        const text = `${what} could not be had from ${redactUrl(url)}: ${fault} for ${seconds} seconds`;
        controller.abort(new TransientError(text));
      }, seconds * 1000);
      try {
        return await action();
      } finally {
        clearTimeout(timer);
      }
    },
    // Whatever an aborted request throws, why it was aborted is what happened.
    explain: (error) => (controller.signal.aborted ? controller.signal.reason : networkFault(error, { what, url })),
    close() {
      if (isClosed) return;
      isClosed = true;
      outer?.removeEventListener('abort', onAbort);
      request.onClosed();
    },
  };
}

async function* bodyOf(
  source: AsyncIterable<Uint8Array> | null,
  line: Line,
  idleSeconds: number,
): AsyncGenerator<Uint8Array> {
  try {
    yield NOTHING;
    if (source === null) return;
    const chunks = source[Symbol.asyncIterator]();
    let isRead = false;
    try {
      for (;;) {
        const next = await line.within(idleSeconds, 'nothing came', () => chunks.next());
        if (next.done === true) break;
        yield next.value;
      }
      isRead = true;
    } finally {
      // Closes the connection when the reader stops early.
      if (!isRead) await chunks.return?.();
    }
  } catch (error) {
    throw line.explain(error);
  } finally {
    line.close();
  }
}

const NOTHING = new Uint8Array(0);

async function discard(body: AsyncGenerator<Uint8Array>): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > DISCARD_BYTES) break;
    }
  } catch (error) {
    // Nobody wants this body, so a cut one is as good.
    if (!(error instanceof UserError)) throw error;
  }
}
