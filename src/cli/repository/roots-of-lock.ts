import { sortedUnique } from '../../base/text.ts';
import type { LockedProject, LockedProjects } from '../../lock/locked-projects.ts';
import { rootRequirement, unaskedProjects } from '../../lock/roots.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { tryParseVersion } from '../../pep/version.ts';
import type { Provider } from '../../resolve/provider.ts';
import { holdsSomewhere } from '../../resolve/scope.ts';
import { lockedProvider } from '../lock/locked-closure.ts';

/**
 * What a lock was made for, as requirements; none without a lock. Where its format does not tell, that are the projects which no other one requires by its metadata on the
 * targets, with the extras that the lock names or another project asks for. Throws UserError E_LOCKED_VERSION, and what the provider throws.
 */
export async function rootsOfLock(
  locked: LockedProjects | null,
  { provider, targets }: { readonly provider: Provider; readonly targets: readonly MarkerEnvironment[] },
): Promise<readonly Requirement[]> {
  if (locked === null) return [];
  if (locked.rootsUntold !== true) return locked.roots;
  const reader = lockedProvider(provider, locked);
  const stated = new Map(
    await Promise.all(
      [...locked.projects.values()].map(async (project) => [project.name, await statedBy(project, reader)] as const),
    ),
  );
  const projects = withDependencies(locked.projects, { stated, targets });
  return unaskedProjects(projects).flatMap(({ name }) => {
    const project = locked.projects.get(name);
    return project === undefined ? [] : [rootRequirement(project)];
  });
}

async function statedBy({ name, version: text, address }: LockedProject, provider: Provider) {
  const pinned = text === null || address !== null ? null : tryParseVersion(text);
  const version = pinned ?? (await provider.releases(name))?.[0]?.version ?? null;
  return version === null ? [] : await provider.requirements(name, version);
}

/** The projects with what they depend on, by the extras that are asked for on the way. */
function withDependencies(
  projects: ReadonlyMap<string, LockedProject>,
  {
    stated,
    targets,
  }: {
    readonly stated: ReadonlyMap<string, readonly Requirement[]>;
    readonly targets: readonly MarkerEnvironment[];
  },
): ReadonlyMap<string, LockedProject> {
  const extras = new Map([...projects].map(([name, project]) => [name, new Set(['', ...project.extras])]));
  const needed = new Map([...projects.keys()].map((name) => [name, new Set<string>()]));
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const [name, own] of extras) {
      for (const requirement of stated.get(name) ?? []) {
        const other = extras.get(requirement.name);
        if (other === undefined || ![...own].some((extra) => holdsSomewhere(requirement.marker, targets, extra)))
          continue;
        needed.get(name)?.add(requirement.name);
        const before = other.size;
        for (const extra of requirement.extras) other.add(extra);
        if (other.size > before) isNew = true;
      }
    }
  }
  return new Map(
    [...projects].map(([name, project]) => {
      const dependencies = sortedUnique([...(needed.get(name) ?? [])].filter((each) => each !== name));
      return [name, { ...project, dependencies }];
    }),
  );
}
