import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { compareVersions, isPrerelease, parseVersion, tryParseVersion } from '../../src/pep/version.ts';
import { version, versionText } from './support/arbitraries.ts';

describe('reading a version', () => {
  it.each([
    ['1.0', '1.0'],
    ['v1.0', '1.0'],
    [' \t1.0\n', '1.0'],
    ['0!1.0', '1.0'],
    ['1!2.0', '1!2.0'],
    ['001.02', '1.2'],
    ['1.0-alpha.1', '1.0a1'],
    ['1.0.BETA', '1.0b0'],
    ['1.0c1', '1.0rc1'],
    ['1.0preview2', '1.0rc2'],
    ['1.0-1', '1.0.post1'],
    ['1.0.rev3', '1.0.post3'],
    ['1.0post', '1.0.post0'],
    ['1.0-dev', '1.0.dev0'],
    ['1.0a1.post2.dev3+Ubuntu_007', '1.0a1.post2.dev3+ubuntu.7'],
    ['1.0+0a', '1.0+0a'],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.1'],
  ])('%j is %s in normal form', (text, normal) => {
    expect(parseVersion(text).text).toBe(normal);
  });

  it.each(['', 'french', '1.0.', '1..0', '2004d', '1_0', '1.0+', '1.0++a', '1.0.post1.post2', '1.*', '1!', '١.٠'])(
    '%j is no version',
    (text) => {
      expect(tryParseVersion(text)).toBeNull();
    },
  );

  it('says which text is no version, without what a terminal would obey', () => {
    expect(() => parseVersion('1.0\u001b[2J')).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_VERSION',
        exit: 65,
        message: expect.stringContaining('\n    1.0?[2J\n       ^'),
      }),
    );
    expect(() => parseVersion('x')).toThrow(UserError);
  });

  it('gives the same version for its normal form', () => {
    fc.assert(
      fc.property(versionText, (text) => {
        const parsed = parseVersion(text);
        expect(parseVersion(parsed.text)).toEqual(parsed);
      }),
    );
  });
});

describe('the order of versions', () => {
  const ASCENDING = [
    '0.dev0',
    '0.9',
    '1.0.dev1',
    '1.0a1.dev2',
    '1.0a1',
    '1.0a1.post1.dev3',
    '1.0a1.post1',
    '1.0a2',
    '1.0b1',
    '1.0rc1',
    '1.0',
    '1.0+a',
    '1.0+a.0',
    '1.0+a.1',
    '1.0+b',
    '1.0+2',
    '1.0+10',
    '1.0.post1.dev1',
    '1.0.post1',
    '1.0.0.1',
    '1.2',
    '1.10',
    '9007199254740993',
    '9007199254740994',
    '1!0.1',
  ].map(parseVersion);

  it('is that of PEP 440 for every pair', () => {
    for (const [i, a] of ASCENDING.entries()) {
      for (const [j, b] of ASCENDING.entries()) {
        expect([a.text, b.text, compareVersions(a, b)]).toEqual([a.text, b.text, Math.sign(i - j)]);
      }
    }
  });

  it('does not see trailing zeros, leading zeros and spellings', () => {
    expect(compareVersions(parseVersion('1.0.0-RC.01'), parseVersion('v1c1'))).toBe(0);
  });

  it('is total: opposite pairs have opposite orders, and sorting does not depend on where one begins', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, b)).toBe(0 - compareVersions(b, a));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('pre-releases', () => {
  it.each(['1.0a1', '1.0.dev1', '1.0rc1.post1', '1.0.post1.dev2'])('%s is one', (text) => {
    expect(isPrerelease(parseVersion(text))).toBe(true);
  });

  it.each(['1.0', '1.0.post1', '1.0+dev'])('%s is none', (text) => {
    expect(isPrerelease(parseVersion(text))).toBe(false);
  });
});
