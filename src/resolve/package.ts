/**
 * What the search gives a version to: the request itself, a project, or an extra of a project. An extra is a package
 * of its own that is chosen or not; its version is that of its project (docs/resolver.md, "Extras").
 */
export interface Package {
  readonly kind: 'root' | 'project' | 'extra';
  /** PEP 503 name of the project, empty for the request. */
  readonly name: string;
  /** Normalised name of the extra, empty for the request and for projects. */
  readonly extra: string;
  /** As messages write it: `celery` or `celery[redis]`, empty for the request. */
  readonly label: string;
  /** Order of first appearance among all packages, from 0. */
  readonly order: number;
}

/** Hands out one object for each package, so that packages can be compared by identity and be keys of maps. */
export interface PackageTable {
  readonly root: Package;
  project(name: string): Package;
  extra(name: string, extra: string): Package;
  /** The extras of a project that were handed out so far. */
  extrasOf(name: string): readonly Package[];
}

export function createPackageTable(): PackageTable {
  const known = new Map<string, Package>();
  const extras = new Map<string, Package[]>();
  const intern = (kind: Package['kind'], name: string, extra: string): Package => {
    const label = extra === '' ? name : `${name}[${extra}]`;
    const found = known.get(label);
    if (found !== undefined) return found;
    const made: Package = { kind, name, extra, label, order: known.size };
    known.set(label, made);
    if (kind === 'extra') extras.set(name, [...(extras.get(name) ?? []), made]);
    return made;
  };
  return {
    root: intern('root', '', ''),
    project: (name) => intern('project', name, ''),
    extra: (name, extra) => intern('extra', name, extra),
    extrasOf: (name) => extras.get(name) ?? [],
  };
}
