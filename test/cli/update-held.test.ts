import { describe, expect, it } from 'vitest';
import { type UpdateBounds, whyHeldBack } from '../../src/cli/update/held.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';

const BOUNDS: UpdateBounds = {
  limits: {
    current: new Map([['lid', parseVersion('1.0')]]),
    target: 'major',
    until: null,
    stays: () => false,
    mayGoBack: false,
  },
  untilOption: '--cool-down 7d',
  stays: new Map(),
  pins: [],
  roots: [],
  constraints: [],
  needs: [],
  chosen: new Map([
    ['lid', parseVersion('1.0')],
    ['oven', parseVersion('3')],
  ]),
};

/** Why lid 2.0 is not taken. */
function why(
  bounds: Partial<UpdateBounds>,
  {
    excluded = null,
    uploaded = null,
    needs = [],
  }: { excluded?: string | null; uploaded?: string | null; needs?: string[] } = {},
): Promise<readonly string[]> {
  const passed = { project: 'lid', release: { version: parseVersion('2.0'), excluded }, uploaded };
  return whyHeldBack(passed, { ...BOUNDS, ...bounds }, async () => needs.map(parseRequirement));
}

describe('why a release is not taken', () => {
  it('is a constraint, a requirement of the manifest, or what other packages need', async () => {
    const need = (by: string, specifier: string) => ({ by, name: 'lid', specifier });
    const told = await why({
      roots: [parseRequirement('lid~=1.0'), parseRequirement('lid>=1')],
      constraints: [parseRequirement('lid!=2.0')],
      needs: [need('pot 1', '<2'), need('pan 3', '==1.*'), need('cup 1', '>=1')],
    });
    expect(told).toEqual([
      'pypi2nix.toml asks for lid~=1.0',
      'a constraint is lid!=2.0',
      'pan 3 needs lid==1.*',
      'pot 1 needs lid<2',
    ]);
  });

  it('names a few of many that need an older one', async () => {
    const needs = Array.from({ length: 30 }, (_, at) => ({ by: `pot${at} 1`, name: 'lid', specifier: '<2' }));
    expect((await why({ needs })).at(-1)).toBe('26 more need an older one');
  });

  it('is the target of the update', async () => {
    expect(await why({ limits: { ...BOUNDS.limits, target: 'minor' } })).toEqual(['--target minor']);
  });

  it.each([
    ['2026-01-05T00:00:00Z', 'it was uploaded on 2026-01-05 (--cool-down 7d)'],
    [null, 'nobody knows when it was uploaded (--cool-down 7d)'],
  ])('is that it is young: %s', async (uploaded, expected) => {
    const limits = { ...BOUNDS.limits, until: Date.parse('2026-01-01T00:00:00Z') };
    expect(await why({ limits }, { uploaded })).toEqual([expected]);
  });

  it('is that the release does not fit', async () => {
    expect(await why({}, { excluded: 'requires Python >=3.99' })).toEqual(['it requires Python >=3.99']);
  });

  it('is what the release itself needs, where nothing else says it', async () => {
    expect(await why({}, { needs: ['oven<3', 'oven>=2', 'unknown>=1'] })).toEqual([
      'it needs oven<3, and oven is at 3',
    ]);
    expect(await why({}, { needs: [] })).toEqual(['no versions of all packages fit together with it']);
  });
});
