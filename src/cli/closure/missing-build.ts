import type { SdistFacts } from '../../metadata/release-facts.ts';
import { evaluateMarker, type MarkerEnvironment } from '../../pep/marker.ts';
import { tryParseRequirement } from '../../pep/requirement.ts';

/**
 * Why an sdist cannot be built: the first of its declared build requirements (PEP 518) that the package set lacks and no index has; null where there is none.
 * `isSupplied` tells whether the set has a project (PEP 503 name), `isPublished` whether an index has.
 */
export async function missingBuild(
  facts: SdistFacts,
  {
    targets,
    isSupplied,
    isPublished,
  }: {
    readonly targets: readonly MarkerEnvironment[];
    readonly isSupplied: (project: string) => boolean;
    readonly isPublished: (project: string) => Promise<boolean>;
  },
): Promise<string | null> {
  const requires = facts.pyproject?.requires;
  if (requires?.kind !== 'known') return null;
  const wanted = requires.value.flatMap((text) => {
    const requirement = tryParseRequirement(text);
    if (requirement === null) return [];
    const { name, marker } = requirement;
    return marker === null || targets.some((target) => evaluateMarker(marker, target)) ? [name] : [];
  });
  for (const name of wanted) {
    if (!isSupplied(name) && !(await isPublished(name))) return `no index has ${name}, which building it requires`;
  }
  return null;
}
