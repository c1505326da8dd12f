import { describe, expect, it } from 'vitest';
import {
  formatSpecifierSet,
  parseSpecifierSet,
  specifierAllows,
  tryParseSpecifierSet,
} from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';

describe('what a specifier allows', () => {
  it.each([
    ['>1.0', ['1.0.1', '1.1a1'], ['1.0', '1.0.post1', '1.0+local', '1.0rc1']],
    ['>1.0.post1', ['1.0.post2', '1.1'], ['1.0.post1', '1.0.post1+local', '1.0']],
    ['>1.0a1', ['1.0', '1.0a2'], ['1.0a1', '1.0a1.post1']],
    ['<1.0', ['0.9', '0.9.post1'], ['1.0', '1.0rc1', '1.0.dev1']],
    ['<1.0rc1', ['1.0b1', '1.0.dev1'], ['1.0rc1', '1.0']],
    ['<1.0.post1', ['1.0', '1.0rc1'], ['1.0.post1.dev1', '1.0.post1']],
    ['<=1.0', ['1.0', '1.0+local', '1.0rc1'], ['1.0.post1']],
    ['>=1.0', ['1.0', '1.0.post1', '2!0.1'], ['1.0rc1']],
    ['==1.0', ['1.0.0', '1.0+local'], ['1.0.post1', '1.0rc1']],
    ['==1.0+local', ['1.0+local'], ['1.0', '1.0+other']],
    ['!=1.0', ['1.0.post1', '1.1'], ['1', '1.0+local']],
    ['==1.0.*', ['1.0', '1.0.7', '1.0rc1', '1.0.post1'], ['1.1', '1.1.dev1', '1!1.0']],
    ['!=1.*', ['2.0.dev0'], ['1.0.dev0', '1.99']],
    ['~=1.4.2', ['1.4.2', '1.4.99'], ['1.5', '1.4.2rc1', '1.5.dev0']],
    ['~=2.2.post3', ['2.2.post3', '2.9'], ['2.2', '3.0']],
    ['>=1,<2,!=1.5', ['1.4', '1.5.1'], ['1.5', '2.0']],
    ['', ['0.1.dev1'], []],
  ])('%s', (text, allowed, refused) => {
    const set = parseSpecifierSet(text);
    expect(allowed.filter((version) => !specifierAllows(set, parseVersion(version)))).toEqual([]);
    expect(refused.filter((version) => specifierAllows(set, parseVersion(version)))).toEqual([]);
  });

  it('has no pre-releases when they are not wanted', () => {
    const set = parseSpecifierSet('>=1.0a1');
    expect(specifierAllows(set, parseVersion('1.0rc1'), { prereleases: false })).toBe(false);
    expect(specifierAllows(set, parseVersion('1.0'), { prereleases: false })).toBe(true);
  });

  it('compares texts for ===', () => {
    const set = parseSpecifierSet('===1.0-Custom');
    expect(specifierAllows(set, '1.0-custom')).toBe(true);
    expect(specifierAllows(parseSpecifierSet('===1.0'), parseVersion('1.0.0'))).toBe(false);
    expect(specifierAllows(parseSpecifierSet('===1.0'), 'v1.0')).toBe(false);
  });

  it('allows a text that is no version nowhere but with === and without any specifier', () => {
    expect(specifierAllows(parseSpecifierSet('!=1.0'), 'french')).toBe(false);
    expect(specifierAllows(parseSpecifierSet(''), 'french')).toBe(true);
  });
});

describe('reading and writing specifier sets', () => {
  it('keeps the order and the spelling in which they are written', () => {
    expect(parseSpecifierSet(' >= 1.0 ,, <V2 ')).toEqual([
      { operator: '>=', version: '1.0' },
      { operator: '<', version: 'V2' },
    ]);
  });

  it.each([
    ['>=1.0, !=1.5 ,<2', '!=1.5,<2,>=1.0'],
    ['>=1.0.0,>=1.0,==1.*', '==1.*,>=1.0'],
    ['~=1.0,~=1.0.0', '~=1.0,~=1.0.0'],
    ['', ''],
  ])('%j is written %j', (text, normal) => {
    expect(formatSpecifierSet(parseSpecifierSet(text))).toBe(normal);
  });

  it.each([
    '1.0',
    '>=',
    '=>1',
    '>=1.*',
    '>=1.0+local',
    '~=1',
    '~=1.*',
    '==1.0a1.*',
    '==1.0.*.*',
    '>=1 2',
    '===a b',
    '==1.0;',
  ])('%j is none', (text) => {
    expect(tryParseSpecifierSet(text)).toBeNull();
  });

  it('shows which one is wrong', () => {
    expect(() => parseSpecifierSet('>=1.0, =<2')).toThrow(
      expect.objectContaining({
        code: 'E_INVALID_SPECIFIER',
        exit: 65,
        message: 'not a version specifier: there is no operator =<\n    >=1.0, =<2\n           ~~^',
      }),
    );
  });
});
