import { compareText } from '../../base/text.ts';
import type { PythonInput } from '../../classify/package-facts.ts';
import { formatRequirement, parseRequirement, type Requirement } from '../../pep/requirement.ts';
import { specifierAllows } from '../../pep/specifier.ts';
import type { Version } from '../../pep/version.ts';
import { excludingEachOther, withinProven } from './build-bounds.ts';

/**
 * Bounds of build tools that come up after the version of the tool is decided: what a tool needs to be built is known only when the tool is read, and by then the set
 * may have the newest flit-core where a later package asks for `flit-core<4`. They are gathered over a whole search, and the next one begins with them. Grows on the way.
 */
export interface LateBounds {
  /** By project (PEP 503 name) the requirements that builds have of it, by their text. */
  readonly asked: Map<string, Map<string, Requirement>>;
  /** Of these the ones without which a build fails for certain, by their text. */
  readonly proven: Map<string, Requirement>;
  /** Projects of which a decided version did not meet a requirement that came later. */
  readonly missed: Set<string>;
}

/** Nothing came late yet. */
export function noLateBounds(): LateBounds {
  return { asked: new Map(), proven: new Map(), missed: new Set() };
}

/** Takes down what a build asks of a tool, and what of it is proven. `decided` is the version that the search has taken for it, null for none or one that does not depend on builds. */
export function askOfTool(
  requirement: Requirement,
  decided: Version | null,
  { asked, proven, missed }: LateBounds,
  { provenSpecifier }: Pick<PythonInput, 'provenSpecifier'> = {},
): void {
  // What holds on some targets only does not speak for the one version of the set.
  if (requirement.marker !== null || requirement.specifier.length === 0) return;
  const { name } = requirement;
  const ofTool = asked.get(name) ?? new Map<string, Requirement>();
  asked.set(name, ofTool);
  const bound: Requirement = { ...requirement, extras: [] };
  const text = formatRequirement(bound);
  if (!ofTool.has(text)) ofTool.set(text, bound);
  if (provenSpecifier !== undefined) {
    const part = parseRequirement(`${name}${provenSpecifier}`);
    const partText = formatRequirement(part);
    const known = ofTool.get(partText) ?? part;
    ofTool.set(partText, known);
    proven.set(partText, known);
  }
  if (decided !== null && !specifierAllows(requirement.specifier, decided, { prereleases: true })) missed.add(name);
}

/**
 * What the next search holds build tools to: of those that missed a bound all that is asked, where one version can meet all of it, else what is proven and what can be met beside that.
 * Sorted by text.
 */
export function boundsOfTools({ asked, proven, missed }: LateBounds): readonly Requirement[] {
  const requirements = [...missed]
    .flatMap((name) => [...(asked.get(name) ?? [])])
    .sort(([a], [b]) => compareText(a, b))
    .map(([, requirement]) => requirement);
  const excluding = excludingEachOther(requirements);
  const certain = [...proven.values()];
  const isProven = ({ name }: Requirement): boolean => certain.some((one) => one.name === name);
  const kept = withinProven(
    requirements.filter((one) => !excluding.has(one.name) || isProven(one)),
    certain,
  ).filter(({ specifier }) => specifier.length > 0);
  const stillExcluding = excludingEachOther(kept);
  return kept.filter((one) => !stillExcluding.has(one.name) || certain.includes(one));
}
