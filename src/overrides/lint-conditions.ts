import { evaluateMarker } from '../pep/marker.ts';
import { formatSpecifierSet } from '../pep/specifier.ts';
import { isEmptyRange, rangeOfSpecifiers } from '../pep/version-range.ts';
import type { LintKnowledge, RuleFinding } from './lint.ts';
import { releaseWithin } from './nixpkgs-bounds.ts';
import type { OverrideRule } from './rule.ts';

/** The conditions of a rule that nothing can meet: no version, no release of nixpkgs, or no target. */
export function deadConditions(
  rule: OverrideRule,
  { releases, environments }: Pick<LintKnowledge, 'releases' | 'environments'>,
): RuleFinding[] {
  const { version, nixpkgs, marker } = rule.when;
  const findings: RuleFinding[] = [];
  const dead = (key: string, text: string): void => {
    const hint = 'the rule never applies: correct the condition, or take the rule away';
    findings.push({ code: 'dead', fails: true, rule, path: ['when', key], text, hint });
  };
  if (version !== null && isEmptyRange(rangeOfSpecifiers(version)))
    dead('version', `no version is within ${formatSpecifierSet(version)}`);
  if (nixpkgs !== null && !releases.some((release) => releaseWithin(nixpkgs, release)))
    dead('nixpkgs', `no release of nixpkgs is within ${formatSpecifierSet(nixpkgs)}`);
  if (marker !== null && !environments.some((environment) => evaluateMarker(marker, environment)))
    dead('marker', 'the marker is true on no target of any release');
  return findings;
}
