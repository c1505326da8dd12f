import { tableOfFiles } from '../../index/file-table.ts';
import type { IndexFile, ProjectPage } from '../../index/project-page.ts';
import { type IndexRelease, isInTime, releasesOf } from '../../index/releases.ts';
import { memoized } from '../memoized.ts';
import type { RunTargets } from '../run/targets.ts';
import type { World } from '../world.ts';
import { nothingUsable } from './source-notes.ts';

/** A release, and the page that it is on. */
export interface PagedRelease {
  readonly page: ProjectPage;
  readonly release: IndexRelease;
}

/** The releases of projects by the pages of the indexes. Everything is asked for once in a run. */
export interface ReleasePages {
  /** Null when no index has the project. */
  releases(project: string): Promise<readonly IndexRelease[] | null>;
  /** Throws for a release that is none of the index. */
  release(project: string, version: string): Promise<PagedRelease>;
  /** Kinds of files that no release is made of, for example `3 eggs`; empty before the page of the project is there. */
  unusableFiles(project: string): readonly string[];
}

export interface ReleasePagesOptions {
  readonly world: Pick<World, 'index' | 'notes'>;
  readonly targets: RunTargets;
  /** Milliseconds since 1970; null: no limit. */
  readonly asOf: number | null;
}

/** Pages as releases for the targets of a run; what they leave to be told goes to the notes of the world. */
export function createReleasePages({ world, targets, asOf }: ReleasePagesOptions): ReleasePages {
  const unusable = new Map<string, readonly string[]>();
  const pages = memoized(async (project: string) => {
    const page = await world.index.project(project);
    if (page === null) return null;
    unusable.set(project, page.ignored);
    const { releases, notes } = releasesOf(page, { targets: targets.tags, pythons: targets.binding, asOf });
    world.notes.push(...notes, ...nothingUsable(page, releases));
    return { page, releases: new Map(releases.map((release) => [release.version.text, release])) };
  });
  return {
    async releases(project) {
      const known = await pages(project);
      return known === null ? null : [...known.releases.values()];
    },
    async release(project, version) {
      const known = await pages(project);
      const release = known?.releases.get(version);
      if (known === null || release === undefined) throw new Error(`no release ${version} of ${project}`);
      return { page: known.page, release };
    },
    unusableFiles: (project) => unusable.get(project) ?? [],
  };
}

/** All files of a version, those for other interpreters and platforms too; none that is newer than `asOf` (milliseconds since 1970, null: any). */
export function filesOfVersion(page: ProjectPage, version: string, asOf: number | null): readonly IndexFile[] {
  const { versions, filesAt } = page.table ?? tableOfFiles(page.files);
  const files = filesAt(versions.indexOf(version));
  return files.filter((file) => isInTime(file, asOf));
}
