import { describe, expect, it } from 'vitest';
import { resolveDependencyGroup } from '../../src/pep/dependency-groups.ts';

describe('a dependency group', () => {
  it('has the requirements of the groups that it includes in their place, each once', () => {
    const groups = {
      test: ['pytest>=7', 'coverage'],
      Typing_Stubs: ['mypy', 'coverage'],
      dev: ['ruff', { 'include-group': 'TEST' }, { 'include-group': 'typing-stubs' }],
    };
    expect(resolveDependencyGroup(groups, 'Dev')).toEqual(['ruff', 'pytest>=7', 'coverage', 'mypy']);
  });

  it('may be reached in two ways', () => {
    const groups = { a: [{ 'include-group': 'b' }, { 'include-group': 'c' }], b: [{ 'include-group': 'c' }], c: ['x'] };
    expect(resolveDependencyGroup(groups, 'a')).toEqual(['x']);
  });

  it.each([
    ['is missing', {}, 'dependency group a does not exist'],
    ['is no list', { a: 'pytest' }, 'dependency group a is no list'],
    [
      'includes itself',
      { a: [{ 'include-group': 'b' }], b: [{ 'include-group': 'a' }] },
      'dependency group a includes itself: a -> b -> a',
    ],
    ['is spelled twice', { A: [], a: [] }, 'dependency group a is there twice, in different spellings'],
    ['has a strange entry', { a: [{ path: '.' }] }, 'dependency group a has an entry that is neither'],
    [
      'has an entry with two keys',
      { a: [{ 'include-group': 'b', x: 1 }], b: [] },
      'dependency group a has an entry that is neither',
    ],
    [
      'has an invalid requirement',
      { a: ['x=='] },
      'dependency group a has an entry that is not a requirement: expected a version after ==',
    ],
    ['includes a missing group', { a: [{ 'include-group': '__proto__' }] }, 'dependency group -proto- does not exist'],
  ])('is refused when it %s', (_, groups, message) => {
    expect(() => resolveDependencyGroup(groups, 'a')).toThrow(
      expect.objectContaining({ code: 'E_BAD_DEPENDENCY_GROUP', exit: 65, message: expect.stringContaining(message) }),
    );
  });
});
