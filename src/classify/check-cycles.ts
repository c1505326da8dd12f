import { compareText } from '../base/text.ts';
import type { NeedGraph } from './need-graph.ts';
import { checkNeeds, type Need, wayText } from './needs.ts';
import type { PackageFacts } from './package-facts.ts';

export interface CheckCyclesOptions {
  /** All that is needed to build and to run, extras and packages of the set too, free of cycles. It gets the check inputs that stay. */
  readonly graph: NeedGraph;
  /** PEP 503 names that the user asked for: their tests are kept before those of what they need. */
  readonly direct: ReadonlySet<string>;
  /** Whether the release has a place for tests that the build does not run (`passthru.tests`). */
  readonly elsewhere: boolean;
}

/**
 * The packages without tests that would make Nix recurse for ever: those with a check input from which build, run-time or kept check inputs lead back to the package.
 * Such tests are run by `passthru.tests` where the release has that, else not at all; a note gives the way back with its requirement lines. What was asked for
 * is looked at first, then the others, each in the order of their names, and the check inputs of one that keeps its tests count for those after it.
 */
export function withoutCheckCycles(
  packages: readonly PackageFacts[],
  { graph, direct, elsewhere }: CheckCyclesOptions,
): readonly PackageFacts[] {
  const stopped = new Map<string, readonly Need[]>();
  const rank = ({ name }: PackageFacts): number => (direct.has(name) ? 0 : 1);
  for (const facts of [...packages].sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name))) {
    const needs = checkNeeds(facts);
    const back = shortestBack(needs, { name: facts.name, graph });
    if (back === null) graph.add(needs);
    else stopped.set(facts.name, back);
  }
  return packages.map((facts) => {
    const way = stopped.get(facts.name);
    return way === undefined ? facts : withStoppedTests(facts, { way, elsewhere });
  });
}

/** The shortest way from a check input to the package itself; empty where the package is its own check input, null without one. */
function shortestBack(
  needs: readonly Need[],
  { name, graph }: { readonly name: string; readonly graph: NeedGraph },
): readonly Need[] | null {
  const ways = needs.flatMap((need) => {
    if (need.to === name) return [[]];
    const way = graph.wayBetween(need.to, name);
    return way === null ? [] : [way];
  });
  const [shortest] = ways.sort(
    (a, b) => a.length - b.length || compareText(wayText(a, { lines: false }), wayText(b, { lines: false })),
  );
  return shortest ?? null;
}

function withStoppedTests(
  facts: PackageFacts,
  { way, elsewhere }: { readonly way: readonly Need[]; readonly elsewhere: boolean },
): PackageFacts {
  const textOf = (lines: boolean): string =>
    way.length === 0 ? `the tests need ${facts.name} itself` : wayText(way, { lines });
  const [inputs, check] = elsewhere
    ? [facts.inputs, { ...facts.check, enabled: false, reason: textOf(false), elsewhere } as const]
    : [
        { ...facts.inputs, nativeCheckInputs: [] },
        { runner: null, enabled: false, reason: textOf(false) },
      ];
  const where = elsewhere ? 'its tests run in passthru.tests only' : 'its tests do not run';
  return {
    ...facts,
    inputs,
    check,
    notes: [...facts.notes, { kind: 'omitted', text: `${where}: ${textOf(true)}`, project: facts.name }],
  };
}
