import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { compareText } from '../base/text.ts';
import { CACHE_BUCKETS, type CacheBucket } from './buckets.ts';
import type { CacheRecord } from './store.ts';

/** Read-only records that ship with the program. */
export interface ShippedLayer {
  get(bucket: CacheBucket, key: string): Promise<CacheRecord | null>;
}

const ShippedRecord = v.object({
  value: v.unknown(),
  etag: v.optional(v.string()),
  fetchedAt: v.optional(v.number()),
});

const ShippedFile = v.object({ form: v.number(), records: v.custom<object>(isObject) });

/**
 * The layer in a folder of files `BUCKET.json`, as `shippedBucketText` writes them. A file is read when its bucket is first asked for;
 * a missing one has no records. A file that is none of ours is a defect of the package: Error.
 */
export function readShippedLayer(folder: string): ShippedLayer {
  const files = new Map<CacheBucket, Promise<object>>();
  return {
    async get(bucket, key) {
      const records = await (files.get(bucket) ?? open(bucket));
      if (!Object.hasOwn(records, key)) return null;
      const { value, etag, fetchedAt } = v.parse(ShippedRecord, Object.getOwnPropertyDescriptor(records, key)?.value);
      return { value, etag: etag ?? null, fetchedAt: fetchedAt ?? null };
    },
  };

  function open(bucket: CacheBucket): Promise<object> {
    const reading = readBucket(folder, bucket);
    files.set(bucket, reading);
    return reading;
  }
}

/** The text of `BUCKET.json`: valid JSON with one record a line in the order of the keys, so that a change shows as a line. */
export function shippedBucketText(bucket: CacheBucket, records: ReadonlyMap<string, CacheRecord>): string {
  const lines = [...records.keys()].sort(compareText).map((key) => {
    const record = records.get(key);
    const shipped = {
      value: record?.value,
      etag: record?.etag ?? undefined,
      fetchedAt: record?.fetchedAt ?? undefined,
    };
    return `${JSON.stringify(key)}: ${JSON.stringify(shipped)}`;
  });
  return `{"form": ${CACHE_BUCKETS[bucket]}, "records": {\n${lines.join(',\n')}\n}}\n`;
}

async function readBucket(folder: string, bucket: CacheBucket): Promise<object> {
  let text: string;
  try {
    text = await readFile(path.join(folder, `${bucket}.json`), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const { form, records } = v.parse(ShippedFile, JSON.parse(text));
  if (form !== CACHE_BUCKETS[bucket]) throw new Error(`${bucket}.json has the form ${form}: record the cache again`);
  return records;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
