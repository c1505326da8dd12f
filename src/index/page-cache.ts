import { isFresh } from '../cache/freshness.ts';
import type { CacheStore } from '../cache/store.ts';
import type { LinksPageSource, SimpleSource } from './index-source.ts';
import { type PageRecord, readPageRecord } from './page-record.ts';
import type { DecodedPage } from './simple-json.ts';

/** A page of the cache. */
export interface CachedPage {
  /** `absent`: the index did not have the project. */
  readonly page: DecodedPage | 'absent';
  readonly etag: string | null;
  /** Young enough to be used without a question to the index. An absence never is: the project may be there a minute later. */
  readonly isFresh: boolean;
}

/** The pages of one run's cache. Without a store it remembers nothing. */
export interface PageCache {
  read(source: SimpleSource | LinksPageSource, project: string): Promise<CachedPage | null>;
  write(
    source: SimpleSource | LinksPageSource,
    project: string,
    record: PageRecord,
    etag: string | null,
  ): Promise<void>;
}

const BUCKET = 'pages';

/** Pages as records of a store; `now` gives milliseconds since 1970, `refresh` makes every record old. */
export function pageCache(
  store: CacheStore | undefined,
  options: { readonly now: () => number; readonly refresh: boolean; readonly offline: boolean },
): PageCache {
  if (store === undefined) return { read: async () => null, write: async () => {} };
  return {
    async read(source, project) {
      const record = await store.get(BUCKET, keyOf(source, project));
      const page = record === null ? null : readPageRecord(record.value);
      if (record === null || page === null) return null;
      // Records of the shipped layer have no addresses: enough to plan with, but nothing can be downloaded from them.
      const isUsable = page !== 'absent' && page.files.every((file) => file.url !== '');
      const etag = isUsable && !options.refresh ? (record.etag ?? null) : null;
      return { page, etag, isFresh: isUsable && isFresh(record, { ...options, now: options.now() }) };
    },
    async write(source, project, record, etag) {
      await store.put(BUCKET, keyOf(source, project), record, { etag, fetchedAt: options.now() });
    },
  };
}

/** Key of a project's page in the bucket `pages`; for the public index it does not hold the address. */
export function keyOf(source: SimpleSource | LinksPageSource, project: string): string {
  return `${source.id} ${project}`;
}
