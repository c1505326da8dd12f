import { describe, expect, it } from 'vitest';
import type { MarkerEnvironment } from '../../src/pep/marker.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import type { ResolveOutcome } from '../../src/resolve/request.ts';
import { chosenOf, LINUX, outcomeOf } from './support/made-up-index.ts';

const OLDER: MarkerEnvironment = { ...LINUX, python_version: '3.9', python_full_version: '3.9.0' };
const DARWIN: MarkerEnvironment = { ...LINUX, sys_platform: 'darwin', platform_system: 'Darwin' };

async function choose(...request: Parameters<typeof outcomeOf>): Promise<string[]> {
  return chosenOf(await outcomeOf(...request));
}

/** The requirements that a chosen version keeps. */
function kept(outcome: ResolveOutcome, name: string): string[] {
  if (outcome.kind === 'failed') throw new Error('the request failed');
  return (outcome.resolution.packages.get(name)?.requirements ?? []).map(formatRequirement);
}

describe('extras', () => {
  it('add what belongs to them', async () => {
    const index = { 'a 1': ['b', 'c; extra == "x"', 'd; extra == "y"'], 'b 1': [], 'c 1': [], 'd 1': [] };

    expect(await choose(index, ['a'])).toEqual(['a 1', 'b 1']);
    expect(await choose(index, ['a[x]'])).toEqual(['a[x] 1', 'b 1', 'c 1']);
    expect(await choose(index, ['a[x,y]'])).toEqual(['a[x,y] 1', 'b 1', 'c 1', 'd 1']);
  });

  it('are collected from all who ask for them', async () => {
    const index = { 'a 1': ['c[x]'], 'b 1': ['c[y]'], 'c 1': ['d; extra == "y"'], 'd 1': [] };

    expect(await choose(index, ['a', 'b', 'c'])).toContain('c[x,y] 1');
  });

  it('of dependencies are followed', async () => {
    const index = {
      'celery 5': ['kombu', 'kombu[redis]; extra == "redis"'],
      'kombu 5': ['redis>=4; extra == "redis"'],
      'redis 5': [],
    };

    expect(await choose(index, ['celery[redis]'])).toEqual(['celery[redis] 5', 'kombu[redis] 5', 'redis 5']);
  });

  it('that name their own project are followed', async () => {
    const index = {
      'pandas 2': ['pandas[excel,sql]; extra == "all"', 'xl; extra == "excel"', 'db; extra == "sql"'],
      'xl 1': [],
      'db 1': [],
    };
    const outcome = await outcomeOf(index, ['pandas[all]']);

    expect(chosenOf(outcome)).toEqual(['db 1', 'pandas[all,excel,sql] 2', 'xl 1']);
    expect(kept(outcome, 'pandas')).toEqual(['xl', 'db']);
  });

  it('have the version of their project, and move it when they cannot be met', async () => {
    const index = { 'a 2': ['b>=2; extra == "x"'], 'a 1': ['b; extra == "x"'], 'b 1': [] };

    expect(await choose(index, ['a'])).toEqual(['a 2']);
    expect(await choose(index, ['a[x]'])).toEqual(['a[x] 1', 'b 1']);
  });

  it('carry the specifier of their requirement', async () => {
    expect(await choose({ 'a 1': [], 'a 2': [] }, ['a[x]<2'])).toEqual(['a[x] 1']);
  });

  it('that nothing belongs to are told', async () => {
    const outcome = await outcomeOf({ 'a 1': ['b; extra == "x"'], 'b 1': [] }, ['a[x,z]']);

    expect(outcome.kind === 'resolved' && outcome.notes).toEqual([
      { kind: 'warning', project: 'a', text: 'nothing belongs to the extra z of a 1 on any target' },
    ]);
  });
});

describe('markers', () => {
  it('that are false on all targets drop the requirement', async () => {
    const outcome = await outcomeOf({ 'a 1': ['b; sys_platform == "win32"', 'c; python_version < "3"'] }, ['a']);

    expect(chosenOf(outcome)).toEqual(['a 1']);
    expect(kept(outcome, 'a')).toEqual([]);
  });

  it('that are true on all targets go away', async () => {
    const outcome = await outcomeOf({ 'a 1': ['b; python_version >= "3.9"'], 'b 1': [] }, ['a'], {
      targets: [LINUX, OLDER],
    });

    expect(kept(outcome, 'a')).toEqual(['b']);
  });

  it('that are true on some targets stay, reduced to what tells the targets apart', async () => {
    const index = { 'a 1': ['b; python_version < "3.11" and os_name == "posix"'], 'b 1': [] };
    const outcome = await outcomeOf(index, ['a'], { targets: [LINUX, OLDER] });

    expect(chosenOf(outcome)).toEqual(['a 1', 'b 1']);
    expect(kept(outcome, 'a')).toEqual(['b; python_version < "3.11"']);
  });

  it('lose the extra that is asked for and keep the rest', async () => {
    const index = { 'a 1': ['b; extra == "x" and sys_platform == "darwin"'], 'b 1': [] };
    const outcome = await outcomeOf(index, ['a[x]'], { targets: [LINUX, DARWIN] });

    expect(kept(outcome, 'a')).toEqual(['b; sys_platform == "darwin"']);
  });

  it('that hold on different targets for different extras are joined', async () => {
    const index = {
      'a 1': ['b; (extra == "x" and sys_platform == "darwin") or (extra == "y" and sys_platform == "linux")'],
      'b 1': [],
    };
    const targets = [LINUX, DARWIN];

    expect(kept(await outcomeOf(index, ['a[x]'], { targets }), 'a')).toEqual(['b; sys_platform == "darwin"']);
    expect(kept(await outcomeOf(index, ['a[x,y]'], { targets }), 'a')).toEqual(['b']);
  });

  it('choose one version that fits all targets', async () => {
    const index = {
      'a 1': ['b<3; sys_platform == "darwin"', 'b>=1; sys_platform == "linux"'],
      'b 1': [],
      'b 2': [],
      'b 3': [],
    };

    expect(await choose(index, ['a'], { targets: [LINUX, DARWIN] })).toEqual(['a 1', 'b 2']);
    expect(await choose(index, ['a'])).toEqual(['a 1', 'b 3']);
  });

  it('count as true where the targets leave a variable open, and a note tells it', async () => {
    const outcome = await outcomeOf({ 'a 1': ['b; platform_release >= "5"'], 'b 1': [] }, ['a']);

    expect(chosenOf(outcome)).toEqual(['a 1', 'b 1']);
    expect(outcome.kind === 'resolved' && outcome.notes).toEqual([
      {
        kind: 'guess',
        project: 'a',
        text: 'conditions on platform_release in the requirement b; platform_release >= "5" of a 1 count as true because the targets leave them open',
      },
    ]);
  });

  it('of the user that hold on no target drop the requirement, and a note tells it', async () => {
    const outcome = await outcomeOf({ 'a 1': [] }, ['a', 'b>=2; sys_platform == "win32"']);

    expect(chosenOf(outcome)).toEqual(['a 1']);
    expect(outcome.kind === 'resolved' && outcome.notes).toEqual([
      {
        kind: 'omitted',
        project: 'b',
        text: 'the requirement b>=2; sys_platform == "win32" holds on none of the targets',
      },
    ]);
  });
});

describe('what the package set supplies', () => {
  const index = {
    'a 1': ['numpy>=1.7; python_version < "3.11"', 'b'],
    'b 1': ['numpy[x]'],
    'numpy 2': ['c'],
    'c 1': [],
  };
  const supplies = (name: string): boolean => name === 'numpy';

  it('is a leaf that is not asked for, with who asks and on which condition', async () => {
    const outcome = await outcomeOf(index, ['a'], { supplies, targets: [LINUX, OLDER] });

    expect(chosenOf(outcome)).toEqual(['a 1', 'b 1']);
    expect(
      outcome.kind === 'resolved' &&
        [...outcome.resolution.supplied].map(([name, asked]) => [
          name,
          asked.map(({ by, requirement }) => `${by}: ${formatRequirement(requirement)}`),
        ]),
    ).toEqual([['numpy', ['a: numpy>=1.7; python_version < "3.11"', 'b: numpy[x]']]]);
  });

  it('is resolved all the same when the user names it', async () => {
    const outcome = await outcomeOf(index, ['a', 'numpy'], { supplies });

    expect(chosenOf(outcome)).toEqual(['a 1', 'b 1', 'c 1', 'numpy[x] 2']);
    expect(outcome.kind === 'resolved' && outcome.resolution.supplied.size).toBe(0);
  });
});
