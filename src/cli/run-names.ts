import { BOOTSTRAP_PROJECTS } from '../nixpkgs/bootstrap.ts';
import { builtinSet, type PackageSetEntry, type PackageSetNames } from '../nixpkgs/package-set.ts';
import type { GenerateOptions } from './options.ts';

/** What the package set of a run has and how it calls things. */
export interface RunNames {
  /** The package of a project (PEP 503 name) that the set has; null when it has none. */
  inSet(project: string): PackageSetEntry | null;
  /** The attribute of a project that is generated in this run. */
  attributeForGenerated(project: string): string;
  /** Whether the set has an attribute of this very name, package or hook. */
  hasAttribute(attribute: string): boolean;
  shadowedByPython(attribute: string): boolean;
  /** For the header: which list of names was used; null when none was. */
  readonly source: string | null;
}

/**
 * The package set that `--nixpkgs` names: the shipped list of the release, or a set of which nothing is known but that it has the bootstrap packages.
 * With `--bootstrap` it has no Python package at all.
 */
export function runNames(release: string, options: Pick<GenerateOptions, 'nixpkgs' | 'bootstrap'>): RunNames {
  const builtin: PackageSetNames = builtinSet(release);
  const shared = { attributeForGenerated: builtin.attributeForGenerated, shadowedByPython: builtin.shadowedByPython };
  if (options.bootstrap) return { ...shared, inSet: () => null, hasAttribute: () => false, source: null };
  if (options.nixpkgs === 'builtin')
    return { ...shared, inSet: builtin.attributeOf, hasAttribute: builtin.has, source: builtin.source };
  return {
    ...shared,
    inSet: (project) =>
      BOOTSTRAP_PROJECTS.has(project) ? (builtin.attributeOf(project) ?? { attribute: project, version: null }) : null,
    hasAttribute: (attribute) => BOOTSTRAP_PROJECTS.has(attribute),
    source: null,
  };
}
