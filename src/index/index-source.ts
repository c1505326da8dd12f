import type { Credentials } from '../net/credentials.ts';

interface SourceBase {
  /** For messages: the address without credentials, `PyPI` for the public index, or the path. */
  readonly name: string;
  /** Where it was set, for messages: `--index-url`, `PIP_FIND_LINKS`, `/etc/pip.conf:3`, `the default`. */
  readonly setBy: string;
}

/** An index with the simple repository interface (PEP 503, PEP 691). */
export interface SimpleSource extends SourceBase {
  readonly kind: 'simple';
  /** Key of its records in the cache: `pypi` for the public index, so that records do not name its address, else the URL. */
  readonly id: string;
  /** Absolute http(s) URL that ends in `/`, without credentials. */
  readonly url: string;
  readonly credentials: Credentials | null;
}

/** A web page that lists files of any projects: `--find-links URL`. */
export interface LinksPageSource extends SourceBase {
  readonly kind: 'links-page';
  readonly id: string;
  /** Absolute http(s) URL without credentials. */
  readonly url: string;
  readonly credentials: Credentials | null;
}

/** A local folder of files of any projects: `--find-links DIR`. */
export interface FolderSource extends SourceBase {
  readonly kind: 'folder';
  /** Absolute path. */
  readonly path: string;
  /** A folder that is missing is a note, not an error: the user did not name it for this run. */
  readonly isOptional: boolean;
}

/** One place that projects come from. They are asked in order; a project comes from the first that has it. */
export type IndexSource = SimpleSource | LinksPageSource | FolderSource;

/** The `id` of the public index. */
export const PUBLIC_INDEX_ID = 'pypi';

/**
 * The addresses of the sources that have credentials, with these in them again: what `credentialsFrom` of the HTTP client takes. Files
 * that an index keeps beside its pages are signed by it too. Never for messages.
 */
export function credentialUrls(sources: readonly IndexSource[]): readonly string[] {
  return sources.flatMap((source) => {
    if (source.kind === 'folder' || source.credentials === null) return [];
    const url = new URL(source.url);
    url.username = encodeURIComponent(source.credentials.username);
    url.password = encodeURIComponent(source.credentials.password);
    return [url.href];
  });
}
