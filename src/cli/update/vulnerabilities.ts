import type { Note } from '../../base/note.ts';
import { type ProjectInfo, projectInfo } from '../../index/project-json.ts';
import type { KnownVulnerability } from '../../repository/package-update.ts';
import { memoized } from '../memoized.ts';
import type { World } from '../world.ts';

/** What an update does for the safety of a package. */
export interface VulnerabilityChange {
  /** Only the old version has them. */
  readonly fixes: readonly KnownVulnerability[];
  /** Only the new version has them. */
  readonly brings: readonly KnownVulnerability[];
}

export const NO_VULNERABILITIES: VulnerabilityChange = { fixes: [], brings: [] };

/** A step of a project from one version to another. */
export interface VersionStep {
  readonly project: string;
  /** Name of the index that the project is from. */
  readonly index: string;
  /** PEP 440 normal forms. */
  readonly before: string;
  readonly after: string;
}

/** Asks indexes for known vulnerabilities, each release once; `before` and `after` alone count, whatever else the project has had. */
export function vulnerabilityReader(
  { http, sources }: Pick<World, 'http' | 'sources'>,
  onNote: (note: Note) => void,
): (step: VersionStep) => Promise<VulnerabilityChange> {
  const silent = new Set<string>();
  const infoOf = memoized(async (index: string, project: string, version: string): Promise<ProjectInfo | null> => {
    const source = sources.find((each) => each.kind === 'simple' && each.name === index);
    if (source?.kind !== 'simple') return null;
    const info = await projectInfo(project, { source, http, onNote, version });
    if (info === null && !silent.has(index)) {
      silent.add(index);
      onNote({ kind: 'unknown', text: `${index} does not tell known vulnerabilities of all projects` });
    }
    return info;
  });
  return async ({ project, index, before, after }) => {
    const old = await infoOf(index, project, before);
    // An index without this interface has it for no release.
    const now = old === null ? null : await infoOf(index, project, after);
    if (old === null || now === null) return NO_VULNERABILITIES;
    return {
      fixes: without(old.vulnerabilities, now.vulnerabilities),
      brings: without(now.vulnerabilities, old.vulnerabilities),
    };
  };
}

/** One vulnerability can have several names. */
function without(
  some: ProjectInfo['vulnerabilities'],
  others: ProjectInfo['vulnerabilities'],
): readonly KnownVulnerability[] {
  const known = new Set(others.flatMap(({ id, aliases }) => [id, ...aliases]));
  const left = some.filter(({ id, aliases }) => ![id, ...aliases].some((name) => known.has(name)));
  const seen = new Set<string>();
  return left.flatMap(({ id, aliases, summary }) => {
    const isKnown = [id, ...aliases].some((name) => seen.has(name));
    for (const name of [id, ...aliases]) seen.add(name);
    return isKnown ? [] : [{ id, aliases, summary }];
  });
}
