import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components } from '../../src/base/graph.ts';

function componentsOf(edges: Record<string, string[]>): string[][] {
  return components(Object.keys(edges), (node) => edges[node] ?? []);
}

describe('strongly connected components', () => {
  it('come after all that they lead to', () => {
    expect(componentsOf({ a: ['b'], b: ['c'], c: [] })).toEqual([['c'], ['b'], ['a']]);
  });

  it('hold what leads to each other', () => {
    expect(componentsOf({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] }).map((found) => found.toSorted())).toEqual([
      ['a', 'b', 'c'],
      ['d'],
    ]);
  });

  it('pass over what is no node', () => {
    expect(componentsOf({ a: ['elsewhere'] })).toEqual([['a']]);
  });

  it('do not overflow the stack on a long chain', () => {
    const length = 100_000;
    const found = components(
      Array.from({ length }, (_, index) => index),
      (node) => [node + 1],
    );
    expect(found).toHaveLength(length);
  });

  it('are the classes of mutual reachability, whatever the graph', () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 7 }), { maxLength: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(graphs, (edges) => {
        const nodes = edges.map((_, index) => index);
        const successors = (node: number): number[] => (edges[node] ?? []).filter((next) => next < nodes.length);
        const reaches = (from: number): Set<number> => {
          const seen = new Set([from]);
          for (const node of seen) for (const next of successors(node)) seen.add(next);
          return seen;
        };
        const found = components(nodes, successors);
        expect(found.flat().toSorted((a, b) => a - b)).toEqual(nodes);
        for (const component of found) {
          for (const a of component) {
            const mutual = nodes.filter((b) => reaches(a).has(b) && reaches(b).has(a));
            expect(component.toSorted((x, y) => x - y)).toEqual(mutual);
          }
        }
      }),
    );
  });
});
