import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import { CACHE_BUCKETS, type CacheBucket } from './buckets.ts';
import type { CacheRecord } from './store.ts';

/** The key stands in the record, because a digest in a file name cannot be read back and files can be moved. */
const RecordHead = v.object({
  form: v.number(),
  key: v.string(),
  etag: v.nullable(v.string()),
  fetchedAt: v.nullable(v.number()),
  /** Hex, of the JSON text of the value. */
  sha256: v.string(),
});

/**
 * Records as files `FOLDER/BUCKET/SHA256-OF-KEY.json` of two lines, each JSON: what is known of the value, and the value. The digest is why
 * who reads the value may take its shape for granted: what this program did not write, or not whole, is damaged. See `CacheStore` for what `get`
 * and `put` promise.
 */
export function userLayer(
  folder: string,
  onNote: (note: Note) => void,
): {
  get(bucket: CacheBucket, key: string): Promise<CacheRecord | null>;
  put(bucket: CacheBucket, key: string, record: CacheRecord): Promise<void>;
} {
  let isWritable = true;
  return {
    async get(bucket, key) {
      const file = recordPath(folder, bucket, key);
      const text = await readIfThere(file, onNote);
      if (text === null) return null;
      const record = decode(text);
      if (record === null || record.key !== key) {
        onNote({ kind: 'warning', text: `a damaged record of the cache was removed: ${oneLine(file)}` });
        await rm(file, { force: true }).catch((error: unknown) => onNote(unusable(folder, 'written', error)));
        return null;
      }
      if (record.form !== CACHE_BUCKETS[bucket]) return null;
      return { value: record.value, etag: record.etag, fetchedAt: record.fetchedAt };
    },
    async put(bucket, key, record) {
      if (!isWritable) return;
      const file = recordPath(folder, bucket, key);
      const text = encode(bucket, key, record);
      try {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        // No fsync: after a crash a record is whole, missing or damaged, and the last two cost one request.
        await writeFileAtomic(file, text, { fsync: false, mode: 0o600 });
      } catch (error) {
        if (!isSystemError(error)) throw error;
        // Once is enough: the same fault will hit every record.
        isWritable = false;
        onNote(unusable(folder, 'written', error));
      }
    },
  };
}

function recordPath(folder: string, bucket: CacheBucket, key: string): string {
  return path.join(folder, bucket, `${sha256Of(key)}.json`);
}

async function readIfThere(file: string, onNote: (note: Note) => void): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') onNote(unusable(file, 'read', error));
    return null;
  }
}

function encode(bucket: CacheBucket, key: string, { value, etag, fetchedAt }: CacheRecord): string {
  const text = JSON.stringify(value);
  const head = { form: CACHE_BUCKETS[bucket], key, etag, fetchedAt, sha256: sha256Of(text) };
  return `${JSON.stringify(head)}\n${text}`;
}

function decode(text: string): (v.InferOutput<typeof RecordHead> & { readonly value: unknown }) | null {
  const end = text.indexOf('\n');
  if (end < 0) return null;
  const head = v.safeParse(RecordHead, parsed(text.slice(0, end)));
  const value = text.slice(end + 1);
  if (!head.success || head.output.sha256 !== sha256Of(value)) return null;
  return { ...head.output, value: parsed(value) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function unusable(what: string, how: 'read' | 'written', error: unknown): Note {
  const detail = error instanceof Error ? oneLine(error.message) : '';
  return {
    kind: 'warning',
    text: `the cache at ${oneLine(what)} cannot be ${how} (${detail}); the run goes on without it`,
  };
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}
