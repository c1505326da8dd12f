import type { Note } from '../base/note.ts';
import { excerpt } from '../base/text.ts';
import type { CacheStore } from '../cache/store.ts';
import type { HttpClient } from '../net/http-client.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { tableOfFiles } from './file-table.ts';
import { type FolderListing, folderFiles, listFolder } from './find-links.ts';
import { type FolderSource, type IndexSource, PUBLIC_INDEX_ID } from './index-source.ts';
import { pageCache } from './page-cache.ts';
import type { FileTable, ProjectPage } from './project-page.ts';
import type { DecodedPage } from './simple-json.ts';
import { type WebIndexes, webIndexes } from './web-index.ts';

export interface IndexClientOptions {
  /** In the order in which they are asked, see `indexSettings`. */
  readonly indexes: readonly IndexSource[];
  readonly http: HttpClient;
  readonly cache?: CacheStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ask the indexes even where the cache is fresh. */
  readonly refresh: boolean;
  /** Answer from the cache and local folders alone. */
  readonly offline: boolean;
  readonly onNote: (note: Note) => void;
}

export interface IndexClient {
  /**
   * The project (PEP 503 name) as the first index that has it shows it; null when none has it. Asked twice, it is requested once.
   * Throws UserError when an index fails (`E_INDEX_UNAVAILABLE`, `E_INDEX_DENIED`, `E_BAD_INDEX_PAGE`, `E_INDEX_VERSION`, `E_NO_SUCH_FOLDER`),
   * and `E_OFFLINE` when it would have to be asked and may not: an index that fails is never passed over.
   */
  project(name: string): Promise<ProjectPage | null>;
}

/** The package indexes of a run as one: folders, simple indexes and pages of links behind one question. */
export function createIndexClient(options: IndexClientOptions): IndexClient {
  const cache = pageCache(options.cache, options);
  const web = webIndexes({ http: options.http, cache, offline: options.offline, onNote: options.onNote });
  const folder = folderIndexes(options.onNote);
  const asked = new Map<string, Promise<ProjectPage | null>>();

  return {
    project(name) {
      if (!isProjectName(name) || normalizeName(name) !== name)
        throw new Error(`not a PEP 503 name: ${JSON.stringify(name)}`);
      const known = asked.get(name);
      if (known !== undefined) return known;
      const answer = firstPage(name, options.indexes, { web, folder }).then((page) => {
        if (page !== null) noteStatus(page, options.onNote);
        return page;
      });
      asked.set(name, answer);
      // A failure may pass: the next question asks again.
      answer.catch(() => asked.delete(name));
      return answer;
    },
  };
}

type FolderIndexes = (source: FolderSource, name: string) => Promise<DecodedPage | null>;

async function firstPage(
  name: string,
  sources: readonly IndexSource[],
  ask: { readonly web: WebIndexes; readonly folder: FolderIndexes },
): Promise<ProjectPage | null> {
  const without: Exclude<IndexSource, FolderSource>[] = [];
  for (const source of sources) {
    const page = source.kind === 'folder' ? await ask.folder(source, name) : await ask.web.page(source, name);
    if (page !== null) {
      await ask.web.rememberAbsence(without, name);
      return projectPage(page, source, name);
    }
    if (source.kind !== 'folder') without.push(source);
  }
  // What leads from a project that no index has is the same offline: nothing.
  await ask.web.rememberAbsence(without, name);
  return null;
}

function projectPage(
  page: DecodedPage & { readonly table?: FileTable },
  source: IndexSource,
  name: string,
): ProjectPage {
  // PEP 792: files of a quarantined project must not be installed, whatever the page still lists.
  const isQuarantined = page.status === 'quarantined';
  return {
    name,
    index: source.name,
    // Asked for when they are looked at: to make the files of a large page takes long.
    get files() {
      return isQuarantined ? [] : page.files;
    },
    table: isQuarantined ? tableOfFiles([]) : (page.table ?? tableOfFiles(page.files)),
    status: page.status,
    statusReason: page.statusReason,
    ignored: page.ignored,
    isPublicIndex: source.kind === 'simple' && source.id === PUBLIC_INDEX_ID,
  };
}

function noteStatus(page: ProjectPage, onNote: (note: Note) => void): void {
  if (page.status === null || page.status === 'active') return;
  const reason = page.statusReason ? `: ${excerpt(page.statusReason)}` : '';
  const effect = page.status === 'quarantined' ? ', none of its files is used' : '';
  onNote({
    kind: 'warning',
    text: `${page.index} marks ${page.name} as ${excerpt(page.status)}${effect}${reason}`,
    project: page.name,
  });
}

function folderIndexes(onNote: (note: Note) => void): FolderIndexes {
  const listings = new Map<string, Promise<FolderListing>>();

  const list = async (source: FolderSource): Promise<FolderListing> => {
    const listing = await listFolder(source);
    if (listing === null)
      onNote({ kind: 'warning', text: `${source.setBy} names ${source.path}, which is no folder that can be read` });
    else if (listing.length === 0 && !source.isOptional)
      onNote({ kind: 'warning', text: `${source.setBy} names ${source.path}, which has no files` });
    return listing ?? [];
  };

  return async (source, name) => {
    const listing = listings.get(source.path) ?? list(source);
    listings.set(source.path, listing);
    const files = folderFiles(source, await listing, name);
    return files.files.length === 0 ? null : { ...files, status: null, statusReason: null };
  };
}
