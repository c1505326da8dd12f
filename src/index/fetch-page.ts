import { EXIT, UserError } from '../base/user-error.ts';
import type { HttpClient, HttpResponse } from '../net/http-client.ts';
import type { LinksPageSource, SimpleSource } from './index-source.ts';

/** What a web index answers to a request for a page. */
export type PageAnswer =
  | {
      readonly kind: 'page';
      readonly text: string;
      /** Media type in lower case without parameters; empty when none was sent. */
      readonly mediaType: string;
      /** Final address, after redirects. */
      readonly url: string;
      readonly etag: string | null;
    }
  /** 404 or 410: the index does not have it. */
  | { readonly kind: 'absent' }
  /** 304: what `etag` stands for still holds. */
  | { readonly kind: 'unchanged' };

// PEP 691: JSON where it is spoken, else HTML.
const ACCEPT_PAGE = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';
const ACCEPT_HTML = 'text/html';

/** The largest pages of PyPI have a tenth of this. */
const PAGE_LIMIT = 64 * 1024 * 1024;

/**
 * Requests one page. Every answer but success, absence and "unchanged" is a UserError that ends the run: to ask the next index instead could
 * take a project from where the user did not mean it (dependency confusion). `E_INDEX_DENIED` for 401, 403 and 407, else `E_INDEX_UNAVAILABLE`, both exit 69.
 */
export async function fetchPage(
  http: HttpClient,
  request: {
    readonly source: SimpleSource | LinksPageSource;
    readonly url: string;
    readonly what: string;
    readonly etag?: string | null;
  },
): Promise<PageAnswer> {
  const { source, url, what } = request;
  const headers: Record<string, string> = request.etag ? { 'if-none-match': request.etag } : {};
  let response = await http.get({ url, what, accept: ACCEPT_PAGE, headers });
  if (response.status === 406) {
    await response.discard();
    response = await http.get({ url, what, accept: ACCEPT_HTML, headers });
  }
  if (response.status === 200) {
    return {
      kind: 'page',
      text: await response.text(PAGE_LIMIT),
      mediaType: (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      url: response.url,
      etag: response.headers.get('etag') ?? null,
    };
  }
  await response.discard();
  if (response.status === 404 || response.status === 410) return { kind: 'absent' };
  if (response.status === 304 && request.etag) return { kind: 'unchanged' };
  throw refusal(source, what, response);
}

function refusal(source: SimpleSource | LinksPageSource, what: string, response: HttpResponse): UserError {
  const { status } = response;
  if (status === 401 || status === 403 || status === 407) {
    return new UserError('E_INDEX_DENIED', `${source.name} (${source.setBy}) denies ${what}: HTTP ${status}`, {
      exit: EXIT.unavailable,
      hint:
        status === 407
          ? 'The proxy asks for credentials: give them in the URL of HTTPS_PROXY.'
          : source.credentials === null
            ? 'Give credentials in ~/.netrc or in the URL of the index.'
            : 'The credentials in the URL of the index were not accepted.',
    });
  }
  return new UserError('E_INDEX_UNAVAILABLE', `${source.name} (${source.setBy}) cannot give ${what}: HTTP ${status}`, {
    exit: EXIT.unavailable,
    hint: 'try again later, name another index with --index-url, or use --offline',
  });
}
