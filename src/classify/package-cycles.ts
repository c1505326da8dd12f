import { compareText } from '../base/text.ts';
import type { UserError } from '../base/user-error.ts';
import { withoutCheckCycles } from './check-cycles.ts';
import { withoutExtraCycles } from './extra-cycles.ts';
import { type NeedGraph, needGraph } from './need-graph.ts';
import { askedNeeds, checkNeeds, type Implied, memberNeeds, type Need, plainNeeds } from './needs.ts';
import type { PackageFacts } from './package-facts.ts';
import { requiredCycles } from './required-cycles.ts';

export interface PackageCyclesOptions {
  readonly implied: Implied;
  /** PEP 503 names that the user asked for: a cycle is told from them on. */
  readonly direct: ReadonlySet<string>;
  /**
   * What is known for certain that a package of the set needs (PEP 503 names). A generated package takes the place of the set's own, so that this can lead
   * back to it; none where the set stays as it is.
   */
  readonly certainNeedsOf: (project: string) => readonly string[];
  /** What a package of the set may need, asked for as far as tests lead there: leaving a check input out is safe, and recursing for ever is not. */
  readonly possibleNeedsOf: (project: string) => Promise<readonly string[]>;
  /** Whether the release has a place for tests that the build does not run (`passthru.tests`). */
  readonly testsElsewhere: boolean;
}

/** The packages without what can be left out of cycles, and an error for each cycle that is left. */
export interface PackagesWithoutCycles {
  readonly packages: readonly PackageFacts[];
  /** E_CYCLE, with the requirements that make the cycle. */
  readonly errors: readonly UserError[];
}

/**
 * Takes the cycles out of what is needed to build, to run and to test packages, directly or through the package set, on which Nix would recurse for ever.
 * Check inputs go first, then extras that packages ask of each other. A cycle of plain requirements is an error. So the plain requirements are looked at first,
 * then the extras among them, and at last the tests, each with what stays of the former; nothing is left out that is in no cycle. The result does not
 * depend on the order of the packages.
 */
export async function withoutPackageCycles(
  packages: readonly PackageFacts[],
  options: PackageCyclesOptions,
): Promise<PackagesWithoutCycles> {
  const { implied, direct } = options;
  const sorted = [...packages].sort((a, b) => compareText(a.name, b.name));
  const generated = new Set(sorted.map(({ name }) => name));
  const plain = sorted.flatMap((facts) => plainNeeds(facts, implied));
  const members = sorted.flatMap(memberNeeds);
  const known = [...plain, ...certainNeeds([...plain, ...members], { generated, needsOf: options.certainNeedsOf })];
  const errors = requiredCycles(known, { direct, generated });
  if (errors.length > 0) return { packages, errors };

  const graph = needGraph(known);
  const withExtras = withoutExtraCycles(sorted, { graph, implied });
  await addPossibleNeeds(graph, { packages: withExtras, generated, options });
  const byName = new Map(
    withoutCheckCycles(withExtras, { graph, direct, elsewhere: options.testsElsewhere }).map((facts) => [
      facts.name,
      facts,
    ]),
  );
  return { packages: packages.map((facts) => byName.get(facts.name) ?? facts), errors: [] };
}

function certainNeeds(
  from: readonly Need[],
  {
    generated,
    needsOf,
  }: { readonly generated: ReadonlySet<string>; readonly needsOf: (project: string) => readonly string[] },
): Need[] {
  const reached = new Set(from.flatMap(({ to }) => (isSupplied(to, generated) ? [to] : [])));
  const needs: Need[] = [];
  for (const project of reached) {
    for (const to of needsOf(project)) {
      needs.push(setNeed(project, to));
      if (isSupplied(to, generated)) reached.add(to);
    }
  }
  return needs;
}

/** From the check inputs on, a whole level asked for at once, so that a deep closure costs as many rounds as it is deep. */
async function addPossibleNeeds(
  graph: NeedGraph,
  context: {
    readonly packages: readonly PackageFacts[];
    readonly generated: ReadonlySet<string>;
    readonly options: PackageCyclesOptions;
  },
): Promise<void> {
  const { packages, generated, options } = context;
  const ofGenerated = needGraph(
    packages.flatMap((facts) => [
      ...plainNeeds(facts, options.implied),
      ...askedNeeds(facts, options.implied),
      ...memberNeeds(facts),
      ...checkNeeds(facts),
    ]),
  );
  const reached = new Set<string>();
  let level = packages.flatMap((facts) => checkNeeds(facts).map(({ to }) => to));
  while (level.length > 0) {
    const fresh = [...new Set(level)].filter((node) => !reached.has(node)).sort(compareText);
    for (const node of fresh) reached.add(node);
    const found = await Promise.all(
      fresh.map(async (node): Promise<readonly Need[]> => {
        if (!isSupplied(node, generated)) return ofGenerated.needsOf(node);
        const needs = (await options.possibleNeedsOf(node)).map((to) => setNeed(node, to));
        graph.add(needs);
        return needs;
      }),
    );
    level = found.flatMap((needs) => needs.map(({ to }) => to));
  }
}

/** Whether it is a project, not an extra, that comes from the package set. */
function isSupplied(node: string, generated: ReadonlySet<string>): boolean {
  return !node.includes('[') && !generated.has(node);
}

function setNeed(from: string, to: string): Need {
  return { from, to, list: null, input: null };
}
