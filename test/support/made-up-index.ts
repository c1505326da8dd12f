import { sha256Of } from './archives.ts';
import type { TestServer } from './http-server.ts';

/** A file of a made-up project. */
export interface MadeUpFile {
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly requiresPython?: string;
  readonly uploadTime?: string;
  readonly yanked?: boolean | string;
  /** What the page says of its digest; default: the right one. */
  readonly sha256?: string;
}

export interface MadeUpIndex {
  /** Of the simple interface, ends in `/`. */
  readonly url: string;
  /** Adds a project, or puts other files in its place. Gives the path of each file on the server. */
  project(name: string, files: readonly MadeUpFile[]): readonly string[];
}

/**
 * An index with the JSON interface (PEP 691) on a test server. Files lie under paths like those of PyPI and its mirrors, so that
 * expressions fetch them from PyPI; with `own`, under paths of their own.
 */
export function madeUpIndex(
  server: TestServer,
  options: { readonly prefix?: string; readonly own?: boolean } = {},
): MadeUpIndex {
  const prefix = options.prefix ?? '';
  const url = `${server.url}${prefix}/simple/`;
  return {
    url,
    project(name, files) {
      const paths = files.map(
        (file) => `${prefix}${options.own === true ? '/files' : contentPath(file.bytes)}/${file.filename}`,
      );
      for (const [index, file] of files.entries()) server.on(paths[index] ?? '', { body: file.bytes });
      const entries = files.map((file, index) => ({
        filename: file.filename,
        url: `../..${paths[index]?.slice(prefix.length)}`,
        hashes: { sha256: file.sha256 ?? sha256Of(file.bytes) },
        'requires-python': file.requiresPython ?? null,
        size: file.bytes.length,
        'upload-time': file.uploadTime ?? '2026-01-02T03:04:05.000000Z',
        yanked: file.yanked ?? false,
      }));
      server.on(`${prefix}/simple/${name}/`, {
        headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
        body: JSON.stringify({ meta: { 'api-version': '1.1' }, name, files: entries }),
      });
      return paths;
    },
  };
}

function contentPath(bytes: Uint8Array): string {
  const digest = sha256Of(bytes);
  return `/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`;
}
