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
