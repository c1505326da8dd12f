import { describe, expect, it } from 'vitest';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { needing, withoutCycles } from './support/cycles.ts';

async function messagesOf(
  packages: PackageFacts[],
  options: Parameters<typeof withoutCycles>[1] = {},
): Promise<readonly string[]> {
  const { errors } = await withoutCycles(packages, options);
  return errors.map(({ code, message, hint }) => `${code}: ${message}\n${hint}`);
}

describe('packages that need each other', () => {
  it('are told with each requirement, from the package on that the user asked for, and a rule that breaks the cycle', async () => {
    const packages = [needing('a', { needs: ['b'] }), needing('b', { build: ['c'] }), needing('c', { needs: ['a'] })];
    expect(await messagesOf(packages, { direct: ['b'] })).toEqual([
      `E_CYCLE: packages need each other, which Nix cannot build: b requires c (build-system: c), c requires a (Requires-Dist: a), a requires b (Requires-Dist: b)
remove one of these requirements by an override, for example in a.toml: dependencies.remove = ["b"] and pythonRemoveDeps.add = ["b"], or take the wheel of b, which is not built: --format b:wheel`,
    ]);
  });

  it('are told for each cycle, so that all the rules together break them all', async () => {
    const packages = [
      needing('app', { needs: ['core', 'task'] }),
      needing('core', { needs: ['app'] }),
      needing('task', { needs: ['app', 'core'] }),
    ];
    expect((await messagesOf(packages, { direct: ['app'] })).map((text) => text.split('example in ')[1])).toEqual([
      'core.toml: dependencies.remove = ["app"] and pythonRemoveDeps.add = ["app"]',
      'task.toml: dependencies.remove = ["app"] and pythonRemoveDeps.add = ["app"]',
    ]);
  });

  it("are found through the package set, where the generated one takes the place of the set's own", async () => {
    const set = { 'hatch-vcs': ['pytest'], pytest: ['iniconfig'] };
    expect(await messagesOf([needing('iniconfig', { build: ['hatch-vcs'] })], { set })).toEqual([
      `E_CYCLE: packages need each other, which Nix cannot build: iniconfig requires hatch-vcs (build-system: hatch-vcs), hatch-vcs of the package set needs pytest, pytest of the package set needs iniconfig
remove one of these requirements by an override, for example in iniconfig.toml: build-system.remove = ["hatch-vcs"], or generate hatch-vcs too, by naming it as a requirement: its tests are then left out where they lead back, or take the wheel of iniconfig, which is not built: --format iniconfig:wheel`,
    ]);
  });

  it('are none where the one in the set is generated without its tests', async () => {
    const set = { pytest: ['iniconfig'] };
    const packages = [needing('iniconfig', { build: ['hatch-vcs'] }), needing('hatch-vcs', { checks: ['pytest'] })];
    expect(await messagesOf(packages, { set })).toEqual([]);
  });

  it('within the package set alone are its own matter', async () => {
    expect(await messagesOf([needing('it', { needs: ['x'] })], { set: { x: ['y'], y: ['x'] } })).toEqual([]);
  });

  it('because of a wheel are none, as it is not built', async () => {
    const wheel = {
      ...needing('a', { build: ['b'] }),
      source: { kind: 'wheel', filename: 'a.whl', sha256: '', url: '' } as const,
    };
    expect(await messagesOf([wheel, needing('b', { needs: ['a'] })])).toEqual([]);
  });
});

describe('an extra that leads back', () => {
  it('is not asked for, with a comment and a note of the requirement lines', async () => {
    const packages = [
      needing('a', { needs: ['b[x,y]'] }),
      needing('b', { extras: { x: ['c'], y: ['d'] } }),
      needing('c', { needs: ['a'] }),
      needing('d', {}),
    ];
    const { packages: cut, errors } = await withoutCycles(packages);
    expect(errors).toEqual([]);
    expect(cut[0]?.inputs.dependencies).toMatchObject([{ name: 'b', extras: ['y'] }]);
    expect(cut[0]?.omissions).toEqual([
      { list: 'dependencies', name: 'the extra x of b', reason: 'it leads back: b[x] needs c, which needs a' },
    ]);
    expect(cut[0]?.notes).toEqual([
      {
        kind: 'omitted',
        text: 'the extra x of b is left out of dependencies, since it leads back: b[x] needs c (Requires-Dist: c), which needs a (Requires-Dist: a)',
        project: 'a',
      },
    ]);
  });

  it('within another extra is left out there, so that the rest of that stays', async () => {
    const packages = [
      needing('a', { needs: ['b[x]'] }),
      needing('b', { extras: { x: ['c[y]', 'd'] } }),
      needing('c', { extras: { y: ['e'] } }),
      needing('d', {}),
      needing('e', { needs: ['a'] }),
    ];
    const { packages: cut } = await withoutCycles(packages);
    expect(cut[0]?.inputs.dependencies).toMatchObject([{ name: 'b', extras: ['x'] }]);
    expect(cut[1]?.optionalDependencies).toMatchObject({ x: [{ name: 'c', extras: [] }, { name: 'd' }] });
    expect(cut[1]?.notes.map(({ text }) => text)).toEqual([
      'the extra y of c is left out of optional-dependencies of b[x], since it leads back: c[y] needs e (Requires-Dist: e), which needs a (Requires-Dist: a), which needs b[x] (Requires-Dist: b[x])',
    ]);
  });

  it('stays where nobody that it leads to asks for it', async () => {
    const packages = [needing('a', { extras: { x: ['b'] } }), needing('b', { needs: ['a'] })];
    const { packages: cut, errors } = await withoutCycles(packages);
    expect({ cut, errors }).toEqual({ cut: packages, errors: [] });
  });

  it('is left out beside tests that lead back by plain requirements', async () => {
    const packages = [
      needing('a', { needs: ['b[x]'], checks: ['c'] }),
      needing('b', { extras: { x: ['c'] } }),
      needing('c', { needs: ['a'] }),
    ];
    const { packages: cut } = await withoutCycles(packages);
    expect(cut[0]?.check).toMatchObject({ enabled: false, reason: 'c needs a' });
    expect(cut[0]?.inputs.dependencies).toMatchObject([{ name: 'b', extras: [] }]);
  });

  it('is found through the package set', async () => {
    const packages = [needing('a', { build: ['b[x]'] }), needing('b', { extras: { x: ['tool'] } })];
    const { packages: cut } = await withoutCycles(packages, { set: { tool: ['a'] } });
    expect(cut[0]?.omissions).toEqual([
      { list: 'build-system', name: 'the extra x of b', reason: 'it leads back: b[x] needs tool, which needs a' },
    ]);
  });
});
