import { nearestNames } from '../../base/nearest-name.ts';
import { builtinSet } from '../../nixpkgs/package-set.ts';

/** How many names a hint can hold. */
const TOLD = 3;

/** For hints: the projects of the shipped list of a release with names (PEP 503) that are nearest to one that no index has. */
export function similarNames(release: string): (name: string) => readonly string[] {
  return (name) => nearestNames(name, builtinSet(release).projects()).slice(0, TOLD);
}
