import { compareText } from '../../base/text.ts';
import { formatRequirement, type Requirement } from '../../pep/requirement.ts';
import { specifierAllows } from '../../pep/specifier.ts';
import type { Version } from '../../pep/version.ts';
import { excludingEachOther } from './build-bounds.ts';

/**
 * Bounds of build tools that come up after the version of the tool is decided: what a tool needs to be built is known only when the tool is read, and by then the set
 * may have the newest flit-core where a later package asks for `flit-core<4`. They are gathered over a whole search, and the next one begins with them. Grows on the way.
 */
export interface LateBounds {
  /** By project (PEP 503 name) the requirements that builds have of it, by their text. */
  readonly asked: Map<string, Map<string, Requirement>>;
  /** Projects of which a decided version did not meet a requirement that came later. */
  readonly missed: Set<string>;
}

/** Nothing came late yet. */
export function noLateBounds(): LateBounds {
  return { asked: new Map(), missed: new Set() };
}

/** Takes down what a build asks of a tool. `decided` is the version that the search has taken for it, null for none or one that does not depend on builds. */
export function askOfTool(requirement: Requirement, decided: Version | null, { asked, missed }: LateBounds): void {
  // What holds on some targets only does not speak for the one version of the set.
  if (requirement.marker !== null || requirement.specifier.length === 0) return;
  const { name } = requirement;
  const ofTool = asked.get(name) ?? new Map<string, Requirement>();
  asked.set(name, ofTool);
  const bound: Requirement = { ...requirement, extras: [] };
  const text = formatRequirement(bound);
  if (!ofTool.has(text)) ofTool.set(text, bound);
  if (decided !== null && !specifierAllows(requirement.specifier, decided, { prereleases: true })) missed.add(name);
}

/** What the next search holds build tools to: of those that missed a bound all that is asked, where one version can meet all of it. Sorted by text. */
export function boundsOfTools({ asked, missed }: LateBounds): readonly Requirement[] {
  const requirements = [...missed].flatMap((name) => [...(asked.get(name) ?? [])]);
  const excluding = excludingEachOther(requirements.map(([, requirement]) => requirement));
  return requirements
    .filter(([, { name }]) => !excluding.has(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([, requirement]) => requirement);
}
