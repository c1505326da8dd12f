import type { MarkerEnvironment } from '../pep/marker.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { SpecifierSet } from '../pep/specifier.ts';
import { rangeOfSpecifiers, type VersionRange } from '../pep/version-range.ts';
import { isPin } from './candidates.ts';
import type { Package, PackageTable } from './package.ts';
import { holdsSomewhere, ignoresExtra } from './scope.ts';

/** One package that a version of another package, or the request, needs. */
export interface Edge {
  readonly target: Package;
  readonly range: VersionRange;
  readonly requirement: Requirement;
}

export interface EdgeOptions {
  readonly packages: PackageTable;
  readonly targets: readonly MarkerEnvironment[];
  /** Whether the project comes from the package set, so that the requirement is a leaf. */
  readonly isSupplied: (name: string) => boolean;
  readonly rangeOf: (specifiers: SpecifierSet) => VersionRange;
}

/**
 * What `subject` needs, given the requirements of its release in their order. A project needs what holds without extras,
 * an extra what only holds with it. `celery[redis]>=5` is an edge to `celery` and one to `celery[redis]`
 * (docs/resolver.md, "Extras").
 */
export function edgesOf(subject: Package, requirements: readonly Requirement[], options: EdgeOptions): Edge[] {
  const { packages, targets } = options;
  const edges: Edge[] = [];
  for (const requirement of requirements) {
    const { marker, name } = requirement;
    if (!holdsSomewhere(marker, targets, subject.extra)) continue;
    if (subject.kind === 'extra' && ignoresExtra(marker, targets, subject.extra)) continue;
    if (options.isSupplied(name)) continue;
    const range = options.rangeOf(requirement.specifier);
    edges.push({ target: packages.project(name), range, requirement });
    for (const extra of requirement.extras) {
      edges.push({ target: packages.extra(name, extra), range, requirement });
    }
  }
  return edges;
}

/** Whether a requirement leaves just one version, so that its project is better decided early. */
export function isExact({ specifier }: Requirement): boolean {
  return specifier.some(isPin);
}

/** `rangeOfSpecifiers` that remembers: releases of a project repeat the same few specifiers. */
export function createRangeCache(): (specifiers: SpecifierSet) => VersionRange {
  const known = new Map<string, VersionRange>();
  return (specifiers) => {
    const key = specifiers.map(({ operator, version }) => operator + version).join(',');
    const range = known.get(key) ?? rangeOfSpecifiers(specifiers);
    known.set(key, range);
    return range;
  };
}
