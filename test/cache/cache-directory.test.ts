import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../src/cache/cache-directory.ts';

describe('cacheDirectory', () => {
  it.each([
    [{ PYPI2NIX_CACHE_DIR: '/own', XDG_CACHE_HOME: '/xdg' }, '/own'],
    [{ PYPI2NIX_CACHE_DIR: 'own' }, path.resolve('own')],
    [{ PYPI2NIX_CACHE_DIR: '', XDG_CACHE_HOME: '/xdg' }, '/xdg/pypi2nix'],
  ])('%j gives %s', (environment: Record<string, string>, expected) => {
    expect(cacheDirectory(environment)).toBe(expected);
  });

  it('without either it lies below the home folder, and a relative XDG_CACHE_HOME is ignored', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: 'relative' })).toBe(cacheDirectory({}));
    expect(path.isAbsolute(path.relative(os.homedir(), cacheDirectory({})))).toBe(false);
    expect(path.basename(cacheDirectory({}))).toBe('pypi2nix');
  });
});
