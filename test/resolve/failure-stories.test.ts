import { describe, expect, it } from 'vitest';
import { userErrorsOf } from '../../src/base/user-error.ts';
import { formatResolutionFailure, resolutionFailureHints } from '../../src/report/resolution-failure.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { LINUX, madeUpProvider, outcomeOf, requestFor, versions } from './support/made-up-index.ts';

/** The whole text of a failure, with each hint on a line of its own below. */
async function storyOf(...request: Parameters<typeof outcomeOf>): Promise<string> {
  const outcome = await outcomeOf(...request);
  if (outcome.kind === 'resolved') throw new Error('the request was resolved');
  return [
    formatResolutionFailure(outcome.failure),
    ...resolutionFailureHints(outcome.failure).map((hint) => `hint: ${hint}`),
  ].join('\n');
}

/** Code, message and hint of each error that ends a request. */
async function errorsOf(outcome: Promise<unknown>): Promise<string[]> {
  try {
    await outcome;
  } catch (thrown) {
    return (userErrorsOf(thrown) ?? []).flatMap(({ code, message, hint }) => [code, message, `hint: ${hint ?? ''}`]);
  }
  return [];
}

/** Lines of a template without its indentation. */
function story(strings: TemplateStringsArray): string {
  const lines = strings.join('').split('\n').slice(1, -1);
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/u)));
  return lines.map((line) => line.slice(margin)).join('\n');
}

describe('a request that cannot be met is explained', () => {
  it('when it excludes itself', async () => {
    expect(await storyOf({ 'foo 1': [], 'foo 3': [] }, ['foo<2', 'foo>2'])).toBe(story`
      Because you require both foo<2 and foo>2, the request cannot be met.
    `);
  });

  it('when a dependency has no version that matches', async () => {
    expect(await storyOf({ 'foo 1.0': ['bar>=2'], 'bar 1.0': [] }, ['foo'])).toBe(story`
      Because foo 1.0 depends on bar>=2 and no other version of foo can be used, foo requires bar>=2.
      And because you require foo and no version of bar matches >=2, the request cannot be met.
    `);
  });

  it('when a dependency is no project of any index', async () => {
    const index = { 'foo 1': ['absent'], 'foo 2': ['absent>1'] };

    expect(await storyOf(index, ['foo'], { similarNames: () => ['present'] })).toBe(story`
      Because foo 1 depends on absent and foo 2 depends on absent>1, foo requires absent.
      And because you require foo and no index has a project absent, the request cannot be met.
      hint: did you mean present?
    `);
  });

  it('when two projects exclude each other', async () => {
    const index = { 'foo 1.0': ['bar<2'], 'baz 1.0': ['bar>=2'], 'bar 1.0': [], 'bar 2.0': [] };

    expect(await storyOf(index, ['foo', 'baz'])).toBe(story`
      Because foo 1.0 depends on bar<2 and no other version of foo can be used, foo requires bar<2.
      And because baz 1.0 depends on bar>=2 and no other version of baz can be used, foo and baz cannot be used together.
      And because you require both foo and baz, the request cannot be met.
    `);
  });

  it('with the specifiers as they are written, and versions with the same need together', async () => {
    // The example "Linear Derivation" of pub's doc/solver.md.
    const index = {
      'foo 1.0.0': ['bar~=2.0'],
      'foo 1.1.0': ['bar~=2.0'],
      'bar 2.0.0': ['baz~=3.0'],
      'bar 2.1.0': ['baz~=3.0'],
      'baz 1.0.0': [],
      'baz 3.0.0': [],
    };

    expect(await storyOf(index, ['foo~=1.0', 'baz~=1.0'])).toBe(story`
      Because bar>=2.0.0,<=2.1.0 depends on baz~=3.0 and no other version of bar matches >=2.0.0,<3, bar>=2.0.0,<3 requires baz>=3.0,<4.
      Because foo>=1.0.0,<=1.1.0 depends on bar~=2.0 and no other version of foo matches >=1.0.0,<2, foo>=1.0.0,<2 requires bar>=2.0,<3.
      Thus, foo>=1.0.0,<2 requires baz>=3.0,<4.
      And because you require both foo~=1.0 and baz~=1.0, the request cannot be met.
    `);
  });

  it('with a number on a line that a later one refers to', async () => {
    // The example "Branching Error Reporting" of pub's doc/solver.md.
    const index = {
      'foo 1.0.0': ['a~=1.0', 'b~=1.0'],
      'foo 1.1.0': ['x~=1.0', 'y~=1.0'],
      'a 1.0.0': ['b~=2.0'],
      'b 1.0.0': [],
      'b 2.0.0': [],
      'x 1.0.0': ['y~=2.0'],
      'y 1.0.0': [],
      'y 2.0.0': [],
    };

    expect(await storyOf(index, ['foo~=1.0'])).toBe(story`
          Because a 1.0.0 depends on b~=2.0 and no other version of a matches >=1.0.0,<2, a>=1.0.0,<2 requires b>=2.0,<3.
      (1) And because foo 1.0.0 depends on both a~=1.0 and b~=1.0, foo 1.0.0 cannot be used.

          Because x 1.0.0 depends on y~=2.0 and no other version of x matches >=1.0.0,<2, x>=1.0.0,<2 requires y>=2.0,<3.
          And because foo 1.1.0 depends on both x~=1.0 and y~=1.0, foo 1.1.0 cannot be used.
          And because foo 1.0.0 cannot be used (1), foo>=1.0.0,<2 cannot be used.
          And because you require foo~=1.0, the request cannot be met.
    `);
  });

  it('when an extra cannot be met', async () => {
    const index = {
      'celery 5.0': ['kombu', 'kombu[redis]>=5; extra == "redis"'],
      'celery 4.0': ['kombu'],
      'kombu 5.1': ['redis>=4; extra == "redis"'],
      'kombu 4.0': ['redis; extra == "redis"'],
      'redis 3.0': [],
    };

    expect(await storyOf(index, ['celery[redis]>=5'])).toBe(story`
      Because kombu[redis] 5.1 depends on redis>=4 and no other version of kombu matches >=5, kombu[redis]>=5 requires redis>=4.
      And because celery[redis] 5.0 depends on kombu[redis]>=5, celery[redis] 5.0 requires redis>=4.
      And because no other version of celery matches >=5.0 and no version of redis matches >=4, celery[redis]>=5.0 cannot be used.
      And because you require celery[redis]>=5, the request cannot be met.
    `);
  });

  it('when targets need different versions', async () => {
    const index = {
      'a 1': ['b>2; python_version < "3.13"', 'b<2; python_version >= "3.13"'],
      'b 1': [],
      'b 3': [],
    };
    const older = { ...LINUX, python_version: '3.12', python_full_version: '3.12.0' };

    expect(await storyOf(index, ['a'], { targets: [LINUX, older] })).toBe(story`
      Because a 1 depends on both b>2 where python_version < "3.13" and b<2 where python_version >= "3.13", a 1 cannot be used.
      And because you require a and no other version of a can be used, the request cannot be met.
      hint: one version is chosen for all targets: with fewer targets there may be one, for example with --python 3.12 or --python 3.13
    `);
  });

  it('when targets lead to different versions over several steps, with both chains', async () => {
    const index = {
      'a 1': ['c; sys_platform == "linux"', 'd; sys_platform == "darwin"'],
      'c 1': ['b>2'],
      'd 1': ['b<2'],
      'b 1': [],
      'b 3': [],
    };
    const mac = { ...LINUX, sys_platform: 'darwin', platform_system: 'Darwin', platform_machine: 'arm64' };

    expect(await storyOf(index, ['a'], { targets: [LINUX, mac] })).toBe(story`
      Because c 1 depends on b>2 and no other version of c can be used, c requires b>2.
      And because d 1 depends on b<2 and no other version of d can be used, c and d cannot be used together.
      And because a 1 depends on both c where sys_platform == "linux" and d where sys_platform == "darwin", a 1 cannot be used.
      And because you require a and no other version of a can be used, the request cannot be met.
      hint: one version is chosen for all targets: with fewer targets there may be one, for example with --platform aarch64-darwin or --platform x86_64-linux
    `);
  });

  it('when only some combinations of targets are in the way, without naming them', async () => {
    const older = { ...LINUX, python_version: '3.12', python_full_version: '3.12.0' };
    const mac = { ...LINUX, sys_platform: 'darwin', platform_system: 'Darwin', platform_machine: 'arm64' };
    const index = { 'b 1': [], 'b 3': [] };
    const marker = 'python_version < "3.13" and sys_platform == "darwin"';

    expect(
      await storyOf(index, [`b>2; ${marker}`, 'b<2'], {
        targets: [LINUX, older, mac, { ...older, ...mac, python_version: '3.12' }],
      }),
    ).toBe(story`
      Because you require both b>2 where python_version < "3.13" and sys_platform == "darwin" and b<2, the request cannot be met.
      hint: one version is chosen for all targets: with fewer targets there may be one, with --python and --platform
    `);
  });

  it('when constraints are in the way', async () => {
    expect(await storyOf({ 'a 1': ['b>2'], 'b 1': [], 'b 3': [] }, ['a'], { constraints: ['b<2'] })).toBe(story`
      Because a 1 depends on b>2 and no other version of a can be used, a requires b>2.
      And because you require a and your constraints allow only b<2, the request cannot be met.
    `);
  });

  it('without a word about other versions where one is pinned', async () => {
    const index = { 'a 1': ['b>=1,<2'], 'a 2': [], 'b 1': [], 'b 3': [] };

    expect(await storyOf(index, ['a==1', 'b>=2'])).toBe(story`
      Because you require a==1 which depends on b<2,>=1, b>=1,<2 is required.
      And because you require b>=2, the request cannot be met.
    `);
  });

  it('when constraints exclude each other or every version that exists', async () => {
    const index = { 'a 1': ['b'], 'b 1': [], 'b 3': [] };

    expect(await storyOf(index, ['a'], { constraints: ['b<2', 'b>2'] })).toBe(story`
      Because your constraints allow only b<2 and only b>2, b cannot be used.
      Because a 1 depends on b and no other version of a can be used, a requires b.
      Thus, a cannot be used.
      And because you require a, the request cannot be met.
    `);
    expect(await storyOf(index, ['a'], { constraints: ['b==9'] })).toBe(story`
      Because no version of b matches ==9 and your constraints allow only b==9, b cannot be used.
      Because a 1 depends on b and no other version of a can be used, a requires b.
      Thus, a cannot be used.
      And because you require a, the request cannot be met.
    `);
  });

  it('when a lock file is in the way, with its name', async () => {
    const fixed = versions({ b: '1' });

    expect(await storyOf({ 'b 1': [], 'b 3': [] }, ['b>2'], { fixed, fixedBy: () => 'pylock.toml' })).toBe(story`
      Because you require b>2 and pylock.toml fixed b==1, the request cannot be met.
    `);
  });

  it('when the version at an address that the user names does not do', async () => {
    const index = { 'a 1': ['b>=2'], 'b 1': [] };

    expect(await storyOf(index, ['b @ https://me:secret@h.test/b.zip', 'a'])).toBe(story`
      Because a 1 depends on b>=2 and no version of b matches >=2, a 1 cannot be used.
      And because you require a and no other version of a can be used, the request cannot be met.
      hint: b is 1 at the address that the request names
    `);
  });

  it('when what is missing would be needed on some targets only', async () => {
    const older = { ...LINUX, python_version: '3.12', python_full_version: '3.12.0' };
    const index = { 'a 1': ['b; python_version < "3.13"'], 'b 1': ['c'] };

    expect(await storyOf(index, ['a'], { targets: [LINUX, older], indexes: ['PyPI'] })).toBe(story`
      Because a 1 depends on b where python_version < "3.13" and no other version of a can be used, a requires b.
      And because b 1 depends on c and no other version of b can be used, a requires c.
      And because you require a and PyPI has no project c, the request cannot be met.
      hint: check the spelling of c, or name the index that has it with --extra-index-url
      hint: one version is chosen for all targets: with fewer targets there may be one, for example with --python 3.13
    `);
  });

  it('in a few lines however long it is, those of the end', async () => {
    const index: Record<string, string[]> = { 'c 100': [] };
    for (let number = 1; number <= 60; number += 1) {
      index[`a ${number}`] = [`b==${number}`];
      index[`b ${number}`] = [`c==${number}`];
    }
    const lines = (await storyOf(index, ['a'])).split('\n');

    expect(lines.length).toBeLessThan(20);
    expect(lines.slice(-3)).toEqual([
      'And because a 60 depends on b==60 which depends on c==60, a requires c==60.',
      'And because you require a and no version of c matches ==60, the request cannot be met.',
      expect.stringMatching(/^\d+ earlier steps of the proof are not told\.$/u),
    ]);
  });

  it('when a version that is fixed is in the way', async () => {
    const fixed = versions({ b: '1' });

    expect(await storyOf({ 'a 1': ['b>2'], 'b 1': [], 'b 3': [] }, ['a'], { fixed })).toBe(story`
      Because a 1 depends on b>2 and no other version of a can be used, a requires b>2.
      And because you require a and an earlier step fixed b==1, the request cannot be met.
    `);
  });
});

describe('hints tell of releases that would match and are no candidates', () => {
  it.each([
    [
      'of pre-releases',
      { 'b 3.0rc1': [] },
      'b 3.0rc1 is a pre-release: allow pre-releases with --pre, or ask for b==3.0rc1',
    ],
    [
      'of several pre-releases',
      { 'b 3.0rc1': [], 'b 3.0rc2': [], 'b 3.0rc3': [], 'b 3.0rc4': [] },
      'b 3.0rc4, 3.0rc3, 3.0rc2 and 1 other are pre-releases: allow pre-releases with --pre, or ask for b==3.0rc4',
    ],
    [
      'of a yanked release',
      { 'b 2': { yanked: 'eats\u001b[31m files' } },
      'b 2 was yanked (eats[31m files): only asking for b==2 takes it',
    ],
    [
      'of a release that was yanked without a reason',
      { 'b 2': { yanked: '' } },
      'b 2 was yanked: only asking for b==2 takes it',
    ],
    [
      'of several yanked releases',
      { 'b 2': { yanked: 'x' }, 'b 3': { yanked: 'y' } },
      'b 3 and 2 were yanked: only asking for one of them by b==VERSION takes it',
    ],
    [
      'of releases that requires-python excludes',
      { 'b 2': { excluded: 'requires Python >=3.14' }, 'b 3': { excluded: 'requires Python >=3.14' } },
      'each of b 3 and 2 requires Python >=3.14: choose interpreters with --python',
    ],
    [
      'of a release without a file that fits',
      { 'b 2': { excluded: 'has no sdist, and its wheel is for other interpreters or platforms' } },
      'b 2 has no sdist, and its wheel is for other interpreters or platforms: choose targets with --python and --platform',
    ],
    [
      'of a release that came later',
      { 'b 2': { excluded: 'was uploaded later' } },
      'b 2 was uploaded later: choose a later day with --as-of',
    ],
    [
      'of a release that is out of use for any other reason',
      { 'b 2': { excluded: 'no luck\u001b[31m' } },
      'b 2 is no candidate: no luck[31m',
    ],
  ])('%s', async (_what, releases, hint) => {
    expect(await storyOf({ 'a 1': ['b>=2'], 'b 1': [], ...releases }, ['a'])).toBe(
      [
        'Because a 1 depends on b>=2 and no other version of a can be used, a requires b>=2.',
        'And because you require a and no version of b matches >=2, the request cannot be met.',
        `hint: ${hint}`,
      ].join('\n'),
    );
  });

  it('and not of those that would not match', async () => {
    const index = { 'a 1': ['b>=2'], 'b 1': [], 'b 0.9': { yanked: '' }, 'b 1.1a1': [] };

    expect(await storyOf(index, ['a'])).not.toContain('hint');
  });
});

describe('what the user names and no index can give', () => {
  it('is told with the indexes that were asked, and the projects that may be meant', async () => {
    const options = { indexes: ['PyPI'], similarNames: () => ['requests', 'request', 'requests2', 'quests'] };

    expect(await errorsOf(outcomeOf({}, ['reqests'], options))).toEqual([
      'E_NO_SUCH_PROJECT',
      'PyPI has no project reqests',
      'hint: did you mean requests, request or requests2?',
    ]);
    expect(await errorsOf(outcomeOf({}, ['reqests'], { indexes: ['PyPI', 'https://wheels.test/simple'] }))).toEqual([
      'E_NO_SUCH_PROJECT',
      'none of PyPI and https://wheels.test/simple has a project reqests',
      'hint: check the spelling of reqests, or name the index that has it with --extra-index-url',
    ]);
  });

  it('is told with the kinds of files where no release is made of them', async () => {
    const provider = { ...madeUpProvider({}), releases: async () => [] };
    const request = requestFor(['old'], { unusableFiles: () => ['3 eggs', '1 Windows installer'] });

    expect(await errorsOf(resolve(request, provider))).toEqual([
      'E_NO_MATCHING_VERSION',
      'no version of old can be used: it has no releases, only files that cannot be used: 3 eggs and 1 Windows installer',
      'hint: ',
    ]);
  });

  it('is told with the reasons of all releases', async () => {
    const index = {
      'foo 4': { excluded: 'requires Python >=3.14' },
      'foo 3': { yanked: 'broken' },
      'foo 2rc1': [],
      'foo 1': [],
    };

    expect(await errorsOf(outcomeOf(index, ['foo>1']))).toEqual([
      'E_NO_MATCHING_VERSION',
      'no version of foo matches >1: its versions are 4, 3, 2rc1 and 1',
      'hint: foo 2rc1 is a pre-release: allow pre-releases with --pre, or ask for foo==2rc1; foo 3 was yanked (broken): only asking for foo==3 takes it; foo 4 requires Python >=3.14: choose interpreters with --python',
    ]);
  });

  it('is told when the search is hopeless', async () => {
    const index: Record<string, string[]> = {};
    for (let number = 1; number <= 30; number += 1) {
      index[`a ${number}`] = [`z==${number}`];
      index[`b ${number}`] = [`z==${100 - number}`];
      index[`z ${number}`] = [];
      index[`z ${100 - number}`] = [];
    }

    expect(await errorsOf(outcomeOf(index, ['a', 'b'], { budget: 10 }))).toEqual([
      'E_RESOLUTION_BUDGET',
      'no set of versions was found in 10 steps, most of them spent on b, a and z',
      'hint: limit the versions of these projects, for example by a lower bound in a requirement or constraint',
    ]);
  });
});

describe('a failure deep in the proof', () => {
  it('tells of files that no release is made of', async () => {
    const provider = madeUpProvider({ 'a 1': ['old'] });
    const request = requestFor(['a'], { unusableFiles: () => ['3 eggs'] });
    const outcome = await resolve(request, {
      ...provider,
      releases: async (name) => (name === 'old' ? [] : provider.releases(name)),
    });
    if (outcome.kind === 'resolved') throw new Error('the request was resolved');

    expect(formatResolutionFailure(outcome.failure)).toBe(story`
      Because a 1 depends on old and no other version of a can be used, a requires old.
      And because you require a and old has no version that can be used, the request cannot be met.
    `);
    expect(resolutionFailureHints(outcome.failure)).toEqual(['old has files that cannot be used: 3 eggs']);
  });
});
