import type { ProgressSink } from '../../base/progress.ts';
import { tableOfFiles } from '../../index/file-table.ts';
import type { IndexClient } from '../../index/index-client.ts';
import type { FileTable, ProjectPage } from '../../index/project-page.ts';
import { isInTime } from '../../index/releases.ts';
import { compareVersions, tryParseVersion, type Version } from '../../pep/version.ts';
import { isWithin, type UpdateTarget } from '../../repository/package-update.ts';

/** The pages of a run, each asked for once, whatever is resolved how often. */
export interface UpdatePages {
  /** As the index has it; null when no index has the project. */
  page(project: string): Promise<ProjectPage | null>;
  /** Asks for all of these at once. */
  load(projects: readonly string[], onProgress: ProgressSink): Promise<void>;
  /** The indexes with only those releases that an update may choose. `next` is asked for projects that are not known yet. */
  limited(next: IndexClient, limits: UpdateLimits): IndexClient;
}

/** Which releases of the index an update may choose. */
export interface UpdateLimits {
  /** By PEP 503 name the version that is in use. */
  readonly current: ReadonlyMap<string, Version>;
  readonly target: UpdateTarget;
  /** Milliseconds since 1970: what was uploaded later is not there, but for the versions in use. Null: all is. */
  readonly until: number | null;
  /** Projects that stay at the version in use. */
  readonly stays: (project: string) => boolean;
  /** Whether versions before those in use may be chosen. */
  readonly mayGoBack: boolean;
}

/** Keeps the pages of an index client. */
export function updatePages(index: IndexClient): UpdatePages {
  const pages = new Map<string, Promise<ProjectPage | null>>();
  const pageFrom = (client: IndexClient, project: string): Promise<ProjectPage | null> => {
    const known = pages.get(project);
    if (known !== undefined) return known;
    const asked = client.project(project);
    pages.set(project, asked);
    asked.catch(() => pages.delete(project));
    return asked;
  };
  return {
    page: (project) => pageFrom(index, project),
    async load(projects, onProgress) {
      let done = 0;
      await Promise.all(
        projects.map(async (project) => {
          await pageFrom(index, project);
          done += 1;
          onProgress({ kind: 'count', text: 'looking for new versions', done, total: projects.length });
        }),
      );
    },
    limited(next, limits) {
      const cut = new Map<string, ProjectPage>();
      return {
        async project(project) {
          const page = await pageFrom(next, project);
          if (page === null) return null;
          const limited = cut.get(project) ?? limitedPage(page, limits);
          cut.set(project, limited);
          return limited;
        },
      };
    },
  };
}

/** Whether the limits let an update choose a version because of its number alone. */
function admitsVersion(project: string, version: Version, limits: UpdateLimits): boolean {
  const { current, target, stays, mayGoBack } = limits;
  const inUse = current.get(project);
  if (inUse === undefined) return true;
  const step = compareVersions(version, inUse);
  if (step === 0) return true;
  if (stays(project)) return false;
  return step < 0 ? mayGoBack : isWithin(target, inUse, version);
}

function limitedPage(page: ProjectPage, limits: UpdateLimits): ProjectPage {
  const table = limitedTable(page, limits);
  return {
    name: page.name,
    index: page.index,
    status: page.status,
    ignored: page.ignored,
    ...(page.statusReason === undefined ? {} : { statusReason: page.statusReason }),
    ...(page.isPublicIndex === undefined ? {} : { isPublicIndex: page.isPublicIndex }),
    get files() {
      return table.versions.flatMap((_, position) => table.filesAt(position));
    },
    table,
  };
}

function limitedTable({ name, files, table = tableOfFiles(files) }: ProjectPage, limits: UpdateLimits): FileTable {
  const { until } = limits;
  const inUse = limits.current.get(name);
  const releases = table.versions.flatMap((text, position) => {
    const version = tryParseVersion(text);
    if (version === null || !admitsVersion(name, version, limits)) return [];
    // The files of a page are made when they are looked at, so without a time none is.
    if (until === null) return [{ text, files: () => table.filesAt(position) }];
    const all = table.filesAt(position);
    const inTime = all.filter((file) => isInTime(file, until));
    if (inTime.length > 0) return [{ text, files: () => inTime }];
    const isInUse = inUse !== undefined && compareVersions(version, inUse) === 0;
    return isInUse ? [{ text, files: () => all }] : [];
  });
  return {
    versions: releases.map(({ text }) => text),
    filesAt: (position) => releases[position]?.files() ?? [],
    undated: 0,
  };
}
