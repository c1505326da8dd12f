import type { ProgressSink } from '../base/progress.ts';
import type { IndexFile } from '../index/project-page.ts';
import type { WheelReader } from '../metadata/wheel/wheel-metadata.ts';
import { openFile } from './download.ts';
import type { World } from './world.ts';

/** Reads wheels; what they say is kept by digest. */
export function createCachedWheelReader({
  world,
  onProgress,
}: {
  readonly world: World;
  readonly onProgress: ProgressSink;
}): WheelReader {
  const { http, cache } = world;
  let loading: Promise<WheelReader> | null = null;
  return {
    metadata: (file) => kept('metadata', file, async () => (await reader()).metadata(file)),
    facts: (file) => kept('wheels', file, async () => (await reader()).facts(file)),
  };

  /** Loaded with the first wheel that the cache does not know. */
  function reader(): Promise<WheelReader> {
    loading ??= import('../metadata/wheel/wheel-metadata.ts').then(({ createWheelReader }) =>
      createWheelReader({
        http,
        openFile: (file) => openFile(file, http),
        onNote: (note) => world.notes.push(note),
        retry: { onProgress },
      }),
    );
    return loading;
  }

  /** A record of the bucket in place of reading; the number of the bucket's form stands for its shape. */
  async function kept<Value extends object>(
    bucket: 'metadata' | 'wheels',
    file: IndexFile,
    read: () => Promise<Value>,
  ): Promise<Value> {
    const record = file.sha256 === null ? null : await cache.get(bucket, file.sha256);
    if (record !== null && isObject<Value>(record.value)) return record.value;
    const value = await read();
    if (file.sha256 !== null) void cache.put(bucket, file.sha256, value);
    return value;
  }
}

function isObject<Value extends object>(value: unknown): value is Value {
  return typeof value === 'object' && value !== null;
}
