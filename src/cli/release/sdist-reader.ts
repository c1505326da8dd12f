import type { ProgressSink } from '../../base/progress.ts';
import type { CacheStore } from '../../cache/store.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { SdistFacts } from '../../metadata/release-facts.ts';
import type { HttpClient } from '../../net/http-client.ts';
import { retrying } from '../../net/retry.ts';
import { openFile } from './download.ts';
import type { ReadSdist } from './sdist-archive.ts';

/**
 * Reads sdists through sha256 and the decompressor in one pass; facts are kept by digest, so that an archive is read once on a machine.
 * A download that is cut starts anew; nothing is kept of an archive whose digest is not the index's.
 */
export function createSdistReader(options: {
  readonly http: HttpClient;
  readonly cache: CacheStore;
  readonly onProgress: ProgressSink;
}): (file: IndexFile, project: { readonly name: string; readonly version: string }) => Promise<ReadSdist> {
  const { http, cache, onProgress } = options;
  const reading = new Map<string, Promise<ReadSdist>>();

  return (file, project) => {
    const key = `${project.name} ${file.filename}`;
    const known = reading.get(key) ?? cachedOrRead(file, project);
    reading.set(key, known);
    return known;
  };

  async function cachedOrRead(
    file: IndexFile,
    project: { readonly name: string; readonly version: string },
  ): Promise<ReadSdist> {
    const { sha256 } = file;
    const record = sha256 === null ? null : await cache.get('sdists', sha256);
    const facts = record === null ? null : sdistFactsOf(record.value);
    if (sha256 !== null && facts !== null) return { facts, sha256 };
    const read = await retrying(file.filename, () => readOnce(file, project), { onProgress });
    void cache.put('sdists', read.sha256, read.facts);
    onProgress({ kind: 'done', what: file.filename });
    return read;
  }

  async function readOnce(
    file: IndexFile,
    project: { readonly name: string; readonly version: string },
  ): Promise<ReadSdist> {
    // The request is under way while the reader is loaded.
    const [source, { readSdistArchive }] = await Promise.all([openFile(file, http), import('./sdist-archive.ts')]);
    return await readSdistArchive(source, { file, project });
  }
}

/** A record of the cache as facts. The number of the bucket's form stands for the shape, so only what is no object at all is refused. */
function sdistFactsOf(value: unknown): SdistFacts | null {
  return isSdistFacts(value) ? value : null;
}

function isSdistFacts(value: unknown): value is SdistFacts {
  return typeof value === 'object' && value !== null && 'tests' in value && 'modules' in value && 'unknowns' in value;
}
