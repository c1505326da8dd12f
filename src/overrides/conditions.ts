import { evaluateMarker, type MarkerEnvironment } from '../pep/marker.ts';
import { specifierAllows } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import { releaseWithin } from './nixpkgs-bounds.ts';
import type { OverrideRule } from './rule.ts';

/** What rules are limited by, besides the version of the project. */
export interface OverrideContext {
  /** The release of nixpkgs, for example `16.03` or `unstable`; null for the form that serves 24.05 to unstable. */
  readonly release: string | null;
  /** The targets. */
  readonly environments: readonly MarkerEnvironment[];
}

/** Whether all conditions of the rule hold: version and release within their bounds, the marker true on some target. */
export function ruleHolds({ when }: OverrideRule, version: string, context: OverrideContext): boolean {
  const { marker } = when;
  if (when.version !== null && !specifierAllows(when.version, parseVersion(version), { prereleases: true }))
    return false;
  if (when.nixpkgs !== null && !releaseWithin(when.nixpkgs, context.release)) return false;
  return marker === null || context.environments.some((environment) => evaluateMarker(marker, environment));
}

/**
 * The kind of archive that the rules prefer for a version of their project (`format`), or null when none does. It is a question of
 * its own because it has to be answered before the release is read.
 */
export function preferredFormat(
  rules: readonly OverrideRule[],
  version: string,
  context: OverrideContext,
): 'sdist' | 'wheel' | null {
  let format: 'sdist' | 'wheel' | null = null;
  for (const rule of rules) {
    if (!ruleHolds(rule, version, context)) continue;
    for (const change of rule.changes) if (change.kind === 'format') format = change.value;
  }
  return format;
}
