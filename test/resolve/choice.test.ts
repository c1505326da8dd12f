import { describe, expect, it } from 'vitest';
import { chosenOf, type MadeUpIndex, outcomeOf, versions } from './support/made-up-index.ts';

async function choose(...request: Parameters<typeof outcomeOf>): Promise<string[]> {
  return chosenOf(await outcomeOf(...request));
}

describe('the versions that are chosen', () => {
  it('are the newest, by the order of PEP 440 and not of the texts', async () => {
    expect(await choose({ 'foo 1.9': [], 'foo 1.10': [], 'foo 1.10.post1': [] }, ['foo'])).toEqual(['foo 1.10.post1']);
  });

  it('are those of everything that the request leads to', async () => {
    const index = { 'foo 1': ['bar'], 'bar 1': ['baz'], 'baz 1': [], 'other 1': [] };

    expect(await choose(index, ['foo'])).toEqual(['bar 1', 'baz 1', 'foo 1']);
  });

  it('go back to an older version of a dependent when its newest needs what does not exist', async () => {
    const index = { 'foo 2': ['bar>=2'], 'foo 1': ['bar'], 'bar 1': [] };

    expect(await choose(index, ['foo'])).toEqual(['bar 1', 'foo 1']);
  });

  it('go back to an older version of a dependent when its newest needs a project that no index has', async () => {
    expect(await choose({ 'foo 2': ['absent'], 'foo 1': [] }, ['foo'])).toEqual(['foo 1']);
  });

  it('go back over several projects when the cause of a conflict was decided long before', async () => {
    // The example "Conflict Resolution With a Partial Satisfier" of pub's doc/solver.md.
    const index: MadeUpIndex = {
      'foo 1.0.0': [],
      'foo 1.1.0': ['left>=1', 'right>=1'],
      'left 1.0.0': ['shared>=1'],
      'right 1.0.0': ['shared<2'],
      'shared 2.0.0': [],
      'shared 1.0.0': ['target~=1.0'],
      'target 2.0.0': [],
      'target 1.0.0': [],
    };

    expect(await choose(index, ['foo', 'target~=2.0'])).toEqual(['foo 1.0.0', 'target 2.0.0']);
  });

  it('keep the newest of the project that is named first when two exclude each other', async () => {
    const index = { 'a 2': ['c>=2'], 'a 1': [], 'b 2': ['c<2'], 'b 1': [], 'c 1': [], 'c 2': [] };

    expect(await choose(index, ['a', 'b'])).toEqual(['a 2', 'b 1', 'c 2']);
    expect(await choose(index, ['b', 'a'])).toEqual(['a 1', 'b 2', 'c 1']);
  });

  it('prefer what the request names to what it only leads to', async () => {
    const index = { 'a 1': ['c'], 'b 2': ['c<2'], 'b 1': [], 'c 1': [], 'c 2': [] };

    expect(await choose(index, ['a', 'b'])).toEqual(['a 1', 'b 2', 'c 1']);
  });

  it('decide a project that is pinned before one that is not, whatever the order', async () => {
    const index = { 'a 2': ['c>=2'], 'a 1': [], 'c 1': [], 'c 2': [] };

    expect(await choose(index, ['a', 'c==1'])).toEqual(['a 1', 'c 1']);
  });

  it('close cycles', async () => {
    expect(await choose({ 'a 1': ['b'], 'b 1': ['a'] }, ['a'])).toEqual(['a 1', 'b 1']);
  });

  it('pass over a version that asks for another version of itself', async () => {
    expect(await choose({ 'a 2': ['a<2'], 'a 1': ['a'] }, ['a'])).toEqual(['a 1']);
  });

  it('are the same for two spellings of one version, and of these the one that can be used', async () => {
    expect(await choose({ 'a 1.0.0': { excluded: 'no file fits' }, 'a 1.0': [] }, ['a'])).toEqual(['a 1.0']);
  });
});

describe('constraints', () => {
  const index = { 'a 1': ['b'], 'b 1': [], 'b 2': [], 'c 1': [] };

  it('limit what something asks for', async () => {
    expect(await choose(index, ['a'], { constraints: ['b<2'] })).toEqual(['a 1', 'b 1']);
  });

  it('ask for nothing themselves', async () => {
    expect(await choose(index, ['c'], { constraints: ['b<2', 'absent>=3'] })).toEqual(['c 1']);
  });

  it('say nothing when their marker holds on no target', async () => {
    expect(await choose(index, ['a'], { constraints: ['b<2; sys_platform == "win32"'] })).toEqual(['a 1', 'b 2']);
  });
});

describe('the strategy', () => {
  const index = { 'a 1': ['b'], 'a 2': ['b'], 'b 1': [], 'b 2': [] };

  it.each([
    ['highest', ['a 2', 'b 2']],
    ['lowest', ['a 1', 'b 1']],
    ['lowest-direct', ['a 1', 'b 2']],
  ] as const)('%s decides which versions are tried first', async (strategy, chosen) => {
    expect(await choose(index, ['a'], { strategy })).toEqual(chosen);
  });
});

describe('versions from before', () => {
  const index = { 'a 1': ['b'], 'b 1': [], 'b 2': [], 'b 3': { yanked: 'broken' } };

  it('that are preferred are taken where they are candidates', async () => {
    expect(await choose(index, ['a'], { preferences: versions({ b: '1' }) })).toEqual(['a 1', 'b 1']);
  });

  it('that are preferred give way to requirements', async () => {
    expect(await choose(index, ['a', 'b>1'], { preferences: versions({ b: '1' }) })).toEqual(['a 1', 'b 2']);
  });

  it('that are preferred and gone are passed over', async () => {
    expect(await choose(index, ['a'], { preferences: versions({ b: '1.5' }) })).toEqual(['a 1', 'b 2']);
  });

  it('that are fixed are the only candidates, yanked or not', async () => {
    expect(await choose(index, ['a'], { fixed: versions({ b: '3' }) })).toEqual(['a 1', 'b 3']);
  });

  it('that are fixed come in only where something asks for them', async () => {
    expect(await choose(index, ['a'], { fixed: versions({ b: '1', absent: '7' }) })).toEqual(['a 1', 'b 1']);
  });
});

describe('a long chain of versions that exclude each other', () => {
  it('is cut short by deciding the project that keeps being rejected first', async () => {
    // Each version of b needs a version of a that is older than the newest, which is decided first.
    const index: Record<string, readonly string[]> = {};
    for (let version = 1; version <= 200; version += 1) {
      index[`a ${version}`] = [];
      index[`b ${version}`] = version === 1 ? [] : ['a<200'];
    }

    expect(await choose(index, ['a', 'b'], { budget: 50 })).toEqual(['a 199', 'b 200']);
  });
});
