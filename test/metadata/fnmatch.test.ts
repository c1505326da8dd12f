import { describe, expect, it } from 'vitest';
import { fitsPattern } from '../../src/metadata/fnmatch.ts';

describe('fitsPattern', () => {
  it.each<[string, string, boolean]>([
    ['tests', 'tests', true],
    ['tests.unit', 'tests', false],
    ['tests.unit', 'tests.*', true],
    ['tests.unit', 'tests*', true],
    ['a.tests.b', '*.tests.*', true],
    ['kettle', 'kettl?', true],
    ['kettl', 'kettl?', false],
    ['lib2', 'lib[0-9]', true],
    ['libx', 'lib[0-9]', false],
    ['libx', 'lib[!0-9]', true],
    ['a]', 'a[]]', true],
    ['a[', 'a[', true],
    ['aab', '*ab', true],
    ['abab', 'a*ab', true],
    ['', '*', true],
    ['', '', true],
    ['a', '', false],
  ])('%j of %j: %s', (name, pattern, fits) => {
    expect(fitsPattern(name, pattern)).toBe(fits);
  });

  it('takes no longer for a pattern that fits almost', () => {
    expect(fitsPattern('a'.repeat(10_000), `${'a*'.repeat(90)}b`)).toBe(false);
  });
});
