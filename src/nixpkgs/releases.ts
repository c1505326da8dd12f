import { EXIT, UserError } from '../base/user-error.ts';

/** The releases of nixpkgs that share one shipped list of names. */
export type Generation = '16.03' | '18.03' | 'modern';

/**
 * Which shipped data stands for a release (`16.03`, `unstable`, ...): up to 16.09 the list of 16.03, up to 20.03 that of 18.03, after that the modern one.
 * Throws UserError E_UNKNOWN_RELEASE for what is no name of a release.
 */
export function generationOf(release: string): Generation {
  if (release === 'unstable') return 'modern';
  const match = /^(\d{2})\.(?:03|05|09|11)$/.exec(release);
  const year = Number(match?.[1]);
  if (match === null || year < 15)
    throw new UserError('E_UNKNOWN_RELEASE', `${JSON.stringify(release)} is no release of nixpkgs`, {
      hint: 'write it as 16.03 or 24.05, or unstable',
      exit: EXIT.usage,
    });
  if (year < 17) return '16.03';
  return release <= '20.03' ? '18.03' : 'modern';
}

/** The modern list has the names of these releases, from the first on. */
const FIRST_OF_MODERN = '24.05';

/**
 * The releases that the shipped list of names is of, in words, where it stands in for a release that it was not made from: `16.03`, `18.03` or `newer releases`;
 * null where it is the release's own. What stands in tells nothing of versions.
 */
export function standIn(release: string): string | null {
  const generation = generationOf(release);
  if (generation === 'modern') return release < FIRST_OF_MODERN ? 'newer releases' : null;
  return release === generation ? null : generation;
}
