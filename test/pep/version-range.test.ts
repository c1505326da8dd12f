import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpecifierSet, specifierAllows } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';
import {
  ANY_VERSION,
  complementOf,
  formatRange,
  intersectionOf,
  isEmptyRange,
  isSubsetOf,
  NO_VERSION,
  rangeHas,
  rangeOfSpecifiers,
  rangeOfVersion,
  rangesEqual,
  unionOf,
  type VersionRange,
} from '../../src/pep/version-range.ts';
import { specifierSet, version } from './support/arbitraries.ts';

const range: fc.Arbitrary<VersionRange> = fc.oneof(
  specifierSet.map(rangeOfSpecifiers),
  version.map(rangeOfVersion),
  fc
    .tuple(specifierSet, version)
    .map(([set, one]) => unionOf(rangeOfSpecifiers(set), complementOf(rangeOfVersion(one)))),
  fc.tuple(specifierSet, specifierSet).map(([a, b]) => unionOf(rangeOfSpecifiers(a), rangeOfSpecifiers(b))),
);

const of = (text: string): VersionRange => rangeOfSpecifiers(parseSpecifierSet(text));

describe('a range of specifiers', () => {
  it('has the versions that the specifiers allow', () => {
    fc.assert(
      fc.property(specifierSet, version, (set, one) => {
        expect(rangeHas(rangeOfSpecifiers(set), one)).toBe(specifierAllows(set, one, { prereleases: true }));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes === for the version in normal form, and for nothing when it is none', () => {
    expect(rangesEqual(of('===1.0'), rangeOfVersion(parseVersion('1.0')))).toBe(true);
    expect(isEmptyRange(of('===foobar'))).toBe(true);
    expect(isEmptyRange(of('===v1.0'))).toBe(true);
  });

  it.each([
    ['<1.0', '<1.0.dev0'],
    ['<=1.0', '<1.0.post0'],
    ['>1.0.post1', '>=1.0.post2.dev0'],
    ['>1.0a1', '>=1.0a2.dev0'],
    ['==1.0.*', '>=1.0.dev0,<1.1'],
    ['>=0.dev0', ''],
    ['<0', '>1,<1'],
  ])('is the same for %s and %s, which have the same versions', (a, b) => {
    expect(rangesEqual(of(a), of(b))).toBe(true);
  });
});

describe('a range of one version', () => {
  it('has neither its local versions nor its post-releases', () => {
    const one = rangeOfVersion(parseVersion('1.0'));
    expect(
      ['1.0', '1.0.0', '1.0+local', '1.0.post1', '1.0rc1'].map((text) => rangeHas(one, parseVersion(text))),
    ).toEqual([true, true, false, false, false]);
  });
});

describe('the algebra of ranges', () => {
  it('unites, intersects and complements memberships', () => {
    fc.assert(
      fc.property(range, range, version, (a, b, one) => {
        expect(rangeHas(unionOf(a, b), one)).toBe(rangeHas(a, one) || rangeHas(b, one));
        expect(rangeHas(intersectionOf(a, b), one)).toBe(rangeHas(a, one) && rangeHas(b, one));
        expect(rangeHas(complementOf(a), one)).toBe(!rangeHas(a, one));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives equal ranges for equal sets', () => {
    fc.assert(
      fc.property(range, range, range, (a, b, c) => {
        const laws: [VersionRange, VersionRange][] = [
          [complementOf(complementOf(a)), a],
          [unionOf(a, complementOf(a)), ANY_VERSION],
          [intersectionOf(a, complementOf(a)), NO_VERSION],
          [unionOf(a, b), unionOf(b, a)],
          [intersectionOf(a, b), intersectionOf(b, a)],
          [unionOf(a, intersectionOf(a, b)), a],
          [intersectionOf(a, unionOf(b, c)), unionOf(intersectionOf(a, b), intersectionOf(a, c))],
          [complementOf(unionOf(a, b)), intersectionOf(complementOf(a), complementOf(b))],
        ];
        for (const [left, right] of laws) expect(rangesEqual(left, right)).toBe(true);
      }),
    );
  });

  it('knows subsets', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        expect(isSubsetOf(intersectionOf(a, b), a)).toBe(true);
        expect(isSubsetOf(a, unionOf(a, b))).toBe(true);
        expect(isSubsetOf(a, b)).toBe(rangesEqual(intersectionOf(a, b), a));
      }),
    );
    expect(isSubsetOf(of('==1.5'), of('>=1,<2'))).toBe(true);
    expect(isSubsetOf(of('>=1'), of('>1'))).toBe(false);
  });

  it('finds out that bounds with no version between them are empty', () => {
    expect(isEmptyRange(of('>1.0a1,<1.0a2.dev0'))).toBe(true);
    expect(isEmptyRange(of('>1.0.dev1,<1.0.dev2'))).toBe(true);
    expect(isEmptyRange(of('>1.0,<1.0.post1'))).toBe(true);
    expect(isEmptyRange(of('>1.0,<1.0.0.1'))).toBe(false);
  });
});

describe('a range in a message', () => {
  it.each([
    ['>=1.0,<2.0', '>=1.0,<2.0'],
    ['~=1.4.2', '>=1.4.2,<1.5'],
    ['==1.2', '==1.2'],
    ['==1.2.*', '==1.2.*'],
    ['!=1.5', '!=1.5'],
    ['>=1,!=1.5,!=1.6.*,<2', '>=1,!=1.5,!=1.6.*,<2'],
    ['>1.0', '>1.0'],
    ['<=1.0', '<=1.0'],
    ['<=1.0a1', '<=1.0a1'],
    ['==1.0+local', '==1.0+local'],
    ['==1.0.dev3', '==1.0.dev3'],
    ['', 'any version'],
    ['>2,<1', 'no version'],
  ])('%s reads %s', (text, shown) => {
    expect(formatRange(of(text))).toBe(shown);
  });

  it('joins parts with a bar', () => {
    expect(formatRange(unionOf(rangeOfVersion(parseVersion('1.2')), of('>=2')))).toBe('==1.2 | >=2');
  });

  it('has the plain bounds of the opposite', () => {
    expect(formatRange(complementOf(of('>=1.0,<2.0')))).toBe('<1.0 | >=2.0');
    expect(formatRange(complementOf(of('<=1.0')))).toBe('>1.0');
    expect(formatRange(complementOf(of('>1.0')))).toBe('<=1.0');
  });
});
