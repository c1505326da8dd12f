import { fitsPattern } from './fnmatch.ts';

/**
 * Tells which packages a search of setuptools takes (`find` with `include` and `exclude`, in pyproject.toml or setup.cfg). Without `include` it takes all.
 */
export function packageSearch(patterns: {
  readonly include?: readonly string[] | undefined;
  readonly exclude: readonly string[];
}): (name: string) => boolean {
  const { include, exclude } = patterns;
  return (name) =>
    (include?.some((pattern) => fitsPattern(name, pattern)) ?? true) &&
    !exclude.some((pattern) => fitsPattern(name, pattern));
}
