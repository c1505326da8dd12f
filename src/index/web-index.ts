import type { Note } from '../base/note.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { HttpClient } from '../net/http-client.ts';
import { decodePage } from './decode-page.ts';
import { fetchPage } from './fetch-page.ts';
import { linkedFiles } from './find-links.ts';
import type { LinksPageSource, SimpleSource } from './index-source.ts';
import type { PageCache } from './page-cache.ts';
import { ABSENT_RECORD, type PageRecord, pageRecord, type RecordedPage, recordedPage } from './page-record.ts';
import type { PageLink } from './simple-html.ts';

type WebSource = SimpleSource | LinksPageSource;

/** Indexes that are asked over HTTP, with the cache before them. */
export interface WebIndexes {
  /** The project's page; null when this index does not have it. Throws UserError when the index fails or may not be asked. */
  page(source: WebSource, name: string): Promise<RecordedPage | null>;
  /** Records that these indexes do not have the project, so that a run without network may look past them. */
  rememberAbsence(sources: readonly WebSource[], name: string): Promise<void>;
}

type Answer =
  | { readonly kind: 'page'; readonly record: PageRecord; readonly etag: string | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unchanged' };

/** Asks web indexes through `http`; `offline` answers from the cache alone. */
export function webIndexes(options: {
  readonly http: HttpClient;
  readonly cache: PageCache;
  readonly offline: boolean;
  readonly onNote: (note: Note) => void;
}): WebIndexes {
  const { http, cache, offline } = options;
  const linksPages = new Map<string, Promise<{ readonly links: readonly PageLink[]; readonly url: string }>>();

  const ask = async (source: WebSource, name: string, etag: string | null): Promise<Answer> => {
    if (source.kind === 'simple') return askSimple(http, source, name, etag);
    const asked = linksPages.get(source.id) ?? fetchLinksPage(http, source, options.onNote);
    linksPages.set(source.id, asked);
    asked.catch(() => linksPages.delete(source.id));
    const { links, url } = await asked;
    const files = linkedFiles(links, name, url);
    return files.files.length === 0
      ? { kind: 'absent' }
      : { kind: 'page', record: pageRecord({ ...files, status: null, statusReason: null }), etag: null };
  };

  return {
    async page(source, name) {
      const cached = await cache.read(source, name);
      if (offline) {
        if (cached === null) throw notRecorded(source, name);
        return cached.page;
      }
      const known = cached?.page ?? null;
      if (known !== null && cached?.isFresh === true) return known;

      const answer = await ask(source, name, cached?.etag ?? null);
      if (answer.kind === 'page') {
        cache.write(source, name, answer.record, answer.etag);
        // What the run goes on with is the record: it takes a fraction of the memory, and a run from the cache does the same.
        return recordedPage(answer.record);
      }
      if (answer.kind === 'unchanged' && cached !== null && known !== null) {
        cache.write(source, name, cached.record, cached.etag);
        return known;
      }
      // Without this, a run offline would go on with a project that has been removed.
      if (known !== null) cache.write(source, name, ABSENT_RECORD, null);
      return null;
    },
    async rememberAbsence(sources, name) {
      if (offline) return;
      for (const source of sources) cache.write(source, name, ABSENT_RECORD, null);
    },
  };
}

async function askSimple(http: HttpClient, source: SimpleSource, name: string, etag: string | null): Promise<Answer> {
  const url = new URL(source.url);
  url.pathname += `${name}/`;
  const answer = await fetchPage(http, { source, url: url.href, what: `the page of ${name}`, etag });
  if (answer.kind !== 'page') return answer;
  const page = await decodePage(answer, { project: name, url: answer.url });
  return { kind: 'page', record: pageRecord(page), etag: answer.etag };
}

async function fetchLinksPage(
  http: HttpClient,
  source: LinksPageSource,
  onNote: (note: Note) => void,
): Promise<{ links: readonly PageLink[]; url: string }> {
  const answer = await fetchPage(http, { source, url: source.url, what: 'the page of links' });
  if (answer.kind === 'page') {
    const { readPageLinks } = await import('./simple-html.ts');
    const links = readPageLinks(answer.text, answer.url);
    if (links.length === 0)
      onNote({ kind: 'warning', text: `${source.setBy} names ${source.name}, which is a page without links` });
    return { links, url: answer.url };
  }
  throw new UserError('E_INDEX_UNAVAILABLE', `there is no page at ${source.name} (${source.setBy})`, {
    exit: EXIT.unavailable,
    hint: 'correct the address, or leave the setting out',
  });
}

function notRecorded(source: WebSource, name: string): UserError {
  return new UserError('E_OFFLINE', `the cache has no page of ${name} from ${source.name}`, {
    exit: EXIT.unavailable,
    hint: 'run the command once without --offline',
  });
}
