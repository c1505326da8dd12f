import path from 'node:path';
import envPaths from 'env-paths';

/**
 * The folder of the user's cache: PYPI2NIX_CACHE_DIR, else `pypi2nix` in XDG_CACHE_HOME, else where the system keeps caches.
 * The XDG Base Directory Specification says that a relative XDG_CACHE_HOME is to be ignored.
 */
export function cacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment.PYPI2NIX_CACHE_DIR;
  if (own !== undefined && own !== '') return path.resolve(own);
  const xdg = environment.XDG_CACHE_HOME;
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'pypi2nix');
  return envPaths('pypi2nix', { suffix: '' }).cache;
}
