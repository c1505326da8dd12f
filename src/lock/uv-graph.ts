import { evaluateMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import { withActiveExtras } from './extra-marker.ts';
import type { ReachEdge } from './reach.ts';
import type { UvDocument, UvLink, UvPackage } from './uv-document.ts';

/** A uv.lock with what is wanted of it. */
export interface UvGraph {
  readonly document: UvDocument;
  /** Extras and groups of the members. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  readonly targets: readonly MarkerEnvironment[];
}

/** What the members, or the script, ask for with the extras and groups that are wanted; markers that can hold on some target, without what they say of extras and groups. */
export function rootLinks(graph: UvGraph): readonly UvLink[] {
  const { document, extras, groups } = graph;
  const members = new Set(document.members.map(({ name }) => name));
  const links = [
    ...document.requirements,
    ...groups.flatMap((group) => document.groups.get(normalizeName(group)) ?? []),
    ...document.members.flatMap((member) => [
      ...member.dependencies,
      ...extras.flatMap((extra) => member.extras.get(normalizeName(extra)) ?? []),
      ...groups.flatMap((group) => member.groups.get(normalizeName(group)) ?? []),
    ]),
  ];
  // A virtual member is no package, and what it asks for is asked for anyway.
  const isVirtual = ({ name }: UvLink): boolean =>
    members.has(name) &&
    document.members.some((member) => member.name === name && member.source.startsWith('virtual '));
  return links.flatMap((link) => {
    if (isVirtual(link) || nodeEdges(link, graph).length === 0) return [];
    const marker = link.marker === null ? true : withActiveExtras(link.marker, activeNames(graph));
    return [{ ...link, marker: typeof marker === 'boolean' ? null : marker }];
  });
}

/** The edges that a dependency stands for: to its package, and to each extra that it asks for. None where its marker holds on no target. */
export function nodeEdges(link: UvLink, graph: UvGraph): readonly ReachEdge<string>[] {
  const marker = link.marker === null ? true : withActiveExtras(link.marker, activeNames(graph));
  if (marker === false) return [];
  const candidates = (graph.document.byName.get(link.name) ?? []).filter((entry) => isMeant(entry, link));
  return candidates.flatMap((entry) => {
    const whole = both(marker === true ? null : marker, candidates.length > 1 ? forkMarker(entry) : null);
    if (whole !== null && !graph.targets.some((target) => evaluateMarker(whole, target))) return [];
    return ['', ...link.extras].map((extra) => ({ to: `${entry.index},${extra}`, marker: whole }));
  });
}

function isMeant({ version, source }: UvPackage, link: UvLink): boolean {
  return (link.version === null || link.version === version) && (link.source === null || link.source === source);
}

// A dependency that names neither version nor source means the package of its own fork.
function forkMarker({ forks }: UvPackage): Marker | null {
  const [only, ...others] = forks;
  if (only === undefined) return null;
  return others.length === 0 ? only : { kind: 'or', operands: forks };
}

function both(a: Marker | null, b: Marker | null): Marker | null {
  return a === null || b === null ? (a ?? b) : { kind: 'and', operands: [a, b] };
}

// Where extras or groups exclude each other, markers speak of them as extra-LENGTH-PROJECT-NAME and group-LENGTH-PROJECT-NAME.
function activeNames({ document, extras, groups }: UvGraph): ReadonlySet<string> {
  const names = document.members.flatMap(({ name }) => {
    const own = `${name.length}-${name}`;
    return [
      `project-${own}`,
      ...extras.map((extra) => `extra-${own}-${normalizeName(extra)}`),
      ...groups.map((group) => `group-${own}-${normalizeName(group)}`),
    ];
  });
  return new Set(names);
}
