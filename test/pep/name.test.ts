import { describe, expect, it } from 'vitest';
import { isProjectName, normalizeName } from '../../src/pep/name.ts';

describe('names of projects', () => {
  it.each([
    ['Django', 'django'],
    ['zope.interface', 'zope-interface'],
    ['A__b.-_c', 'a-b-c'],
    ['already-normal', 'already-normal'],
  ])('%s has the normal form %s', (name, normal) => {
    expect(normalizeName(name)).toBe(normal);
  });

  it.each(['a', 'A9', 'zope.interface', 'a-_.b', '0'])('%s is a name', (name) => {
    expect(isProjectName(name)).toBe(true);
  });

  it.each(['', '-a', 'a-', '.a', 'a b', 'å', 'a/b', '../a', 'a\n', 'a\u0000'])('%j is none', (name) => {
    expect(isProjectName(name)).toBe(false);
  });
});
