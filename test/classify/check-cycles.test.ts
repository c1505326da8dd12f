import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { needing, withoutCycles } from './support/cycles.ts';

/** Why the tests of each package are not run by its build. */
async function stoppedBy(
  packages: PackageFacts[],
  set: Readonly<Record<string, readonly string[]>> = {},
): Promise<Record<string, string | null>> {
  const { packages: cut, errors } = await withoutCycles(packages, { set });
  expect(errors).toEqual([]);
  const stopped = cut.filter(({ check }) => check.enabled === false);
  return Object.fromEntries(stopped.map(({ name, check }) => [name, check.reason]));
}

describe('tests that would make Nix recurse for ever', () => {
  it('are found through what the package set needs', async () => {
    const set = { pytest: ['iniconfig', 'pluggy'] };
    expect(await stoppedBy([needing('pluggy', { checks: ['pytest'] })], set)).toEqual({
      pluggy: 'pytest needs pluggy',
    });
  });

  it('are found through the runner that no list names', async () => {
    expect(await stoppedBy([needing('pluggy', { runner: 'pytest' })], { pytest: ['pluggy'] })).toEqual({
      pluggy: 'pytest needs pluggy',
    });
  });

  it('are told by the shortest way', async () => {
    const set = { xdist: ['execnet', 'pytest'], execnet: ['deep'], deep: ['it'], pytest: ['it'] };
    expect(await stoppedBy([needing('it', { checks: ['xdist'] })], set)).toEqual({
      it: 'xdist needs pytest, which needs it',
    });
  });

  it('are found through the build requirements of a generated package', async () => {
    expect(await stoppedBy([needing('a', { checks: ['b'] }), needing('b', { build: ['a'] })])).toEqual({
      a: 'b needs a',
    });
  });

  it('are found through an extra that a check input is asked for with', async () => {
    const b = needing('b', { extras: { x: ['c'] } });
    const c = needing('c', { needs: ['a'] });
    expect(await stoppedBy([needing('a', { checks: ['b[x]'] }), b, c])).toEqual({ a: 'b[x] needs c, which needs a' });
    expect(await stoppedBy([needing('a', { checks: ['b'] }), b, c])).toEqual({});
  });

  it('are those of the second of two packages that test with each other', async () => {
    expect(await stoppedBy([needing('b', { checks: ['a'] }), needing('a', { checks: ['b'] })])).toEqual({
      b: 'a needs b',
    });
  });

  it('are rather those of what nobody asked for', async () => {
    const packages = [needing('a', { checks: ['b'] }), needing('b', { checks: ['a'] })];
    const { packages: cut } = await withoutCycles(packages, { direct: ['b'] });
    expect(cut.flatMap(({ name, check }) => (check.enabled === false ? [name] : []))).toEqual(['a']);
  });

  it('are none where the needs of the set form a ring of their own', async () => {
    expect(await stoppedBy([needing('it', { checks: ['x'] })], { x: ['y'], y: ['x'] })).toEqual({});
  });

  it('are not looked for where the tests do not run', async () => {
    const off = {
      ...needing('it', { checks: ['x'] }),
      check: { runner: null, enabled: false, reason: 'why' } as const,
    };
    expect(await stoppedBy([off], { x: ['it'] })).toEqual({ it: 'why' });
  });

  it('are those that need the package itself', async () => {
    expect(await stoppedBy([needing('it', { checks: ['it'] })])).toEqual({ it: 'the tests need it itself' });
  });
});

describe('tests that the build does not run', () => {
  const packages = [needing('a', { checks: ['b'], runner: 'pytest' }), needing('b', { needs: ['a'] })];

  it('keep their inputs and their runner, for passthru.tests, with a note of the requirement lines', async () => {
    const [a] = (await withoutCycles(packages)).packages;
    expect(a?.check).toEqual({ runner: 'pytest', enabled: false, reason: 'b needs a', elsewhere: true });
    expect(a?.inputs.nativeCheckInputs).toHaveLength(1);
    expect(a?.notes).toEqual([
      {
        kind: 'omitted',
        text: 'its tests run in passthru.tests only: b needs a (Requires-Dist: a)',
        project: 'a',
      },
    ]);
  });

  it('lose them on a release that has no place for such tests', async () => {
    const [a] = (await withoutCycles(packages, { elsewhere: false })).packages;
    expect(a?.check).toEqual({ runner: null, enabled: false, reason: 'b needs a' });
    expect(a?.inputs.nativeCheckInputs).toEqual([]);
    expect(a?.notes.map(({ text }) => text)).toEqual(['its tests do not run: b needs a (Requires-Dist: a)']);
  });
});
