import { parseSpecifierSet, type SpecifierSet, specifierAllows } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';

// Newer than every release that has a number.
const UNSTABLE = parseVersion('9999');

/**
 * Reads bounds on releases of nixpkgs, `>=22.11,<25.05`.
 *
 *     bounds = bound { "," bound }
 *     bound  = ( ">=" | "<=" | ">" | "<" | "==" | "!=" ) YY.MM      MM is a month
 *
 * Throws UserError for what is no specifier set at all, and returns the fault of others.
 */
export function parseReleaseBounds(text: string): SpecifierSet | { readonly fault: string } {
  const bounds = parseSpecifierSet(text);
  const odd = bounds.find(
    ({ operator, version }) => operator === '~=' || operator === '===' || !/^\d\d\.(?:0[1-9]|1[0-2])$/u.test(version),
  );
  if (odd === undefined) return bounds;
  return { fault: `\`${odd.operator}${odd.version}\` is no bound on a release of nixpkgs, such as >=22.11` };
}

/**
 * Whether a release of nixpkgs is within bounds. `unstable`, and null for the form that serves 24.05 to unstable, count as newer
 * than every numbered release.
 */
export function releaseWithin(bounds: SpecifierSet, release: string | null): boolean {
  const version = release === null || !/^\d\d\.\d\d$/u.test(release) ? UNSTABLE : parseVersion(release);
  return specifierAllows(bounds, version, { prereleases: true });
}
