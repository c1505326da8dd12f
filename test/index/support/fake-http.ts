import type { CacheRecord, CacheStore } from '../../../src/cache/store.ts';
import type { HttpClient, HttpRequest } from '../../../src/net/http-client.ts';

/** What a made-up server answers at an address. */
export interface FakeAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address after redirects. */
  readonly url?: string;
}

export interface FakeHttp extends HttpClient {
  readonly requests: HttpRequest[];
}

/** An HttpClient without a network: each address answers as its entry says, all others with 404. */
export function fakeHttp(
  routes: Readonly<Record<string, FakeAnswer | ((request: HttpRequest) => FakeAnswer)>>,
): FakeHttp {
  const requests: HttpRequest[] = [];
  return {
    requests,
    async get(request) {
      requests.push(request);
      const route = Object.hasOwn(routes, request.url) ? routes[request.url] : undefined;
      const answer = typeof route === 'function' ? route(request) : (route ?? { status: 404 });
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
      const headers = new Map(
        Object.entries({ 'content-type': answer.type ?? 'application/vnd.pypi.simple.v1+json', ...answer.headers }),
      );
      return {
        status: answer.status ?? 200,
        url: answer.url ?? request.url,
        headers: { get: (name) => headers.get(name) ?? null },
        body: (async function* () {
          yield new TextEncoder().encode(text);
        })(),
        text: async () => text,
        discard: async () => {},
      };
    },
    close: async () => {},
  };
}

/** A cache in memory that keeps what fits JSON, as a file would. */
export function memoryCache(): CacheStore & { readonly records: Map<string, CacheRecord> } {
  const records = new Map<string, CacheRecord>();
  return {
    records,
    get: async (bucket, key) => records.get(`${bucket} ${key}`) ?? null,
    put: async (bucket, key, value, meta = {}) => {
      const record = {
        value: JSON.parse(JSON.stringify(value)),
        etag: meta.etag ?? null,
        fetchedAt: meta.fetchedAt ?? null,
      };
      records.set(`${bucket} ${key}`, record);
    },
    settled: async () => {},
  };
}
