import { countOf, joinWords } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { Version } from '../pep/version.ts';
import { decide, type Parts } from './decide.ts';
import { createPackageTable, type Package } from './package.ts';
import { createPriorities } from './priorities.ts';
import { createSearch, type Proof } from './search.ts';
import type { Speculation } from './speculation.ts';
import type { World } from './world.ts';

/** The versions that were chosen, by package, or the proof that there are none. */
export type Solution =
  | { readonly kind: 'solved'; readonly decisions: ReadonlyMap<Package, Version> }
  | { readonly kind: 'unsolvable'; readonly proof: Proof };

const DEFAULT_BUDGET = 50_000;

/** The search for versions that meet a request: PubGrub, as docs/resolver.md tells it. Throws UserError E_RESOLUTION_BUDGET. */
export async function solve(world: World, speculation: Speculation): Promise<Solution> {
  const packages = createPackageTable();
  const search = createSearch(packages.root);
  const priorities = createPriorities();
  const parts: Parts = { world, packages, search, priorities, speculation, introduced: new Set() };
  const budget = createBudget(world.request.budget ?? DEFAULT_BUDGET);

  for (let next: Package | undefined = packages.root; next !== undefined; ) {
    const decided = next;
    const proof = search.propagate([decided], (affected, learned) => {
      budget.spend(affected);
      priorities.recordConflict(affected, learned, decided);
    });
    if (proof !== null) return { kind: 'unsolvable', proof };
    expectTouched(parts);
    for (const subject of priorities.reprioritize()) search.undo(subject);
    next = pickNext(parts);
    if (next === undefined) continue;
    budget.spend(next);
    await decide(next, parts);
  }
  return { kind: 'solved', decisions: search.solution.decisions };
}

function pickNext({ search, priorities, packages }: Parts): Package | undefined {
  const { undecided } = search.solution;
  return undecided.has(packages.root) ? packages.root : priorities.first(undecided);
}

function expectTouched({ search, speculation }: Parts): void {
  for (const subject of search.takeTouched()) {
    if (subject.kind !== 'project' || !search.solution.undecided.has(subject)) continue;
    const known = search.solution.known(subject);
    if (known !== undefined) speculation.expect(subject.name, known.range);
  }
}

interface Budget {
  spend(subject: Package): void;
}

function createBudget(limit: number): Budget {
  const spent = new Map<string, number>();
  let total = 0;
  return {
    spend({ name }) {
      total += 1;
      if (name !== '') spent.set(name, (spent.get(name) ?? 0) + 1);
      if (total <= limit) return;
      const busiest = [...spent].sort((a, b) => b[1] - a[1]).slice(0, 3);
      throw new UserError(
        'E_RESOLUTION_BUDGET',
        `no set of versions was found in ${countOf(limit, 'step')}, most of them spent on ${joinWords(busiest.map(([project]) => project))}`,
        {
          hint: 'limit the versions of these projects, for example by a lower bound in a requirement or constraint',
        },
      );
    },
  };
}
