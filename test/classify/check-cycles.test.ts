import { describe, expect, it } from 'vitest';
import { checkCycles } from '../../src/classify/check-cycles.ts';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { packageFacts, pythonInput } from './support/package.ts';

function facts(
  name: string,
  given: { checks?: string[]; needs?: string[]; build?: string[]; runner?: 'pytest' | null },
): PackageFacts {
  return packageFacts({
    name,
    inputs: {
      'build-system': (given.build ?? []).map((input) => pythonInput(input)),
      nativeBuildInputs: [],
      buildInputs: [],
      dependencies: (given.needs ?? []).map((input) => pythonInput(input)),
      nativeCheckInputs: (given.checks ?? []).map((input) => pythonInput(input)),
    },
    check: { runner: given.runner ?? null, enabled: null, reason: null },
  });
}

function set(needs: Record<string, string[]>): (project: string) => Promise<readonly string[]> {
  return async (project) => needs[project] ?? [];
}

async function waysOf(
  packages: PackageFacts[],
  needs: Record<string, string[]> = {},
): Promise<Record<string, Record<string, readonly string[]>>> {
  const cycles = await checkCycles(packages, set(needs));
  return Object.fromEntries([...cycles].map(([name, ways]) => [name, Object.fromEntries(ways)]));
}

describe('check cycles', () => {
  it('are found through what the package set needs', async () => {
    expect(await waysOf([facts('pluggy', { checks: ['pytest'] })], { pytest: ['iniconfig', 'pluggy'] })).toEqual({
      pluggy: { pytest: ['pytest', 'pluggy'] },
    });
  });

  it('are found through the runner that no list names', async () => {
    expect(await waysOf([facts('pluggy', { runner: 'pytest' })], { pytest: ['pluggy'] })).toEqual({
      pluggy: { pytest: ['pytest', 'pluggy'] },
    });
  });

  it('tell the shortest way', async () => {
    const needs = { xdist: ['execnet', 'pytest'], execnet: ['deep'], deep: ['it'], pytest: ['it'] };
    expect(await waysOf([facts('it', { checks: ['xdist'] })], needs)).toEqual({
      it: { xdist: ['xdist', 'pytest', 'it'] },
    });
  });

  it('are found through the build requirements of a generated package', async () => {
    expect(await waysOf([facts('a', { checks: ['b'] }), facts('b', { build: ['a'] })])).toEqual({
      a: { b: ['b', 'a'] },
    });
  });

  it('leave the check inputs of the second of two packages out that test with each other', async () => {
    expect(await waysOf([facts('b', { checks: ['a'] }), facts('a', { checks: ['b'] })])).toEqual({
      b: { a: ['a', 'b'] },
    });
  });

  it('are none where the needs of the set form a ring of their own', async () => {
    expect(await waysOf([facts('it', { checks: ['x'] })], { x: ['y'], y: ['x'] })).toEqual({});
  });

  it('are not looked for where the tests do not run', async () => {
    const off = { ...facts('it', { checks: ['x'] }), check: { runner: null, enabled: false, reason: 'why' } as const };
    expect(await waysOf([off], { x: ['it'] })).toEqual({});
  });
});
