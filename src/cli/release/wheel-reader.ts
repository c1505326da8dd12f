import { verified } from '../../archive/digest.ts';
import type { ProgressSink } from '../../base/progress.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { WheelLinks } from '../../metadata/wheel/wheel-links.ts';
import type { WheelReader } from '../../metadata/wheel/wheel-metadata.ts';
import { retrying } from '../../net/retry.ts';
import type { World } from '../world.ts';
import { openFile } from './download.ts';

/** Reads wheels, and what is compiled in them. */
export interface CachedWheelReader extends WheelReader {
  /**
   * What the compiled files of a wheel link, for which it is downloaded whole; null for one that is too large to be downloaded for that.
   * Throws UserError `E_BAD_WHEEL`, `E_DIGEST_MISMATCH`, and what `openFile` throws.
   */
  links(file: IndexFile): Promise<WheelLinks | null>;
}

/** Above this size in bytes a wheel is not downloaded for what it links. */
const LARGE_WHEEL = 256 * 1024 ** 2;

/** Reads wheels; what they say is kept by digest. */
export function createCachedWheelReader({
  world,
  onProgress,
}: {
  readonly world: World;
  readonly onProgress: ProgressSink;
}): CachedWheelReader {
  const { http, cache } = world;
  let loading: Promise<WheelReader> | null = null;
  return {
    metadata: (file) => kept('metadata', file, async () => (await reader()).metadata(file)),
    facts: (file) => kept('wheels', file, async () => (await reader()).facts(file)),
    links: async (file) =>
      file.size !== null && file.size > LARGE_WHEEL ? null : kept('links', file, () => readLinks(file)),
  };

  async function readLinks(file: IndexFile): Promise<WheelLinks> {
    const { readWheelLinks } = await import('../../metadata/wheel/wheel-links.ts');
    const read = async (): Promise<WheelLinks> => {
      const bytes = await openFile(file, http);
      const checked = file.sha256 === null ? bytes : verified(bytes, { sha256: file.sha256, what: file.filename });
      return readWheelLinks(checked, file.filename);
    };
    return retrying(file.filename, read, { onProgress });
  }

  /** Loaded with the first wheel that the cache does not know. */
  function reader(): Promise<WheelReader> {
    loading ??= import('../../metadata/wheel/wheel-metadata.ts').then(({ createWheelReader }) =>
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
    bucket: 'metadata' | 'wheels' | 'links',
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
