import { pageFiles } from '../../../src/index/page-files.ts';
import type { IndexFile, ProjectPage } from '../../../src/index/project-page.ts';
import type { TagTarget } from '../../../src/pep/wheel-tags.ts';

/** A target for each platform that the tests need. */
export const LINUX: TagTarget = { python: '3.13', implementation: 'cpython', platform: 'x86_64-linux' };
export const DARWIN: TagTarget = { python: '3.13', implementation: 'cpython', platform: 'aarch64-darwin' };
export const LINUX_312: TagTarget = { python: '3.12', implementation: 'cpython', platform: 'x86_64-linux' };

/** A file of `toolz` as an index announces it, by its name and what is special about it. */
export function file(filename: string, fields: Partial<IndexFile> = {}): IndexFile {
  const plain = {
    url: filename,
    sha256: null,
    requiresPython: null,
    size: null,
    uploadTime: null,
    yanked: null,
    coreMetadata: false,
  };
  const [made] = pageFiles([{ filename, ...plain }], { project: 'toolz', base: 'https://files.test/' }).files;
  if (made === undefined) throw new Error(`no file of toolz: ${filename}`);
  return { ...made, ...fields };
}

/** The page of `toolz` with these files. */
export function page(files: readonly IndexFile[]): ProjectPage {
  return { name: 'toolz', index: 'PyPI', files, status: null, ignored: [] };
}
