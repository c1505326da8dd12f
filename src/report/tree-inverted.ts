import { compareText, oneLine, sortedUnique } from '../base/text.ts';
import {
  closedExtras,
  linkCondition,
  linksOf,
  packageLabel,
  type TreeEdge,
  type TreeGraph,
  type TreeLink,
  type TreePackage,
} from './tree-graph.ts';
import { branches, legendOf, type TreeMark } from './tree-text.ts';

/** One line of the inverted tree: a package, the extra that makes it need what stands above, and how it needs it. */
interface Dependent {
  readonly found: TreePackage;
  /** Null: it needs it without extras. */
  readonly extra: string | null;
  readonly link: TreeLink | null;
}

/**
 * Who needs a package, as a text tree whose root it is: below each package those that require it, with the requirement, up to what was asked for, which is marked
 * `(requested)`. Marks and `depth` are as in `treeText`. The package (PEP 503 name) must be in the graph. Ends with a line break.
 */
export function invertedTreeText(
  graph: TreeGraph,
  { name, depth }: { readonly name: string; readonly depth: number | null },
): string {
  const start = graph.packages.get(name);
  if (start === undefined) throw new Error(`${name} is not in the graph`);
  const lines: string[] = [];
  const marks = new Set<TreeMark>();
  const shown = new Map<string, number>();
  show({ found: start, extra: null, link: null }, { above: [], level: 0, lead: '', rest: '' });
  return [...lines, ...legendOf(marks)].map((line) => `${line}\n`).join('');

  function show(
    dependent: Dependent,
    place: { above: readonly string[]; level: number; lead: string; rest: string },
  ): void {
    const { found, extra, link } = dependent;
    const key = `${found.name} ${extra ?? ''}`;
    const needed = dependentsOf(dependent, graph);
    const mark = needed.length === 0 ? null : markOf(key, place);
    if (mark !== null) marks.add(mark);
    const label = packageLabel(found, extra === null ? (link === null ? found.extras : []) : [extra]);
    const requires =
      link === null ? '' : ` [requires ${link.requirements.join(', ')}]${linkCondition({ ...link, by: [] })}`;
    const requested = isRequested(dependent, graph) ? ' (requested)' : '';
    lines.push(`${place.lead}${oneLine(`${label}${requires}${requested}`)}${mark === null ? '' : ` ${mark}`}`);
    if (mark !== null) return;
    shown.set(key, place.level);
    for (const { item, lead, rest } of branches(needed, place.rest))
      show(item, { above: [...place.above, key], level: place.level + 1, lead, rest });
  }

  function markOf(key: string, { above, level }: { above: readonly string[]; level: number }): TreeMark | null {
    if (above.includes(key)) return '(cycle)';
    const before = shown.get(key);
    if (before !== undefined && (depth === null || before <= level)) return '(*)';
    return depth !== null && level >= depth ? '…' : null;
  }
}

/** The packages that need this one (with its extra, where one is named), each extra of them that does so by itself. */
function dependentsOf(subject: Dependent, graph: TreeGraph): Dependent[] {
  const dependents: Dependent[] = [];
  for (const found of [...graph.packages.values()].sort((a, b) => compareText(a.name, b.name))) {
    if (found.name === subject.found.name) continue;
    const edges = found.edges.filter((edge) => leadsTo(edge, subject));
    for (const extra of [null, ...sortedUnique(edges.flatMap((edge) => (edge.extra === null ? [] : [edge.extra])))]) {
      const [link] = mergedLinks(edges.filter((edge) => edge.extra === extra));
      if (link !== undefined) dependents.push({ found, extra, link });
    }
  }
  return dependents;
}

function leadsTo(edge: TreeEdge, { found, extra }: Dependent): boolean {
  return edge.name === found.name && (extra === null || closedExtras(edge.extras, found).includes(extra));
}

/** Links with different extras of the same package are one line here: what counts is that the package is needed. */
function mergedLinks(edges: readonly TreeEdge[]): TreeLink[] {
  return linksOf(edges.map((edge) => ({ ...edge, extras: [] })));
}

function isRequested(subject: Dependent, graph: TreeGraph): boolean {
  return graph.roots.some((root) => leadsTo(root, subject));
}
