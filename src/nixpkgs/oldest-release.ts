import { licenceSince } from './licence-names.ts';
import { systemSince } from './system-names.ts';

/** What an expression names of nixpkgs. */
export interface NamesInUse {
  /** Attributes of system libraries and tools in a current nixpkgs, paths with dots among them. */
  readonly systems: Iterable<string>;
  /** SPDX ids of licences. */
  readonly licences: Iterable<string>;
  /** Attributes of the Python set. */
  readonly packages: Iterable<string>;
}

/** Packages that this program writes of its own accord, with the first release that has them. */
export const PACKAGES_SINCE: ReadonlyMap<string, string> = new Map([['pytest-cov-stub', '24.11']]);

/**
 * The names that came later than a release, each as it is written in a current nixpkgs with the first release that has it; sorted as they were given. Of Python packages it
 * knows only those of `PACKAGES_SINCE`: when the others came is in no list.
 */
export function namesAfter(
  release: string,
  { systems, licences, packages }: NamesInUse,
): readonly { readonly name: string; readonly since: string }[] {
  const all = [
    ...[...systems].map((name) => ({ name, since: systemSince(name) })),
    ...[...licences].flatMap((id) => licenceSince(id) ?? []),
    ...[...packages].map((name) => ({ name, since: PACKAGES_SINCE.get(name) ?? '' })),
  ];
  return all.filter(({ since }) => since > release);
}
