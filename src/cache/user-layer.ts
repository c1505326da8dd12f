import { hash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
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
  settled(): Promise<void>;
} {
  let isWritable = true;
  const made = new Set<string>();
  let written = 0;
  const writing = new Map<string, { readonly record: CacheRecord; readonly done: Promise<void> }>();

  // In another thread: to create a file can take the better part of a millisecond, and a cold run creates hundreds while it has answers to read.
  async function write(file: string, text: string): Promise<void> {
    const parent = path.dirname(file);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true, mode: 0o700 });
    made.add(parent);
    const temporary = `${file}.${process.pid}.${written++}`;
    try {
      // No fsync: after a crash a record is whole, missing or damaged, and the last two cost one request.
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async function writeOrNote(file: string, text: string): Promise<void> {
    try {
      await write(file, text);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // Once is enough: the same fault will hit every record.
      if (isWritable) onNote(unusable(folder, 'written', error));
      isWritable = false;
    }
  }

  return {
    async get(bucket, key) {
      const file = recordPath(folder, bucket, key);
      const fresh = writing.get(file);
      if (fresh !== undefined) return fresh.record;
      const bytes = readIfThere(file, onNote);
      if (bytes === null) return null;
      const record = decode(bytes);
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
      const before = writing.get(file)?.done ?? Promise.resolve();
      const entry = { record, done: before.then(() => writeOrNote(file, text)) };
      writing.set(file, entry);
      await entry.done;
      if (writing.get(file) === entry) writing.delete(file);
    },
    async settled() {
      await Promise.all([...writing.values()].map(({ done }) => done));
    },
  };
}

function recordPath(folder: string, bucket: CacheBucket, key: string): string {
  return path.join(folder, bucket, `${sha256Of(key)}.json`);
}

// Synchronous: a run from a warm cache reads thousands of small files, and handing one to a thread takes three times as long as reading it.
function readIfThere(file: string, onNote: (note: Note) => void): Buffer | null {
  try {
    return readFileSync(file);
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

function decode(bytes: Buffer): (v.InferOutput<typeof RecordHead> & { readonly value: unknown }) | null {
  const end = bytes.indexOf('\n');
  if (end < 0) return null;
  const head = v.safeParse(RecordHead, parsed(bytes.toString('utf8', 0, end)));
  const value = bytes.subarray(end + 1);
  if (!head.success || head.output.sha256 !== sha256Of(value)) return null;
  return { ...head.output, value: parsed(value.toString('utf8')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256Of(data: string | Buffer): string {
  return hash('sha256', data, 'hex');
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
