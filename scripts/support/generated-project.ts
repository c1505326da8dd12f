import { classify, type ReadRelease } from '../../src/classify/classify.ts';
import type { PackageFacts } from '../../src/classify/package-facts.ts';
import { settle } from '../../src/classify/settle.ts';
import type { RulesOf } from '../../src/cli/overrides/override-layers.ts';
import { applyOverrides } from '../../src/overrides/apply.ts';
import type { MarkerEnvironment } from '../../src/pep/marker.ts';
import { isInSet } from './attribute-names.ts';

/** The facts of a release as its expression has them, without and with the override rules. */
export interface GeneratedFacts {
  /** As classification gives them: nothing is left out for want of it in the package set. */
  readonly classified: PackageFacts;
  readonly plain: PackageFacts;
  readonly overridden: PackageFacts;
}

/**
 * Classifies a release, applies the rules of its project and fits it to the names that the package set has, as generating does for one project that is
 * named; what depends on the packages around it (versions of the set, cycles) is left out.
 */
export async function generatedFacts(
  release: ReadRelease,
  { environments, rulesOf }: { readonly environments: readonly MarkerEnvironment[]; readonly rulesOf: RulesOf },
): Promise<GeneratedFacts> {
  const classified = classify(release, { targets: environments });
  const rules = await rulesOf(release.name);
  const overridden = applyOverrides(classified, rules, { release: null, environments });
  return { classified, plain: settled(classified), overridden: settled(overridden) };
}

function settled(facts: PackageFacts): PackageFacts {
  const has = (project: string): boolean => project === facts.name || isInSet(project);
  return settle(facts, { has, unusableChecks: new Map(), checks: true, extras: 'available' }).facts;
}
