import type { PackageNames } from '../../../src/nix/package-names.ts';
import { licenceAttribute } from '../../../src/nixpkgs/licence-names.ts';
import { builtinSet } from '../../../src/nixpkgs/package-set.ts';
import { systemAttribute } from '../../../src/nixpkgs/system-names.ts';

/** The names of a release by the shipped lists, as the program itself takes them. */
export function releaseNames(release: string): PackageNames {
  const set = builtinSet(release);
  return {
    hasExtra: () => false,
    pythonAttribute: (project) => set.attributeOf(project)?.attribute ?? project,
    systemAttribute: (attribute) => systemAttribute(attribute, release),
    shadowedByPython: (attribute) => set.shadowedByPython(attribute),
    licenceAttribute: (id) => licenceAttribute(id, release),
  };
}
