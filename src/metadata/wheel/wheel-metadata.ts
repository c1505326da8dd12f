import { verified } from '../../archive/digest.ts';
import type { Note } from '../../base/note.ts';
import { oneLine } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { IndexFile } from '../../index/project-page.ts';
import type { HttpClient } from '../../net/http-client.ts';
import { redactUrl } from '../../net/redact.ts';
import { type RetryPolicy, retrying } from '../../net/retry.ts';
import type { CoreMetadata } from '../../pep/core-metadata.ts';
import { parseWheelName } from '../../pep/wheel-name.ts';
import type { WheelFacts } from '../release-facts.ts';
import { badWheel } from './bad-wheel.ts';
import { type ByteSource, bytesWithin } from './byte-source.ts';
import { contentsByRanges, contentsOfStream, type WheelContents } from './contents.ts';
import { wheelCoreMetadata } from './dist-info.ts';
import { consoleScriptsOf } from './entry-points.ts';
import { fetchMetadataFile } from './metadata-file.ts';
import { openRanges, type RangeAnswer } from './range-source.ts';
import { createRoutes, type Verdict } from './routes.ts';
import { wheelModuleFiles, wheelModules } from './wheel-modules.ts';
import { TAIL_BYTES } from './zip-end.ts';

export interface WheelReaderOptions {
  readonly http: HttpClient;
  /** Opens a whole file, from the network or a local folder; without it only http and https can be read. */
  readonly openFile?: (file: IndexFile) => Promise<AsyncIterable<Uint8Array>>;
  readonly onNote: (note: Note) => void;
  /** How what is more than one request is tried again when a connection is cut. */
  readonly retry?: RetryPolicy;
}

/** Reads wheels with as few bytes as their host allows; what it learns of hosts is kept as long as the reader. */
export interface WheelReader {
  /**
   * The metadata of a wheel: from the metadata file beside it (PEP 658), else by ranges of the wheel, else from the whole wheel.
   * Throws UserError `E_BAD_WHEEL` (65), `E_DIGEST_MISMATCH` (65), `E_INDEX_UNAVAILABLE` (69), and what `openFile` throws.
   */
  metadata(file: IndexFile): Promise<CoreMetadata>;
  /**
   * Everything of interest in a wheel, by ranges, else from the whole wheel. Modules and scripts are null, with a note, where that
   * would mean to download a large wheel and the metadata can be had without. Throws as `metadata` does.
   */
  facts(file: IndexFile): Promise<WheelFacts>;
}

/** A wheel that is open in one way or the other; `first` are the bytes of the whole wheel where they are on their way already. */
type OpenWheel =
  | Extract<RangeAnswer, { kind: 'ranges' }>
  | {
      readonly kind: 'whole';
      readonly first: { readonly body: AsyncIterable<Uint8Array>; discard(): Promise<void> } | null;
    };

/** Up to this size the whole wheel costs no more than a part of it, and its digest can be verified. */
const SMALL_BYTES = TAIL_BYTES;
/** Above this size a wheel is not downloaded for the names of its modules alone. */
const LARGE_BYTES = 256 * 1024 ** 2;
/** How many modules are named: they are for a check whether the package can be imported. */
const MAX_MODULES = 8;

/** A reader that knows nothing of any host yet. */
export function createWheelReader(options: WheelReaderOptions): WheelReader {
  const { http, onNote, retry = {} } = options;
  const openFile = options.openFile ?? ((file: IndexFile) => openOverHttp(file, http));
  const routes = createRoutes();
  return {
    async metadata(file) {
      const stated = await metadataFile(file);
      if (stated !== null) return stated;
      const contents = await contentsOf(file, await open(file), 'metadata');
      return wheelCoreMetadata(contents.metadata, file);
    },
    async facts(file) {
      let opened = await open(file);
      if (opened.kind === 'whole' && file.size !== null && file.size > LARGE_BYTES) {
        await opened.first?.discard();
        opened = { kind: 'whole', first: null };
        const stated = await metadataFile(file);
        if (stated !== null) {
          onNote(modulesUnread(file));
          return { coreMetadata: stated, modules: null, consoleScripts: null };
        }
      }
      return factsOf(file, await contentsOf(file, opened, 'all'), onNote);
    },
  };

  function metadataFile(file: IndexFile): Promise<CoreMetadata | null> {
    const host = webHost(file);
    if (host === null) return Promise.resolve(null);
    // An index may announce the metadata of some files only, and is then silent on those that have none.
    const route = `${file.coreMetadata === false ? 'unannounced' : 'announced'} metadata of ${host}`;
    return routes.attempt<CoreMetadata | null>(route, () =>
      orDead('metadata files', file, () => fetchMetadataFile(file, { http, retry, onNote })),
    );
  }

  async function open(file: IndexFile): Promise<OpenWheel> {
    const host = webHost(file);
    const isSmall = file.size !== null && file.size <= SMALL_BYTES;
    if (host === null || isSmall) return { kind: 'whole', first: null };
    const attempt = () => orDead('parts of files', file, () => tryRanges(file, host));
    return (await routes.attempt<OpenWheel | null>(`ranges of ${host}`, attempt)) ?? { kind: 'whole', first: null };
  }

  async function tryRanges(file: IndexFile, host: string): Promise<Verdict<OpenWheel | null>> {
    const answer = await openRanges(file, { http, retry });
    if (answer.kind === 'ranges') return { verdict: 'works', result: answer };
    const isOpen = answer.kind === 'whole' ? answer.isWholeAsked : answer.isMissing;
    if (!isOpen) onNote(noRanges(file, host));
    return {
      verdict: isOpen ? 'open' : 'dead',
      result: answer.kind === 'whole' ? { kind: 'whole', first: answer.response } : null,
    };
  }

  /** A host that fails when it is asked in an unusual way may still give the wheel itself; if it does not, that error is told. */
  async function orDead<Result>(
    what: string,
    file: IndexFile,
    action: () => Promise<Verdict<Result | null>>,
  ): Promise<Verdict<Result | null>> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof UserError) || !AVOIDABLE.has(error.code)) throw error;
      onNote(aboutWheel(file, `${what} cannot be had, so that wheels are read in another way: ${error.message}`));
      return { verdict: 'dead', result: null };
    }
  }

  function contentsOf(file: IndexFile, opened: OpenWheel, wanted: 'metadata' | 'all'): Promise<WheelContents> {
    if (opened.kind === 'ranges') return contentsByRanges(opened.source, { wheel: file.filename, wanted });
    let first = opened.first?.body ?? null;
    const read = async (): Promise<WheelContents> => {
      const bytes = first ?? (await openFile(file));
      first = null;
      const source = file.sha256 === null ? bytes : verified(bytes, { sha256: file.sha256, what: file.filename });
      if (file.size === null || file.size > SMALL_BYTES) return await contentsOfStream(source, file.filename);
      // Held as a whole, only what is wanted of it has to be unpacked.
      const whole = await bytesWithin(source, SMALL_BYTES);
      if (whole === null) throw badWheel(file.filename, 'is larger than the index says');
      return await contentsByRanges(heldBytes(whole), { wheel: file.filename, wanted });
    };
    return retrying(file.filename, read, retry);
  }
}

function heldBytes(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: async (from, to) => bytes.subarray(from, to) };
}

const AVOIDABLE: ReadonlySet<string> = new Set(['E_INDEX_UNAVAILABLE', 'E_BAD_REDIRECT']);

function factsOf(file: IndexFile, contents: WheelContents, onNote: (note: Note) => void): WheelFacts {
  const modules = wheelModules(contents.paths, contents.namespaces);
  if (modules.length > MAX_MODULES) {
    const text = `${file.filename} has ${modules.length} importable modules, of which the first ${MAX_MODULES} are named`;
    onNote({ ...aboutWheel(file, text), kind: 'omitted' });
  }
  const entryPoints = contents.entryPoints === null ? '' : new TextDecoder().decode(contents.entryPoints);
  const named = modules.slice(0, MAX_MODULES);
  const scripts = consoleScriptsOf(entryPoints);
  return {
    coreMetadata: wheelCoreMetadata(contents.metadata, file),
    modules: named,
    moduleFiles: wheelModuleFiles(named, contents.paths),
    consoleScripts: [...scripts.keys()],
    scriptLines: Object.fromEntries(scripts),
  };
}

/** What routes belong to; null for a file that is not on the web. */
function webHost(file: IndexFile): string | null {
  if (!/^https?:/i.test(file.url) || !URL.canParse(file.url)) return null;
  return new URL(file.url).host;
}

async function openOverHttp(file: IndexFile, http: HttpClient): Promise<AsyncIterable<Uint8Array>> {
  const response = await http.get({ url: file.url, what: file.filename, raw: true });
  if (response.status === 200) return response.body;
  await response.discard();
  throw new UserError(
    'E_FILE_MISSING',
    `${oneLine(file.filename)} at ${redactUrl(file.url)}: the index lists the file, but the server answers HTTP ${response.status}`,
    { exit: EXIT.unavailable, hint: 'try again with --refresh; if it stays so, the index is broken for this file' },
  );
}

function noRanges(file: IndexFile, host: string): Note {
  return aboutWheel(
    file,
    `${host} does not give parts of files, so that wheels are downloaded whole to read their metadata`,
  );
}

function modulesUnread(file: IndexFile): Note {
  const text = `the modules of ${file.filename} are not known, because its host gives it only whole and it is large`;
  return { ...aboutWheel(file, text), kind: 'omitted' };
}

function aboutWheel(file: IndexFile, text: string): Note {
  const project = parseWheelName(file.filename)?.name;
  return { kind: 'fallback', text: oneLine(text), ...(project === undefined ? {} : { project }) };
}
