import { evaluateMarker, formatMarker, type MarkerEnvironment } from '../pep/marker.ts';
import { formatSpecifierSet, specifierAllows } from '../pep/specifier.ts';
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

/** Whether a rule applies, and what of its conditions says otherwise; each text is a clause: `the version 1.0 is not within >=2`. */
export type RuleVerdict =
  | { readonly kind: 'applies' }
  /** It depends on the version, which is not known. */
  | { readonly kind: 'open'; readonly why: readonly string[] }
  | { readonly kind: 'fails'; readonly why: readonly string[] };

/** Whether all conditions of the rule hold: version and release within their bounds, the marker true on some target. */
export function ruleHolds(rule: OverrideRule, version: string, context: OverrideContext): boolean {
  return ruleVerdict(rule, version, context).kind === 'applies';
}

/** As `ruleHolds`, with the reasons. Without a version what depends on it is open. */
export function ruleVerdict({ when }: OverrideRule, version: string | null, context: OverrideContext): RuleVerdict {
  const { marker } = when;
  const why: string[] = [];
  if (when.version !== null && version !== null) {
    const isWithin = specifierAllows(when.version, parseVersion(version), { prereleases: true });
    if (!isWithin) why.push(`the version ${version} is not within ${formatSpecifierSet(when.version)}`);
  }
  if (when.nixpkgs !== null && !releaseWithin(when.nixpkgs, context.release))
    why.push(
      `${context.release === null ? 'the form of all current releases' : `nixpkgs ${context.release}`} is not within ${formatSpecifierSet(when.nixpkgs)}`,
    );
  if (marker !== null && !context.environments.some((environment) => evaluateMarker(marker, environment)))
    why.push(`no target has ${formatMarker(marker)}`);
  if (why.length > 0) return { kind: 'fails', why };
  if (when.version === null || version !== null) return { kind: 'applies' };
  return { kind: 'open', why: [`it is for the versions ${formatSpecifierSet(when.version)}`] };
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
