import { formatMarker, type Marker, type MarkerEnvironment } from '../../pep/marker.ts';
import { simplifyMarker } from '../../pep/marker-simplify.ts';
import { formatRequirement, type Requirement } from '../../pep/requirement.ts';
import type { TreeEdge, TreeGraph, TreePackage } from '../../report/tree-graph.ts';
import type { Provider, Resolution, ResolvedPackage } from '../../resolve/provider.ts';
import { scopeRequirement } from '../../resolve/scope.ts';

/**
 * A resolution as a graph to be shown. Which extra brings which requirement is asked of the provider again, because the requirements of a resolution hold for all
 * extras of their package together.
 */
export async function resolvedGraph(
  resolution: Resolution,
  {
    roots,
    provider,
    targets,
  }: {
    readonly roots: readonly Requirement[];
    readonly provider: Provider;
    readonly targets: readonly MarkerEnvironment[];
  },
): Promise<TreeGraph> {
  const isThere = inResolution(resolution);
  const joined = (edges: readonly ScopedEdge[]) => withConditions(edges, targets);
  const packages = await Promise.all(
    [...resolution.packages.values()].map(async (found): Promise<[string, TreePackage]> => {
      const requirements = await provider.requirements(found.name, found.version);
      const edges = requirements.flatMap((requirement) => edgesOf(requirement, { extras: found.extras, targets }));
      const { name, version, extras, yanked } = found;
      return [name, { name, version: version.text, extras, yanked, edges: joined(edges).filter(isThere) }];
    }),
  );
  return {
    roots: roots.flatMap((root) => joined(edgesOf(root, { extras: [], targets }))).filter(isThere),
    packages: new Map(packages),
  };
}

/** A requirement, scoped to the targets, and the extra that alone brings it. */
interface ScopedEdge {
  readonly requirement: Requirement;
  readonly extra: string | null;
}

/** Edges of one package, with the condition under which one of them that needs the same by the same extra holds. */
function withConditions(edges: readonly ScopedEdge[], targets: readonly MarkerEnvironment[]): TreeEdge[] {
  return edges.map(({ requirement, extra }) => {
    const { name, extras } = requirement;
    const same = edges.filter(
      (other) =>
        other.extra === extra && other.requirement.name === name && other.requirement.extras.join() === extras.join(),
    );
    return {
      name,
      extras,
      requirement: formatRequirement({ ...requirement, spelled: name, marker: null }),
      marker: markerText(requirement),
      condition: eitherOf(
        same.map((other) => other.requirement.marker),
        targets,
      ),
      extra,
    };
  });
}

function eitherOf(markers: readonly (Marker | null)[], targets: readonly MarkerEnvironment[]): string | null {
  const operands = markers.filter((marker) => marker !== null);
  const [only, ...others] = operands;
  if (only === undefined || operands.length < markers.length) return null;
  const either = others.length === 0 ? only : simplifyMarker({ kind: 'or', operands }, targets);
  return typeof either === 'boolean' ? null : formatMarker(either);
}

/** What a requirement demands on some target without extras, and with each of the extras alone where that is more. */
function edgesOf(
  requirement: Requirement,
  { extras, targets }: { readonly extras: ResolvedPackage['extras']; readonly targets: readonly MarkerEnvironment[] },
): ScopedEdge[] {
  const always = scopeRequirement(requirement, targets, []);
  if (always !== null && always.marker === null) return [{ requirement: always, extra: null }];
  const withExtras = extras.flatMap((extra) => {
    const scoped = scopeRequirement(requirement, targets, [extra]);
    if (scoped === null) return [];
    return always !== null && markerText(scoped) === markerText(always) ? [] : [{ requirement: scoped, extra }];
  });
  return always === null ? withExtras : [{ requirement: always, extra: null }, ...withExtras];
}

function markerText({ marker }: Requirement): string | null {
  return marker === null ? null : formatMarker(marker);
}

function inResolution({ packages }: Resolution): (edge: { readonly name: string }) => boolean {
  return ({ name }) => packages.has(name);
}
