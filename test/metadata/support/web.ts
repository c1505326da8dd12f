import type { HttpClient, HttpRequest, HttpResponse } from '../../../src/net/http-client.ts';

/** How a made-up index answers: files by URL, with or without ranges. Keeps the requests that came. */
export interface MadeUpWeb {
  readonly http: HttpClient;
  readonly requests: string[];
}

export function madeUpWeb(
  files: Readonly<Record<string, Uint8Array | string>>,
  options: { readonly ranges: boolean },
): MadeUpWeb {
  const requests: string[] = [];
  return {
    requests,
    http: {
      get: async (request) => {
        const range = request.headers?.range;
        requests.push(range === undefined ? request.url : `${request.url} ${range}`);
        return answer(request, files[request.url], options.ranges ? range : undefined);
      },
      close: async () => {},
    },
  };
}

function answer(request: HttpRequest, file: Uint8Array | string | undefined, range: string | undefined): HttpResponse {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  if (bytes === undefined) return response(request, { status: 404, headers: {}, bytes: new Uint8Array(0) });
  if (range === undefined) return response(request, { status: 200, headers: {}, bytes });
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/u.exec(range) ?? [];
  const from = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const to = first === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  const headers = { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` };
  return response(request, { status: 206, headers, bytes: bytes.subarray(from, to) });
}

function response(
  request: HttpRequest,
  { status, headers, bytes }: { status: number; headers: Readonly<Record<string, string>>; bytes: Uint8Array },
): HttpResponse {
  return {
    status,
    url: request.url,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    body: (async function* () {
      yield bytes;
    })(),
    text: async () => new TextDecoder().decode(bytes),
    discard: async () => {},
  };
}
