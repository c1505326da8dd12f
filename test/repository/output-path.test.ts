import { describe, expect, it } from 'vitest';
import { checkOutputPaths, isOutputPath } from '../../src/repository/output-path.ts';

describe('isOutputPath', () => {
  it.each(['default.nix', 'pkgs/six/default.nix', 'pkgs/3to2/x', '.gitignore', 'a..b'])('takes %j', (path) => {
    expect(isOutputPath(path)).toBe(true);
  });

  it.each(['', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a\\b', 'a\nb', 'a b', 'ä', '.pypi2nix/lock', 'C:a'])(
    'refuses %j',
    (path) => {
      expect(isOutputPath(path)).toBe(false);
    },
  );
});

describe('checkOutputPaths', () => {
  it('refuses a path that would be a file and a folder', () => {
    expect(() => checkOutputPaths(['a', 'a/b'])).toThrow('a would be a file and a folder');
  });
});
