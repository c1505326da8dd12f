import type { PackageFacts } from '../classify/package-facts.ts';
import type { HashForm } from './hash.ts';

/** How the package set of a release calls things; the caller answers from the set and from what is generated beside it. */
export interface PackageNames {
  /** The attribute of a project (PEP 503 name) in the Python set. It must exist there or be generated in the same run: an unknown argument aborts. */
  pythonAttribute(project: string): string;
  /** Whether the package of the project is known to have an extra (normalised) among its `optional-dependencies`. */
  hasExtra(project: string, extra: string): boolean;
  /** The attribute (or path with dots) of a system library or tool, from its attribute in a current nixpkgs. */
  systemAttribute(attribute: string): string;
  /** Whether `callPackage` gives a Python package for the name of this system library. */
  shadowedByPython(attribute: string): boolean;
  /** The attribute of `lib.licenses` for an SPDX id, null where there is none. */
  licenceAttribute(spdxId: string): string | null;
}

/** A package with everything that its expression needs besides the dialect. */
export interface PackageToPrint {
  readonly facts: PackageFacts;
  /** Its own attribute in the set. */
  readonly attribute: string;
  readonly names: PackageNames;
  /** How the digest is written; the form of the dialect without it. */
  readonly hash?: HashForm;
  /** `url` for an archive that is not on PyPI; default `pypi`. */
  readonly fetchFrom?: 'pypi' | 'url';
  /** Path of a source on this machine, seen from the folder of the file that is written: `../dir`, or `.`; missing for what is fetched. */
  readonly sourcePath?: string;
  /** Handles of `lib.maintainers`. */
  readonly maintainers?: readonly string[];
}
