import type { Note } from '../base/note.ts';
import { joinWords, sortedUnique } from '../base/text.ts';
import { evaluateMarker, type MarkerEnvironment } from '../pep/marker.ts';
import { formatRequirement, type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import { intersectionOf, isEmptyRange, rangeOfSpecifiers, type VersionRange } from '../pep/version-range.ts';
import type { Demand } from './why.ts';

/**
 * What environments of tox and nox ask for, beside what is declared for tests. Each pins for itself, for interpreters or releases of its own. Where no version meets all that is said of a project
 * on one of the targets, what the environments say of its versions is left out, with a note.
 */
export function withoutQuarrels(
  environments: readonly Demand[],
  { declared, targets }: { readonly declared: readonly Demand[]; readonly targets: readonly MarkerEnvironment[] },
): { readonly demands: readonly Demand[]; readonly notes: readonly Note[] } {
  const said = [...declared, ...environments].flatMap(({ text }) => tryParseRequirement(text) ?? []);
  const quarrels = new Set(targets.flatMap((target) => namesWithoutVersion(said, target)));
  const demands = environments.map((demand) => {
    const requirement = tryParseRequirement(demand.text);
    if (requirement === null || !quarrels.has(requirement.name)) return demand;
    return { ...demand, text: formatRequirement({ ...requirement, specifier: [] }) };
  });
  const notes = sortedUnique(environments.flatMap(({ text }) => tryParseRequirement(text)?.name ?? []))
    .filter((name) => quarrels.has(name))
    .map((name): Note => {
      const bounds = sortedUnique(said.filter((one) => one.name === name).map(formatRequirement));
      return {
        kind: 'omitted',
        text: `the bounds of ${name} for tests contradict each other, and those of tox and nox are left out: ${joinWords(bounds)}`,
      };
    });
  return { demands, notes };
}

/** The projects of which no version meets all that counts on a target. */
function namesWithoutVersion(requirements: readonly Requirement[], target: MarkerEnvironment): string[] {
  const ranges = new Map<string, VersionRange>();
  for (const { name, marker, specifier } of requirements) {
    if (marker !== null && !evaluateMarker(marker, target)) continue;
    const range = rangeOfSpecifiers(specifier);
    const before = ranges.get(name);
    ranges.set(name, before === undefined ? range : intersectionOf(before, range));
  }
  return [...ranges].flatMap(([name, range]) => (isEmptyRange(range) ? [name] : []));
}
