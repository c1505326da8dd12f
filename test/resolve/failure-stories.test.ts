import { describe, expect, it } from 'vitest';
import { formatResolutionFailure, resolutionFailureHints } from '../../src/report/resolution-failure.ts';
import { LINUX, outcomeOf, versions } from './support/made-up-index.ts';

/** The whole text of a failure, with each hint on a line of its own below. */
async function storyOf(...request: Parameters<typeof outcomeOf>): Promise<string> {
  const outcome = await outcomeOf(...request);
  if (outcome.kind === 'resolved') throw new Error('the request was resolved');
  return [
    formatResolutionFailure(outcome.failure),
    ...resolutionFailureHints(outcome.failure).map((hint) => `hint: ${hint}`),
  ].join('\n');
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
      hint: one version is chosen for all targets: with fewer targets there may be one
    `);
  });

  it('when constraints are in the way', async () => {
    expect(await storyOf({ 'a 1': ['b>2'], 'b 1': [], 'b 3': [] }, ['a'], { constraints: ['b<2'] })).toBe(story`
      Because a 1 depends on b>2 and no other version of a can be used, a requires b>2.
      And because you require a and your constraints allow only b<2, the request cannot be met.
    `);
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
    ['of pre-releases', { 'b 3.0rc1': [] }, 'b 3.0rc1 is a pre-release: allow pre-releases, or ask for b==3.0rc1'],
    [
      'of several pre-releases',
      { 'b 3.0rc1': [], 'b 3.0rc2': [], 'b 3.0rc3': [], 'b 3.0rc4': [] },
      'b 3.0rc4, 3.0rc3, 3.0rc2 and 1 other are pre-releases: allow pre-releases, or ask for b==3.0rc4',
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
      'of a release without a file that fits',
      { 'b 2': { excluded: 'no file fits' } },
      'b 2 is no candidate: no file fits',
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
