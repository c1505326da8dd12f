import { compareText } from '../base/text.ts';
import type { NeedGraph } from './need-graph.ts';
import { askedNeeds, extraNode, type Implied, memberNeeds, type Need, wayText } from './needs.ts';
import { INPUT_LISTS, type Input, type Omission, type PackageFacts } from './package-facts.ts';

/**
 * The packages without the extras that lead back: where A asks for B[x] and what belongs to x needs A, A is left with B alone. Of extras that ask for extras the
 * innermost is left out, which costs the least. Each is an omission and a note with its requirement lines. `graph` holds what is needed without extras, is free of
 * cycles, and gets the needs that stay.
 */
export function withoutExtraCycles(
  packages: readonly PackageFacts[],
  { graph, implied }: { readonly graph: NeedGraph; readonly implied: Implied },
): readonly PackageFacts[] {
  for (const facts of packages) graph.add(memberNeeds(facts));
  const asked = packages.flatMap((facts) => askedNeeds(facts, implied)).sort(byDepthThenName);
  const cut = new Map<string, readonly Need[]>();
  for (const need of asked) {
    const way = need.from === need.to ? [] : graph.wayBetween(need.to, need.from);
    if (way === null) graph.add([need]);
    else cut.set(keyOf(need.from, need.to), way);
  }
  return cut.size === 0 ? packages : packages.map((facts) => withoutExtras(facts, cut));
}

/** Packages before extras: what a package asks for is there when it turns out which extra within it leads back. */
function byDepthThenName(a: Need, b: Need): number {
  const depth = (need: Need): number => (need.list === 'optional-dependencies' ? 1 : 0);
  return depth(a) - depth(b) || compareText(a.from, b.from) || compareText(a.to, b.to);
}

function keyOf(from: string, to: string): string {
  return `${from} ${to}`;
}

function withoutExtras(facts: PackageFacts, cut: ReadonlyMap<string, readonly Need[]>): PackageFacts {
  const omissions: Omission[] = [];
  const told = new Map<string, string>();
  const without = (
    inputs: readonly Input[],
    { from, list }: { readonly from: string; readonly list: Omission['list'] },
  ): readonly Input[] =>
    inputs.map((input) => {
      if (input.kind !== 'python') return input;
      const kept = input.extras.filter((extra) => {
        const way = cut.get(keyOf(from, extraNode(input.name, extra)));
        if (way === undefined) return true;
        const name = `the extra ${extra} of ${input.name}`;
        omissions.push({ list, name, reason: `it leads back: ${wayText(way, { lines: false })}` });
        const where = list === 'optional-dependencies' ? ` of ${from}` : '';
        told.set(
          `${from} ${input.name} ${extra}`,
          `${name} is left out of ${list}${where}, since it leads back: ${wayText(way, { lines: true })}`,
        );
        return false;
      });
      return kept.length === input.extras.length ? input : { ...input, extras: kept };
    });

  const inputs = Object.fromEntries(
    INPUT_LISTS.map((list) => [
      list,
      // What tests ask for is cut with the tests.
      list === 'nativeCheckInputs' ? facts.inputs[list] : without(facts.inputs[list], { from: facts.name, list }),
    ]),
  );
  const optionalDependencies = Object.fromEntries(
    Object.entries(facts.optionalDependencies).map(([extra, members]) => [
      extra,
      without(members, { from: extraNode(facts.name, extra), list: 'optional-dependencies' }),
    ]),
  );
  if (omissions.length === 0) return facts;
  return {
    ...facts,
    inputs: { ...facts.inputs, ...inputs },
    optionalDependencies,
    omissions: [...facts.omissions, ...omissions],
    notes: [
      ...facts.notes,
      ...[...told.values()].map((text) => ({ kind: 'omitted', text, project: facts.name }) as const),
    ],
  };
}
