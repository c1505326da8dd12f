import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What a route answers. All parts can be left out: then it is an empty 200. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends the body with gzip as its encoding. */
  readonly gzip?: boolean;
  /** Sends an ETag and answers 304 to a request that knows it. */
  readonly etag?: string;
  /** Answers 302 with this location. */
  readonly redirect?: string;
  /** Answers 401 unless the request is signed with these. */
  readonly user?: { readonly username: string; readonly password: string };
  /** Honours `Range: bytes=...` with 206. */
  readonly ranges?: boolean;
  /** Cuts the connection after so many bytes of the body, of which the whole length was announced; 0 sends the head alone. */
  readonly cutAfter?: number;
  /** Cuts the connection without an answer. */
  readonly reset?: boolean;
  /** Waits for this before the head of the answer; see `gate`. */
  readonly waitFor?: Promise<unknown>;
  /** Waits for this after half of the body. */
  readonly pauseFor?: Promise<unknown>;
}

export interface LoggedRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A real HTTP server on loopback. */
export interface TestServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Sets the answer for a path (query included); of several each serves once, and the last one from then on. Else 404. */
  on(path: string, ...answers: readonly Answer[]): void;
  /** In the order of arrival. */
  readonly requests: readonly LoggedRequest[];
  /** How many requests came for the path. */
  count(path: string): number;
  /** How many connections were made. */
  connections(): number;
  close(): Promise<void>;
}

export async function startServer(): Promise<TestServer> {
  const routes = new Map<string, Answer[]>();
  const requests: LoggedRequest[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ method: request.method ?? '', path, headers: request.headers });
    const answers = routes.get(path);
    const answer =
      answers === undefined ? { status: 404, body: 'not found' } : answers.length > 1 ? answers.shift() : answers[0];
    reply(request, response, answer ?? {}).catch(() => response.destroy());
  });
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    on: (path, ...answers) => void routes.set(path, [...answers]),
    requests,
    count: (path) => requests.filter((request) => request.path === path).length,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Something to wait for until the test opens it: a delay without a clock. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

async function reply(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  await answer.waitFor;
  if (answer.reset === true) return void request.socket.destroy();
  if (answer.user !== undefined && request.headers.authorization !== basic(answer.user)) {
    return void response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  }
  if (answer.redirect !== undefined) return void response.writeHead(302, { location: answer.redirect }).end('moved');
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.etag !== undefined) headers.etag = answer.etag;
  if (answer.etag !== undefined && request.headers['if-none-match'] === answer.etag) {
    return void response.writeHead(304, headers).end();
  }
  const content = Buffer.from(typeof answer.body === 'string' ? Buffer.from(answer.body) : (answer.body ?? ''));
  const range = answer.ranges === true ? rangeOf(request.headers.range, content.length) : null;
  const plain = range === null ? content : content.subarray(range.from, range.to + 1);
  const body = answer.gzip === true ? gzipSync(plain) : plain;
  if (answer.gzip === true) headers['content-encoding'] = 'gzip';
  if (range !== null) headers['content-range'] = `bytes ${range.from}-${range.to}/${content.length}`;
  response.writeHead(answer.status ?? (range === null ? 200 : 206), {
    'content-length': String(body.length),
    ...headers,
  });
  if (answer.cutAfter !== undefined) {
    response.flushHeaders();
    return void response.write(body.subarray(0, answer.cutAfter), () => request.socket.destroy());
  }
  if (answer.pauseFor === undefined) return void response.end(body);
  const half = Math.floor(body.length / 2);
  response.write(body.subarray(0, half));
  await answer.pauseFor;
  response.end(body.subarray(half));
}

function basic(user: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
}

/** `bytes=FROM-TO`, `bytes=FROM-` and `bytes=-LAST`, as far as tests need them. */
function rangeOf(header: string | undefined, length: number): { readonly from: number; readonly to: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [, from = '', to = ''] = match;
  if (from === '') return { from: Math.max(0, length - Number(to)), to: length - 1 };
  return { from: Number(from), to: to === '' ? length - 1 : Math.min(Number(to), length - 1) };
}
