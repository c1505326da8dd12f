import type { IndexFile } from '../../index/project-page.ts';

/** Where an expression fetches an archive from: PyPI's mirror, or the file's own address. */
export type FetchFrom = 'pypi' | 'url';

/**
 * PyPI keeps files under the digest of their content, `/packages/` and 64 hex digits in three parts, and mirrors of it keep these paths.
 * A file of another index under such a path is PyPI's file, so the expression need not name the mirror.
 */
const CONTENT_ADDRESS = /\/packages\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}\/[^/]+$/u;

/** A local file is taken for a copy of PyPI's; what is on another index is fetched from there. */
export function fetchFrom(file: IndexFile, isPublicIndex: boolean): FetchFrom {
  if (isPublicIndex || file.url === '' || file.url.startsWith('file:')) return 'pypi';
  return URL.canParse(file.url) && CONTENT_ADDRESS.test(new URL(file.url).pathname) ? 'pypi' : 'url';
}
