import { components } from '../base/graph.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { Marker, MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import type { Requirement } from '../pep/requirement.ts';
import { formatSourceAddress } from '../pep/source-address.ts';
import type { LockedProject } from './locked-projects.ts';
import { eitherMarker } from './pick-projects.ts';

/** The requirement that a project of a lock answers: any version, since the lock has one. */
export function rootRequirement(project: LockedProject, extras = project.extras, marker = project.marker): Requirement {
  const { name, address } = project;
  const url = address === null ? null : formatSourceAddress(address);
  return { name, spelled: name, extras, specifier: [], marker, url };
}

/**
 * What nothing in the lock depends on, sorted by name; of projects that depend on each other in a circle and on which nothing else depends,
 * all. Projects that do not tell their dependencies lead nowhere.
 */
export function unaskedProjects(projects: ReadonlyMap<string, LockedProject>): readonly LockedProject[] {
  const dependenciesOf = (name: string): readonly string[] => projects.get(name)?.dependencies ?? [];
  const circles = components(projects.keys(), dependenciesOf);
  const circleOf = new Map(circles.flatMap((circle) => circle.map((name) => [name, circle] as const)));
  const asked = new Set<readonly string[]>();
  for (const name of projects.keys()) {
    for (const needed of dependenciesOf(name)) {
      const circle = circleOf.get(needed);
      if (circle !== undefined && circle !== circleOf.get(name)) asked.add(circle);
    }
  }
  const names = circles.filter((circle) => !asked.has(circle)).flat();
  return names.sort(compareText).flatMap((name) => projects.get(name) ?? []);
}

/** One requirement a project, in the order of first appearance: extras of all, and any of their markers, simplified relative to the targets. */
export function mergeRoots(
  roots: readonly Requirement[],
  targets: readonly MarkerEnvironment[],
): readonly Requirement[] {
  const byName = new Map<string, Requirement>();
  for (const root of roots) {
    const marker = simplified(root.marker, targets);
    if (marker === false) continue;
    const before = byName.get(root.name);
    byName.set(root.name, {
      ...root,
      extras: sortedUnique([...root.extras, ...(before?.extras ?? [])]),
      marker: before === undefined ? marker : eitherMarker(before.marker, marker, targets),
    });
  }
  return [...byName.values()];
}

function simplified(marker: Marker | null, targets: readonly MarkerEnvironment[]): Marker | null | false {
  const simple = marker === null ? true : simplifyMarker(marker, targets);
  return simple === true ? null : simple;
}
