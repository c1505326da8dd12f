import { components } from '../base/graph.ts';
import { compareText } from '../base/text.ts';
import type { Need } from './needs.ts';

/** What leads to what. Grows only; needs that are added twice count once. */
export interface NeedGraph {
  add(needs: Iterable<Need>): void;
  /** The needs of a node, in order of what they lead to. */
  needsOf(node: string): readonly Need[];
  /** The shortest way from a node to another, of two alike that with the earlier names; null without one. From a node to itself it is a cycle. */
  wayBetween(from: string, to: string): readonly Need[] | null;
  /** The nodes that lead back to themselves, together with those that they lead to and back, each set sorted; sets in order of their first names. */
  cycles(): readonly (readonly string[])[];
}

/** A graph of these needs. */
export function needGraph(needs: Iterable<Need> = []): NeedGraph {
  const byNode = new Map<string, Need[]>();
  const needsOf = (node: string): readonly Need[] => byNode.get(node) ?? [];

  function add(more: Iterable<Need>): void {
    const changed = new Set<Need[]>();
    for (const need of more) {
      const known = byNode.get(need.from) ?? [];
      byNode.set(need.from, known);
      known.push(need);
      changed.add(known);
    }
    for (const known of changed) known.sort((a, b) => compareText(a.to, b.to));
  }

  function cycles(): readonly (readonly string[])[] {
    const targetsOf = (node: string): string[] => needsOf(node).map(({ to }) => to);
    return components(byNode.keys(), targetsOf)
      .filter(([first = '', ...others]) => others.length > 0 || targetsOf(first).includes(first))
      .map((members) => members.sort(compareText))
      .sort(([a = ''], [b = '']) => compareText(a, b));
  }

  add(needs);
  return { add, needsOf, wayBetween: (from, to) => shortestWay(from, to, needsOf), cycles };
}

/** Breadth first. */
function shortestWay(from: string, to: string, needsOf: (node: string) => readonly Need[]): readonly Need[] | null {
  const cameBy = new Map<string, Need>();
  const queue = [from];
  for (const node of queue) {
    for (const need of needsOf(node)) {
      if (cameBy.has(need.to)) continue;
      cameBy.set(need.to, need);
      if (need.to === to) return wayTo(need, { from, cameBy });
      if (need.to !== from) queue.push(need.to);
    }
  }
  return null;
}

function wayTo(
  last: Need,
  { from, cameBy }: { readonly from: string; readonly cameBy: ReadonlyMap<string, Need> },
): readonly Need[] {
  const way = [last];
  for (let need = last; need.from !== from; ) {
    const before = cameBy.get(need.from);
    if (before === undefined) throw new Error(`nothing leads to ${need.from}`);
    way.unshift(before);
    need = before;
  }
  return way;
}
