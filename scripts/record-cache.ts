// Records the layer of the cache that ships with the program: npm run -s record-cache
//
// Runs the commands below against the public index and writes to cache/ what they need to give the same answer with --offline: pages cut
// to what can be used, facts of releases; no addresses of files, no archives.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../src/base/text.ts';
import { userErrorsOf } from '../src/base/user-error.ts';
import { CACHE_BUCKETS, type CacheBucket } from '../src/cache/buckets.ts';
import { shippedBucketText } from '../src/cache/shipped-layer.ts';
import type { CacheRecord, CacheStore } from '../src/cache/store.ts';
import { generate } from '../src/cli/generate.ts';
import { parseArguments } from '../src/cli/options.ts';
import { packageRoot } from '../src/cli/package-root.ts';
import { VERSION } from '../src/cli/version.ts';
import { defaultIndexUrl } from '../src/index/default-index.ts';
import { pageRecord, readPageRecord, recordedPage } from '../src/index/page-record.ts';
import type { IndexFile } from '../src/index/project-page.ts';
import { createStyle } from '../src/report/style.ts';

/** What has to work with an empty cache of the user's and without a network. */
const COMMANDS = [
  'toolz datashape',
  'toolz==0.7.4 datashape==0.4.7',
  '--release 16.03 toolz==0.7.4 datashape==0.4.7 lxml==3.4.4 pyfftw==0.9.2',
];

const LIMIT = 300_000;

interface RecordedKey {
  readonly bucket: CacheBucket;
  readonly key: string;
}

/** Records in memory. */
interface Recording extends CacheStore {
  keys(): RecordedKey[];
  delete(at: RecordedKey): void;
  /** The same records in a recording of its own. */
  copy(): Recording;
}

async function main(): Promise<void> {
  const online = createRecording();
  const answers = new Map<string, string>();
  for (const command of COMMANDS) {
    console.error(`recording: pypi2nix ${command}`);
    answers.set(command, await answerTo(command, online));
  }
  const layer = await withoutNeedless(await cutPages(online), answers);
  const shipped = await cutPages(layer);
  if (!(await givesAll(shipped, answers))) throw new Error('the commands give something else from the recorded cache');
  const files = await textsOf(shipped);
  await checkTexts(files);

  const folder = path.join(packageRoot(), 'cache');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) {
    await writeFile(path.join(folder, name), text);
    console.log(`${name}: ${Buffer.byteLength(text)} bytes`);
  }
}

/** What a command prints: stdout, then the report. */
async function answerTo(command: string, cache: CacheStore, flags: readonly string[] = []): Promise<string> {
  const invocation = parseArguments([...flags, ...command.split(' ')], { version: VERSION, environment: {} });
  if (invocation.kind !== 'generate') throw new Error(`no command that generates: ${command}`);
  // Of the environment only what leads to the network: the user's indexes, overrides and credentials stay out.
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(?:(?:https?|all|no)_proxy|SSL_CERT_FILE)$/iu.test(name),
  );
  const { stdout, report } = await generate(invocation.options, {
    environment: { ...Object.fromEntries(kept), HOME: '/nonexistent', PIP_CONFIG_FILE: '/dev/null' },
    directory: '/',
    onProgress: () => {},
    cache,
  });
  return [stdout, ...report(createStyle(false))].join('\n');
}

async function givesAll(cache: Recording, answers: ReadonlyMap<string, string>): Promise<boolean> {
  for (const [command, answer] of answers) {
    try {
      if ((await answerTo(command, cache.copy(), ['--offline'])) !== answer) return false;
    } catch (thrown) {
      if (userErrorsOf(thrown) === undefined) throw thrown;
      return false;
    }
  }
  return true;
}

/**
 * Leaves out each record without which the answers are the same: what was asked for on suspicion differs from run to run, and would make
 * each recording another one.
 */
async function withoutNeedless(given: Recording, answers: ReadonlyMap<string, string>): Promise<Recording> {
  if (!(await givesAll(given, answers)))
    throw new Error('the commands give something else from what they have recorded');
  let kept = given;
  for (const at of given.keys()) {
    const less = kept.copy();
    less.delete(at);
    if (await givesAll(less, answers)) kept = less;
  }
  return kept;
}

/**
 * Pages without addresses, and of most releases the sdists alone: wheels are many, and stay only where the release was read or has no sdist.
 * From a release that was not read nothing can be generated offline, so nothing wrong comes of their absence.
 */
async function cutPages(recording: Recording): Promise<Recording> {
  const cut = recording.copy();
  const read = new Set(cut.keys().map(({ key }) => key));
  for (const { bucket, key } of cut.keys()) {
    if (bucket !== 'pages') continue;
    const record = readPageRecord((await cut.get(bucket, key))?.value);
    const page = record === null ? null : recordedPage(record);
    if (page === null) continue;
    const versionsOf = (files: readonly IndexFile[]): Set<string> => new Set(files.map(({ version }) => version));
    const known = versionsOf(page.files.filter(({ sha256 }) => sha256 !== null && read.has(sha256)));
    const withSdist = versionsOf(page.files.filter(({ kind }) => kind === 'sdist'));
    const files = page.files
      .filter(({ kind, version }) => kind === 'sdist' || known.has(version) || !withSdist.has(version))
      .map((file) => ({ ...file, yanked: file.yanked?.replace(/\S+:\/\/\S+/gu, '(address)') ?? null }));
    await cut.put(bucket, key, pageRecord({ ...page, files }, { urls: false }));
  }
  return cut;
}

async function textsOf(recording: Recording): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const bucket of bucketNames()) {
    const records = new Map<string, CacheRecord>();
    for (const at of recording.keys()) {
      const record = at.bucket === bucket ? await recording.get(bucket, at.key) : null;
      // Without times and tags, so that the same answers of the index give the same file.
      if (record !== null) records.set(at.key, { value: record.value, etag: null, fetchedAt: null });
    }
    if (records.size > 0) texts.set(`${bucket}.json`, shippedBucketText(bucket, records));
  }
  return texts;
}

async function checkTexts(files: ReadonlyMap<string, string>): Promise<void> {
  const { host } = new URL(await defaultIndexUrl());
  const size = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size > LIMIT) throw new Error(`${size} bytes, more than ${LIMIT}`);
  for (const [name, text] of files) {
    if (text.includes(host)) throw new Error(`${name} names the index`);
  }
}

function createRecording(records: ReadonlyMap<string, CacheRecord & RecordedKey> = new Map()): Recording {
  const own = new Map(records);
  return {
    async get(bucket, key) {
      return own.get(`${bucket} ${key}`) ?? null;
    },
    async put(bucket, key, value, meta = {}) {
      // Through JSON, as records of a store go.
      const plain: unknown = JSON.parse(JSON.stringify(value));
      const record = { value: plain, etag: meta.etag ?? null, fetchedAt: meta.fetchedAt ?? null };
      own.set(`${bucket} ${key}`, { bucket, key, ...record });
    },
    settled: async () => {},
    keys: () => [...own].sort(([a], [b]) => compareText(a, b)).map(([, { bucket, key }]) => ({ bucket, key })),
    delete: ({ bucket, key }) => void own.delete(`${bucket} ${key}`),
    copy: () => createRecording(own),
  };
}

function bucketNames(): CacheBucket[] {
  const isBucket = (name: string): name is CacheBucket => Object.hasOwn(CACHE_BUCKETS, name);
  return Object.keys(CACHE_BUCKETS).filter(isBucket);
}

await main();
