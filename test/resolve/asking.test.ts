import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import type { Provider } from '../../src/resolve/provider.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { chosenOf, madeUpProvider, outcomeOf, requestFor } from './support/made-up-index.ts';

describe('requirements of the user that no index can meet', () => {
  const index = {
    'foo 1.0': [],
    'foo 1.5': { yanked: 'broken' },
    'foo 2.0a1': [],
    'foo 3.0': { excluded: 'it requires Python >=3.14' },
    'foo 4.0': { excluded: 'it requires Python >=3.14' },
    'bar 1': [],
  };

  it('are all told at once', async () => {
    const failing = outcomeOf(index, ['nope', 'bar', 'foo>1.0', 'bar>=2', 'nada'], {
      similarNames: (name) => (name === 'nope' ? ['rope', 'hope'] : []),
    });

    await expect(failing).rejects.toMatchObject({
      errors: [
        { code: 'E_NO_SUCH_PROJECT', message: 'no index has a project nope', hint: 'did you mean rope or hope?' },
        {
          code: 'E_NO_MATCHING_VERSION',
          message: 'no version of foo matches >1.0: its versions are 4.0, 3.0, 2.0a1, 1.5 and 1.0',
          hint: 'foo 2.0a1 is a pre-release: allow pre-releases with --pre, or ask for foo==2.0a1; foo 1.5 was yanked (broken): only asking for foo==1.5 takes it; foo 4.0 and 3.0 are no candidates: it requires Python >=3.14',
        },
        { code: 'E_NO_MATCHING_VERSION', message: 'no version of bar matches >=2: its versions are 1' },
        { code: 'E_NO_SUCH_PROJECT', message: 'no index has a project nada' },
      ],
    });
  });

  it('name the newest five of many versions', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`foo ${number}`, []]));

    await expect(outcomeOf(many, ['foo>99'])).rejects.toThrow(
      'no version of foo matches >99: its versions are 29, 28, 27, 26, 25 and 25 others',
    );
  });

  it('are told without a version when every release is out of use', async () => {
    await expect(outcomeOf({ 'foo 1': { excluded: 'no file fits' } }, ['foo'])).rejects.toMatchObject({
      message: 'no version of foo can be used: its versions are 1',
      hint: 'foo 1 is no candidate: no file fits',
    });
  });
});

describe('the provider', () => {
  it('is asked for all projects of the request at once', async () => {
    const waiting: (() => void)[] = [];
    const provider = madeUpProvider({ 'a 1': [], 'b 1': [], 'c 1': [] }, (question) =>
      question.startsWith('releases') ? new Promise((answer) => waiting.push(answer)) : Promise.resolve(),
    );

    const resolving = resolve(requestFor(['a', 'b', 'c']), provider);
    expect(provider.asked).toEqual(['releases a', 'releases b', 'releases c']);
    for (const answer of waiting) answer();

    expect(chosenOf(await resolving)).toEqual(['a 1', 'b 1', 'c 1']);
  });

  it('is asked each thing once', async () => {
    const index = { 'a 1': ['c<2', 'd'], 'b 1': ['c', 'd[x]'], 'c 1': [], 'c 2': [], 'd 1': ['c; extra == "x"'] };
    const provider = madeUpProvider(index);

    await resolve(requestFor(['a', 'b']), provider);

    expect(provider.asked).toEqual([...new Set(provider.asked)]);
  });

  it('gets a hint for the likely version of a project before the search comes to it', async () => {
    const provider = madeUpProvider({ 'a 1': ['b<3'], 'b 3': [], 'b 2': [] });

    await resolve(requestFor(['a']), provider);

    expect(provider.asked).toContain('prefetch a 1');
    expect(provider.asked.indexOf('prefetch b 2')).toBeLessThan(provider.asked.indexOf('requirements b 2'));
    expect(provider.asked).not.toContain('prefetch b 3');
  });

  it('gets hints for many versions at once after several were tried in vain', async () => {
    const index: Record<string, readonly string[]> = { 'd 1': [] };
    for (let version = 1; version <= 30; version += 1) index[`a ${version}`] = version < 15 ? [] : ['d>1'];
    const provider = madeUpProvider(index);

    await resolve(requestFor(['a']), provider);

    const fifth = provider.asked.indexOf('requirements a 26');
    const hinted = provider.asked.slice(0, fifth).filter((question) => question.startsWith('prefetch a '));
    expect(hinted).toEqual(expect.arrayContaining(['prefetch a 25', 'prefetch a 24', 'prefetch a 21']));
  });

  it('need not take hints', async () => {
    const { releases, requirements } = madeUpProvider({ 'a 1': ['b'], 'b 1': [] });

    expect(chosenOf(await resolve(requestFor(['a']), { releases, requirements }))).toEqual(['a 1', 'b 1']);
  });

  it('ends the search with its error when the search needs the answer', async () => {
    const provider: Provider = {
      ...madeUpProvider({ 'a 1': ['b'] }),
      releases: (name) =>
        name === 'b'
          ? Promise.reject(new UserError('E_INDEX_UNAVAILABLE', 'down'))
          : madeUpProvider({ 'a 1': ['b'] }).releases(name),
    };

    await expect(resolve(requestFor(['a']), provider)).rejects.toMatchObject({ code: 'E_INDEX_UNAVAILABLE' });
  });

  it('may fail for a project that the search never needs', async () => {
    const made = madeUpProvider({ 'a 2': ['c>1', 'b'], 'a 1': [], 'c 1': [] });
    const provider: Provider = {
      ...made,
      releases: (name) =>
        name === 'b' ? Promise.reject(new UserError('E_INDEX_UNAVAILABLE', 'down')) : made.releases(name),
    };

    expect(chosenOf(await resolve(requestFor(['a', 'c']), provider))).toEqual(['a 1', 'c 1']);
  });
});

describe('the budget', () => {
  it('ends a search that takes too long, and names what it was spent on', async () => {
    const index = { 'a 1': ['b'], 'b 1': ['c'], 'c 1': [] };

    await expect(outcomeOf(index, ['a'], { budget: 3 })).rejects.toMatchObject({
      code: 'E_RESOLUTION_BUDGET',
      message: 'no set of versions was found in 3 steps, most of them spent on a, b and c',
      hint: 'limit the versions of these projects, for example by a lower bound in a requirement or constraint',
    });
  });

  it('is not touched by a request that fits', async () => {
    expect(chosenOf(await outcomeOf({ 'a 1': ['b'], 'b 1': [] }, ['a'], { budget: 3 }))).toEqual(['a 1', 'b 1']);
  });
});
