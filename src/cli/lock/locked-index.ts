import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { IndexClient } from '../../index/index-client.ts';
import type { IndexFile, ProjectPage } from '../../index/project-page.ts';
import type { LockedRelease, LockedReleaseFile, RepositoryLock } from '../../lock/repository-lock.ts';
import { LOCK_PATH } from '../repository/repository-folder.ts';

/**
 * The lock file of a repository as an index: each project has the one version that was resolved, and nothing is requested. What it does not have, no index has.
 * `publicIndex` is the address of the public index.
 */
export function lockedIndex(
  lock: RepositoryLock,
  { root, publicIndex }: { readonly root: string; readonly publicIndex: string },
): IndexClient {
  const releases = new Map(lock.releases.map((release) => [release.name, release]));
  return {
    async project(name) {
      const release = releases.get(name);
      return release === undefined ? null : pageOf(release, { root, publicIndex });
    },
  };
}

function pageOf(
  release: LockedRelease,
  { root, publicIndex }: { readonly root: string; readonly publicIndex: string },
): ProjectPage {
  return {
    name: release.name,
    index: release.index ?? LOCK_PATH,
    files: release.files.map((file) => indexFile(file, { release, root })),
    status: null,
    ignored: [],
    isPublicIndex: release.index !== null && withoutSlash(release.index) === withoutSlash(publicIndex),
  };
}

function indexFile(
  file: LockedReleaseFile,
  { release, root }: { readonly release: LockedRelease; readonly root: string },
): IndexFile {
  const { kind, filename, sha256, size, uploadTime } = file;
  return {
    kind,
    filename,
    version: release.version,
    url: file.path === null ? (file.url ?? '') : pathToFileURL(path.resolve(root, file.path)).href,
    sha256,
    requiresPython: release.requiresPython,
    size,
    uploadTime,
    yanked: null,
    coreMetadata: false,
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/u, '');
}
