import type { Note } from '../base/note.ts';
import type { CacheBucket } from './buckets.ts';
import type { ShippedLayer } from './shipped-layer.ts';
import { userLayer } from './user-layer.ts';

/** A record as it was put. */
export interface CacheRecord {
  /** Plain JSON data; who reads it decodes it again, because files can be edited. */
  readonly value: unknown;
  /** The entity tag that the server sent with it. */
  readonly etag: string | null;
  /** Milliseconds since 1970; null where its age does not matter or is not known. */
  readonly fetchedAt: number | null;
}

/** What goes with a value when it is put. */
export interface CacheRecordMeta {
  readonly etag?: string | null;
  /** Milliseconds since 1970, from the caller's clock. */
  readonly fetchedAt?: number | null;
}

/** Named JSON records in layers: a writable user layer (a folder) and read-only layers below (shipped). */
export interface CacheStore {
  /** The record of the uppermost layer that has the key; null when none has. A damaged record counts as missing. */
  get(bucket: CacheBucket, key: string): Promise<CacheRecord | null>;
  /**
   * Writes to the user layer, atomically: other processes see the old record or the new one. A folder that cannot be written is told
   * once as a note and never ends a run. Only results are put, never failures. Who puts a record need not wait for it: `get` has it at once.
   */
  put(bucket: CacheBucket, key: string, value: unknown, meta?: CacheRecordMeta): Promise<void>;
  /** Waits until all that was put is written. */
  settled(): Promise<void>;
}

/**
 * A store over the user's folder (null: nothing is written) and read-only layers. Keys may be any text from outside: they never
 * become paths.
 */
export function createCacheStore(options: {
  readonly folder: string | null;
  readonly shipped?: readonly ShippedLayer[];
  readonly onNote: (note: Note) => void;
}): CacheStore {
  const user = options.folder === null ? null : userLayer(options.folder, options.onNote);
  const shipped = options.shipped ?? [];
  return {
    async get(bucket, key) {
      const own = (await user?.get(bucket, key)) ?? null;
      if (own !== null) return own;
      for (const layer of shipped) {
        const record = await layer.get(bucket, key);
        if (record !== null) return record;
      }
      return null;
    },
    async put(bucket, key, value, meta = {}) {
      await user?.put(bucket, key, { value, etag: meta.etag ?? null, fetchedAt: meta.fetchedAt ?? null });
    },
    async settled() {
      await user?.settled();
    },
  };
}
