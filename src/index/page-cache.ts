import { isFresh } from '../cache/freshness.ts';
import type { CacheStore } from '../cache/store.ts';
import type { LinksPageSource, SimpleSource } from './index-source.ts';
import { type PageRecord, type RecordedPage, readPageRecord, recordedPage } from './page-record.ts';

/** A page of the cache. */
export interface CachedPage {
  /** Null: the index did not have the project. */
  readonly page: RecordedPage | null;
  readonly record: PageRecord;
  readonly etag: string | null;
  /** Young enough to be used without a question to the index. An absence never is: the project may be there a minute later. */
  readonly isFresh: boolean;
}

/** The pages of one run's cache. Without a store it remembers nothing. */
export interface PageCache {
  read(source: SimpleSource | LinksPageSource, project: string): Promise<CachedPage | null>;
  write(source: SimpleSource | LinksPageSource, project: string, record: PageRecord, etag: string | null): void;
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
      const kept = await store.get(BUCKET, keyOf(source, project));
      const record = kept === null ? null : readPageRecord(kept.value);
      if (kept === null || record === null) return null;
      const page = recordedPage(record);
      // Records of the shipped layer have no addresses: enough to plan with, but nothing can be downloaded from them.
      const isUsable = page?.hasAddresses === true;
      const etag = isUsable && !options.refresh ? (kept.etag ?? null) : null;
      return { page, record, etag, isFresh: isUsable && isFresh(kept, { ...options, now: options.now() }) };
    },
    write(source, project, record, etag) {
      void store.put(BUCKET, keyOf(source, project), record, { etag, fetchedAt: options.now() });
    },
  };
}

/** Key of a project's page in the bucket `pages`; for the public index it does not hold the address. */
export function keyOf(source: SimpleSource | LinksPageSource, project: string): string {
  return `${source.id} ${project}`;
}
