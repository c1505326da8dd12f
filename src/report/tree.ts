import { oneLine } from '../base/text.ts';
import { closedExtras, linkCondition, linksOf, packageLabel, type TreeGraph, type TreeLink } from './tree-graph.ts';
import { branches, legendOf, type TreeMark } from './tree-text.ts';

/**
 * What every root needs, as a text tree: one line a package with version, extras, and the marker or extra under which it is needed. A subtree is shown once:
 * where it comes again its line ends in `(*)`; where it would lead back to a package above it, in `(cycle)`. `depth`: levels below the roots, null for all; a
 * line whose subtree is cut ends in `…`. Ends with a line break.
 */
export function treeText(graph: TreeGraph, { depth }: { readonly depth: number | null }): string {
  const lines: string[] = [];
  const marks = new Set<TreeMark>();
  /** By package with extras the level at which its subtree was shown: deeper ones may have been cut earlier. */
  const shown = new Map<string, number>();

  // Roots keep the order of the user; what is named twice in the same way is shown once.
  const roots = new Map(graph.roots.flatMap((root) => linksOf([root])).map((link) => [rootKey(link), link]));
  for (const root of roots.values()) show(root, { above: [], level: 0, lead: '', rest: '' });
  return [...lines, ...legendOf(marks)].map((line) => `${line}\n`).join('');

  function show(
    link: TreeLink,
    place: { above: readonly TreeLink[]; level: number; lead: string; rest: string },
  ): void {
    const found = graph.packages.get(link.name);
    if (found === undefined) throw new Error(`${link.name} is needed and has no version`);
    const extras = closedExtras(link.extras, found);
    const needs = linksOf(
      found.edges.filter(({ name, extra }) => name !== found.name && (extra === null || extras.includes(extra))),
    );
    const key = packageLabel(found, extras);
    const mark = needs.length === 0 ? null : markOf(link, { key, above: place.above, level: place.level });
    if (mark !== null) marks.add(mark);
    const suffix = mark === null ? '' : ` ${mark}`;
    const yanked = found.yanked === null ? '' : ' (yanked)';
    const address = link.requirements.find((text) => text.includes(' @ '))?.replace(/^.*? @ /u, ' @ ') ?? '';
    lines.push(
      `${place.lead}${oneLine(`${packageLabel(found, link.extras)}${address}${yanked}${linkCondition(link)}`)}${suffix}`,
    );
    if (mark !== null) return;
    shown.set(key, place.level);
    for (const { item, lead, rest } of branches(needs, place.rest))
      show(item, { above: [...place.above, link], level: place.level + 1, lead, rest });
  }

  function markOf(
    link: TreeLink,
    { key, above, level }: { key: string; above: readonly TreeLink[]; level: number },
  ): TreeMark | null {
    const isAbove = above.some(
      ({ name, extras }) => name === link.name && link.extras.every((extra) => extras.includes(extra)),
    );
    if (isAbove) return '(cycle)';
    const before = shown.get(key);
    if (before !== undefined && (depth === null || before <= level)) return '(*)';
    return depth !== null && level >= depth ? '…' : null;
  }
}

function rootKey(link: TreeLink): string {
  return JSON.stringify([link.name, link.extras, link.markers]);
}
