import type { Marker, MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { Resolution } from '../resolve/provider.ts';
import { type ReachEdge, reachMarkers } from './reach.ts';

export interface PackageGraph {
  readonly resolution: Resolution;
  readonly requested: readonly Requirement[];
  /** At least one. */
  readonly targets: readonly MarkerEnvironment[];
  /**
   * The requirements that the releases declare, by name, with their `extra == "..."` markers. With them an extra that is asked for on some
   * targets brings its requirements on these only; without, those of the resolution count wherever the package is used.
   */
  readonly declared?: ReadonlyMap<string, readonly Requirement[]>;
}

/**
 * The condition under which each package of a resolution is used, by name and in the order of the resolution: null where it is used on all
 * targets. It says the same as the requirements on every target, for extras too, and is simplified relative to the targets.
 */
export function packageMarkers(graph: PackageGraph): ReadonlyMap<string, Marker | null> {
  const { resolution, requested, targets } = graph;
  const isLocked = ({ name }: Requirement): boolean => resolution.packages.has(name);
  const roots = requested.filter(isLocked).flatMap((requirement) => edgesTo(requirement, requirement.marker));
  const reached = reachMarkers(roots, (node) => edgesFrom(node, graph), targets);
  // A package that nothing leads to stays without condition: rather too much than too little.
  return new Map([...resolution.packages.keys()].map((name) => [name, reached.get(name)?.marker ?? null]));
}

// A node is a project, `name`, or an extra of it, `name[extra]`.
function edgesFrom(node: string, { resolution, targets, declared }: PackageGraph): readonly ReachEdge<string>[] {
  const open = node.indexOf('[');
  const name = open < 0 ? node : node.slice(0, open);
  const extra = open < 0 ? '' : node.slice(open + 1, -1);
  const own = declared?.get(name);
  const scope = targets.map((target) => ({ ...target, extra }));
  const requirements = own ?? (open < 0 ? (resolution.packages.get(name)?.requirements ?? []) : []);
  const edges = requirements
    .filter((requirement) => resolution.packages.has(requirement.name))
    .flatMap((requirement) => {
      const marker = requirement.marker === null ? true : simplifyMarker(requirement.marker, scope);
      return marker === false ? [] : edgesTo(requirement, marker === true ? null : marker);
    });
  return open < 0 ? edges : [{ to: name, marker: null }, ...edges];
}

function edgesTo({ name, extras }: Requirement, marker: Marker | null): ReachEdge<string>[] {
  return [{ to: name, marker }, ...extras.map((extra) => ({ to: `${name}[${extra}]`, marker }))];
}
