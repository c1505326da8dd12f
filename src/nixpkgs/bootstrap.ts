/**
 * Projects (PEP 503 names) that the Python builder of nixpkgs needs for itself. They come from the package set: an overlay that replaces
 * one makes every package of the set be built again, and can recurse for ever.
 */
export const BOOTSTRAP_PROJECTS: ReadonlySet<string> = new Set([
  'build',
  'flit-core',
  'installer',
  'packaging',
  'pip',
  'pyproject-hooks',
  'setuptools',
  'tomli',
  'wheel',
]);
