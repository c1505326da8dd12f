import { describe, expect, it } from 'vitest';
import { resolutionFailureError } from '../../src/report/resolution-failure.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { chosenOf, madeUpProvider, outcomeOf, requestFor } from './support/made-up-index.ts';

async function choose(...request: Parameters<typeof outcomeOf>): Promise<string[]> {
  return chosenOf(await outcomeOf(...request));
}

async function notesOf(...request: Parameters<typeof outcomeOf>): Promise<string[]> {
  const outcome = await outcomeOf(...request);
  return outcome.kind === 'failed' ? [] : outcome.notes.map(({ kind, text }) => `${kind}: ${text}`);
}

describe('a pre-release', () => {
  const index = { 'a 1': ['b'], 'b 1.0': [], 'b 2.0rc1': [], 'b 1.5.dev3': [], 'c 1': ['b>=2.0rc1'] };

  it.each([
    ['is no candidate when there are stable releases', ['a'], {}, 'b 1.0'],
    ['is a candidate when pre-releases are allowed', ['a'], { prereleases: true }, 'b 2.0rc1'],
    ['is a candidate when a requirement of the user names one', ['a', 'b>=1.5a1'], {}, 'b 2.0rc1'],
    ['is chosen when the user pins it', ['a', 'b==1.5.dev3'], {}, 'b 1.5.dev3'],
    ['is a candidate when a constraint of the user names one', ['a'], { constraints: ['b>1.0,<=2.0rc1'] }, 'b 2.0rc1'],
    ['comes after all other releases when one is named', ['a', 'b>=0.1a1'], {}, 'b 1.0'],
    ['is no candidate because one is excluded', ['a', 'b!=2.0a1'], {}, 'b 1.0'],
  ])('%s', async (_behaviour, request, options, expected) => {
    expect(await choose(index, request, options)).toContain(expected);
  });

  it('is no candidate because a requirement of a release names one', async () => {
    expect((await outcomeOf(index, ['c'])).kind).toBe('failed');
  });

  it('is a candidate when the project has nothing else, and a note tells it', async () => {
    const only = { 'a 1': ['b'], 'b 1.0a1': [], 'b 1.0a2': [], 'b 0.9': { excluded: 'no file fits' } };

    expect(await choose(only, ['a'])).toEqual(['a 1', 'b 1.0a2']);
    expect(await notesOf(only, ['a'])).toEqual(['fallback: b 1.0a2 was taken because b has only pre-releases']);
  });
});

describe('a yanked release', () => {
  const index = { 'a 1': ['b'], 'b 1': [], 'b 2': { yanked: 'breaks\n things' }, 'c 1': ['b==2'] };

  it('is passed over', async () => {
    expect(await choose(index, ['a', 'b>=1'])).toEqual(['a 1', 'b 1']);
  });

  it.each(['b==2', 'b===2'])(
    'is chosen by the exact requirement %s, with a warning that gives the reason',
    async (pin) => {
      expect(await choose(index, ['a', pin])).toEqual(['a 1', 'b 2']);
      expect(await notesOf(index, ['a', pin])).toEqual(['warning: b 2 was yanked: breaks things']);
    },
  );

  it('is chosen by an exact constraint', async () => {
    expect(await choose(index, ['a'], { constraints: ['b==2'] })).toEqual(['a 1', 'b 2']);
  });

  it('is not chosen by a pattern that it matches', async () => {
    await expect(outcomeOf(index, ['b==2.*'])).rejects.toThrow('no version of b matches ==2.*');
  });

  it('is not chosen because a release pins it', async () => {
    expect((await outcomeOf(index, ['c'])).kind).toBe('failed');
  });

  it('keeps its reason in the resolution', async () => {
    const outcome = await outcomeOf(index, ['b==2']);

    expect(outcome.kind === 'resolved' && outcome.resolution.packages.get('b')?.yanked).toBe('breaks\n things');
  });
});

describe('an excluded release', () => {
  it('is never chosen, even by an exact requirement', async () => {
    const index = { 'a 1': [], 'a 2': { excluded: 'no file fits' } };

    expect(await choose(index, ['a'])).toEqual(['a 1']);
    await expect(outcomeOf(index, ['a==2'])).rejects.toThrow('no version of a matches ==2');
  });
});

describe('a local version', () => {
  const index = { 'a 1.0': [], 'a 1.0+cpu': [], 'a 1.0+gpu': [] };

  it.each([
    ['a==1.0+cpu', 'a 1.0+cpu'],
    ['a==1.0', 'a 1.0+gpu'],
    ['a===1.0', 'a 1.0'],
    ['a>=1.0', 'a 1.0+gpu'],
    ['a!=1.0+gpu', 'a 1.0+cpu'],
  ])('is chosen for %s as PEP 440 has it', async (request, expected) => {
    expect(await choose(index, [request])).toEqual([expected]);
  });
});

describe('a URL', () => {
  it('is a requirement on any version and stays with it', async () => {
    const url = 'b @ https://files.test/b-2.tar.gz';
    const outcome = await outcomeOf({ 'a 1': [url], 'b 2': [] }, ['a', url]);

    expect(chosenOf(outcome)).toEqual(['a 1', 'b 2']);
    expect(outcome.kind === 'resolved' && outcome.resolution.packages.get('a')?.requirements).toMatchObject([
      { name: 'b', url: 'https://files.test/b-2.tar.gz' },
    ]);
  });

  it('excludes another URL for the same project, and neither is printed', async () => {
    const index = {
      'a 1': ['b @ https://user:secret@one.test/b-2.tar.gz'],
      'c 1': ['b @ https://two.test/b-2.tar.gz'],
      'b 2': [],
    };

    const request = ['a', 'c', 'b @ https://user:secret@one.test/b-2.tar.gz'];
    await expect(outcomeOf(index, request)).rejects.toMatchObject({
      code: 'E_CONFLICTING_URLS',
      message: 'b is asked for from two different addresses, by the request and by c',
    });
  });

  it('of a release is refused where the request does not name it, and is not printed', async () => {
    const index = { 'a 1': ['b @ https://user:secret@one.test/b-2.tar.gz'], 'b 2': [] };

    await expect(outcomeOf(index, ['a'])).rejects.toMatchObject({
      code: 'E_TRANSITIVE_ADDRESS',
      message: 'a 1 asks for b at an address, which the request does not name',
      hint: "if the address is to be trusted, name it in the request: 'b @ ADDRESS'",
    });
  });

  it('of a release is followed where the provider has what stands there', async () => {
    const provider = madeUpProvider({ 'a 1': ['b @ https://one.test/b-2.tar.gz'], 'b 2': [] });
    const knowing = { ...provider, knowsAddress: (name: string) => name === 'b' };

    expect(chosenOf(await resolve(requestFor(['a']), knowing))).toEqual(['a 1', 'b 2']);
  });

  it('makes a pre-release the candidate without a word', async () => {
    const outcome = await outcomeOf({ 'b 2.0.dev3': [] }, ['b @ https://files.test/b.tar.gz']);

    expect(chosenOf(outcome)).toEqual(['b 2.0.dev3']);
    expect(outcome.kind === 'resolved' && outcome.notes).toEqual([]);
  });
});

describe('a release that turns out to be unusable', () => {
  const index = { 'a 1': ['b'], 'b 2': { unusable: 'has no METADATA' }, 'b 1': [] };

  it('is passed over, and a note tells why', async () => {
    expect(await choose(index, ['a'])).toEqual(['a 1', 'b 1']);
    expect(await notesOf(index, ['a'])).toEqual(['omitted: b 2 was passed over: has no METADATA']);
  });

  it('is told among the reasons when nothing else is left', async () => {
    const outcome = await outcomeOf(index, ['a', 'b>=2']);

    expect(outcome.kind === 'failed' && resolutionFailureError(outcome.failure)).toMatchObject({
      code: 'E_UNSATISFIABLE',
      message: 'Because you require b>=2 and no version of b matches >=2, the request cannot be met.',
      hint: 'b 2 has no METADATA',
    });
  });

  it('is not asked for again and again', async () => {
    const provider = madeUpProvider(index);
    await resolve(requestFor(['a', 'b']), provider);

    expect(provider.asked.filter((question) => question === 'requirements b 2')).toHaveLength(1);
  });
});
