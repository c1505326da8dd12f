import { compareText, sortedUnique } from '../base/text.ts';

/** A resolution as a graph to be shown: texts are ready to be printed but for control characters. */
export interface TreeGraph {
  /** What was asked for, in the order of the user. */
  readonly roots: readonly TreeEdge[];
  /** By PEP 503 name. */
  readonly packages: ReadonlyMap<string, TreePackage>;
}

export interface TreePackage {
  readonly name: string;
  readonly version: string;
  /** Extras that somebody asks for, sorted. */
  readonly extras: readonly string[];
  readonly edges: readonly TreeEdge[];
  /** The reason (may be empty) when the release is yanked. */
  readonly yanked: string | null;
}

/** One requirement that holds on some target. */
export interface TreeEdge {
  /** PEP 503 name of what is needed. */
  readonly name: string;
  /** Extras of what is needed, sorted. */
  readonly extras: readonly string[];
  /** The requirement without its marker, for example `redis>=4.5.2`. */
  readonly requirement: string;
  /** Relative to the targets; null: on all of them. */
  readonly marker: string | null;
  /** The marker under which this or another requirement of the package and the same extra needs the same; null: on all targets. */
  readonly condition: string | null;
  /** The extra of the package that needs it which alone brings it; null: it is needed without extras. */
  readonly extra: string | null;
}

/** Several requirements of one package on the same thing, as one line shows them. */
export interface TreeLink {
  readonly name: string;
  readonly extras: readonly string[];
  readonly requirements: readonly string[];
  /** Conditions of which one has to hold; empty: always. */
  readonly markers: readonly string[];
  /** Extras of which one brings it; empty: it is needed without extras. */
  readonly by: readonly string[];
}

/** The extras themselves and those that they bring of the same package (`all` that asks for `name[a,b]`), sorted. */
export function closedExtras(extras: readonly string[], { name, edges }: TreePackage): readonly string[] {
  const own = edges.filter((edge) => edge.name === name);
  const closed = new Set(extras);
  for (const extra of closed)
    for (const edge of own)
      if (edge.extra === extra || edge.extra === null) for (const each of edge.extras) closed.add(each);
  return sortedUnique(closed);
}

/** Edges on other packages as links, sorted by name and extras. */
export function linksOf(edges: readonly TreeEdge[]): TreeLink[] {
  const groups = new Map<string, TreeEdge[]>();
  for (const edge of edges) {
    const key = `${edge.name} ${edge.extras.join(',')} ${edge.extra === null ? '' : 'extra'}`;
    groups.set(key, [...(groups.get(key) ?? []), edge]);
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const conditions = group.flatMap(({ condition }) => (condition === null ? [] : [condition]));
      return [
        {
          name: first.name,
          extras: first.extras,
          requirements: sortedUnique(group.map(({ requirement }) => requirement)),
          markers: conditions.length < group.length ? [] : sortedUnique(conditions),
          by: sortedUnique(group.flatMap(({ extra }) => (extra === null ? [] : [extra]))),
        },
      ];
    });
}

/** `celery[redis] 5.4.0`. */
export function packageLabel({ name, version }: TreePackage, extras: readonly string[]): string {
  return `${name}${extras.length === 0 ? '' : `[${extras.join(',')}]`} ${version}`;
}

/** What stands behind a package: the extra that brings it, and the condition. */
export function linkCondition({ markers, by }: TreeLink): string {
  const extra = by.length === 0 ? '' : ` (extra: ${by.join(', ')})`;
  // `and` binds more tightly than `or`, so markers can be joined as they are.
  return `${extra}${markers.length === 0 ? '' : ` ; ${markers.join(' or ')}`}`;
}
