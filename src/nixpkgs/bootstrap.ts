/**
 * Projects (PEP 503 names) that the Python builder of some release of nixpkgs needs for itself. They come from the package set: an overlay that replaces
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

/**
 * Those of them that the builder of a release is made with: it installs by pip up to 23.05, and by PyPA's build and installer since. Before that the others are packages as
 * all are, and old sets lack some.
 */
export function bootstrapProjects(release: string): ReadonlySet<string> {
  if (release === 'unstable' || release >= '23.11') return BOOTSTRAP_PROJECTS;
  return new Set(['pip', 'setuptools', 'wheel', ...(release === '23.05' ? ['flit-core'] : [])]);
}
