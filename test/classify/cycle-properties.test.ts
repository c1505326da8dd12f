import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Input, PackageFacts } from '../../src/classify/package-facts.ts';
import { type MadeNeeds, needing, withoutCycles } from './support/cycles.ts';

const GENERATED = ['a', 'b', 'c', 'd', 'e', 'f'];
const SUPPLIED = ['p', 'q', 'r'];
const NAMES = [...GENERATED, ...SUPPLIED];

interface World {
  readonly made: Readonly<Record<string, MadeNeeds>>;
  readonly set: Readonly<Record<string, readonly string[]>>;
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const someOf = (names: readonly string[], maxLength: number): fc.Arbitrary<string[]> =>
  names.length === 0
    ? fc.constant([])
    : fc
        .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom('', '', '', '[x]', '[y]', '[x,y]')), {
          maxLength,
          selector: ([name]) => name,
        })
        .map((inputs) => inputs.map(([name, extras]) => (GENERATED.includes(name) ? name + extras : name)));

/** `ordered`: what is needed to build and to run comes later in the alphabet, so that only extras and tests lead back. */
const worlds = (ordered: boolean): fc.Arbitrary<World> => {
  const laterThan = (name: string): string[] => (ordered ? NAMES.filter((other) => other > name) : NAMES);
  const madeOf = (name: string): fc.Arbitrary<MadeNeeds> =>
    fc.record({
      needs: someOf(laterThan(name), 2),
      build: someOf(laterThan(name), 1),
      checks: someOf(NAMES, 2),
      runner: fc.constantFrom(null, null, 'pytest' as const),
      extras: fc.record({ x: someOf(NAMES, 2), y: someOf(NAMES, 1) }),
    });
  return fc.record({
    made: fc.record(Object.fromEntries(GENERATED.map((name) => [name, madeOf(name)]))),
    set: fc.record(
      Object.fromEntries(
        [...SUPPLIED, 'pytest'].map((name) => [name, fc.subarray(ordered ? SUPPLIED : NAMES, { maxLength: 2 })]),
      ),
    ),
  });
};

const packagesOf = ({ made }: World): PackageFacts[] => GENERATED.map((name) => needing(name, made[name] ?? {}));

/** What the expressions say, read anew from the facts: projects, and extras as `a[x]`. */
function graphOf(
  packages: readonly PackageFacts[],
  { set }: World,
  parts: { extras: boolean; checks: boolean },
): Graph {
  const graph = new Map<string, Set<string>>();
  const lead = (from: string, inputs: readonly Input[]): void => {
    const known = graph.get(from) ?? new Set();
    graph.set(from, known);
    for (const input of inputs) {
      if (input.kind !== 'python') continue;
      known.add(input.name);
      if (parts.extras) for (const extra of input.extras) known.add(`${input.name}[${extra}]`);
    }
  };
  for (const facts of packages) {
    lead(facts.name, [...facts.inputs['build-system'], ...facts.inputs.dependencies]);
    for (const [extra, members] of Object.entries(facts.optionalDependencies)) lead(`${facts.name}[${extra}]`, members);
    if (!parts.checks || facts.check.enabled === false) continue;
    lead(facts.name, facts.inputs.nativeCheckInputs);
    if (facts.check.runner === 'pytest') graph.get(facts.name)?.add('pytest');
  }
  for (const [name, needs] of Object.entries(set)) graph.set(name, new Set(needs));
  return graph;
}

function leads(graph: Graph, from: string, to: string): boolean {
  const reached = new Set(graph.get(from));
  for (const name of reached) for (const next of graph.get(name) ?? []) reached.add(next);
  return reached.has(to);
}

const inCycle = (graph: Graph): string[] =>
  [...graph.keys()].filter((name) => !SUPPLIED.includes(name) && leads(graph, name, name));

const byName = (packages: readonly PackageFacts[]): Record<string, PackageFacts> =>
  Object.fromEntries(packages.map((facts) => [facts.name, facts]));

/** `a requires b (...)`, `p of the package set needs q`: the steps of a message. */
const stepsOf = (message: string): [string, string][] =>
  [...message.matchAll(/(\S+) (?:requires|of the package set needs) (\S+?)(?=,|$| \()/gu)].map(
    ([, from = '', to = '']) => [from, to],
  );

async function cut(world: World): Promise<{ before: PackageFacts[]; after: readonly PackageFacts[] } | null> {
  const before = packagesOf(world);
  const { packages: after, errors } = await withoutCycles(before, { set: world.set });
  return errors.length > 0 ? null : { before, after };
}

describe('random packages with builds, runs, extras, tests and a package set', () => {
  it.each([true, false])('have no cycle left when there is no error (ordered: %s)', async (ordered) => {
    await fc.assert(
      fc.asyncProperty(worlds(ordered), async (world) => {
        const result = await cut(world);
        if (result !== null) expect(inCycle(graphOf(result.after, world, { extras: true, checks: true }))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('fail exactly where plain requirements make a cycle, which the errors name step by step', async () => {
    await fc.assert(
      fc.asyncProperty(worlds(false), async (world) => {
        const packages = packagesOf(world);
        const plain = graphOf(packages, world, { extras: false, checks: false });
        const { errors } = await withoutCycles(packages, { set: world.set });
        const isCyclic = GENERATED.some((name) => leads(plain, name, name));
        expect(errors.length > 0).toBe(isCyclic);
        for (const { message } of errors) {
          const steps = stepsOf(message);
          expect(steps.at(-1)?.[1]).toBe(steps[0]?.[0]);
          steps.forEach(([from, to], index) => {
            expect(plain.get(from)?.has(to)).toBe(true);
            if (index > 0) expect(from).toBe(steps[index - 1]?.[1]);
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lose nothing that could stay: each extra and each test that is cut would close a cycle with what is left', async () => {
    await fc.assert(
      fc.asyncProperty(worlds(true), async (world) => {
        const result = await cut(world);
        if (result === null) return;
        const without = graphOf(result.after, world, { extras: true, checks: false });
        const all = graphOf(result.after, world, { extras: true, checks: true });
        const full = graphOf(result.before, world, { extras: true, checks: false });
        const after = byName(result.after);
        for (const [from, targets] of full)
          for (const to of targets)
            if (!without.get(from)?.has(to)) expect(to === from || leads(without, to, from)).toBe(true);
        for (const facts of result.before) {
          if (after[facts.name]?.check.enabled !== false) continue;
          const needs = graphOf(
            [{ ...facts, inputs: { ...facts.inputs, 'build-system': [], dependencies: [] } }],
            { ...world, set: {} },
            { extras: true, checks: true },
          );
          const inputs = [...(needs.get(facts.name) ?? [])];
          expect(inputs.some((input) => input === facts.name || leads(all, input, facts.name))).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('come out the same whatever order they are in', async () => {
    const inAnyOrder = worlds(true).chain((world) =>
      fc.record({ world: fc.constant(world), order: fc.shuffledSubarray(GENERATED, { minLength: GENERATED.length }) }),
    );
    await fc.assert(
      fc.asyncProperty(inAnyOrder, async ({ world, order }) => {
        const packages = byName(packagesOf(world));
        const shuffled = order.flatMap((name) => packages[name] ?? []);
        const one = await withoutCycles(packagesOf(world), { set: world.set });
        const other = await withoutCycles(shuffled, { set: world.set });
        expect(byName(other.packages)).toEqual(byName(one.packages));
        expect(other.errors.map(({ message }) => message)).toEqual(one.errors.map(({ message }) => message));
      }),
      { numRuns: 200 },
    );
  });
});
