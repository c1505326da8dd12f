import { excerpt, sortedUnique } from '../../base/text.ts';
import type { IndexRelease } from '../../index/releases.ts';
import { requirementText } from '../../lock/pylock-of-resolution.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { formatSpecifierSet, parseSpecifierSet, type SpecifierSet } from '../../pep/specifier.ts';
import { compareVersions, type Version } from '../../pep/version.ts';
import { rangeHas, rangeOfSpecifiers } from '../../pep/version-range.ts';
import type { Pin } from '../../repository/manifest.ts';
import { isWithin } from '../../repository/package-update.ts';
import type { UpdateLimits } from './pages.ts';

/** What decides which versions an update may take. */
export interface UpdateBounds {
  readonly limits: UpdateLimits;
  /** The options that say until when, as they are given: `--cool-down 7d`. */
  readonly untilOption: string;
  /** Why projects stay at the version in use, clauses by PEP 503 name. */
  readonly stays: ReadonlyMap<string, string>;
  readonly pins: readonly Pin[];
  /** What the manifest asks for. */
  readonly roots: readonly Requirement[];
  /** Of files of constraints. */
  readonly constraints: readonly Requirement[];
  /** What packages of the result need. */
  readonly needs: readonly Need[];
  /** The versions of the result by PEP 503 name. */
  readonly chosen: ReadonlyMap<string, Version>;
}

/** That a package of the result needs another one in some versions: a specifier set, or its text. */
export interface Need {
  /** Name and version of who needs it. */
  readonly by: string;
  readonly name: string;
  readonly specifier: SpecifierSet | string;
}

/** A release that an update does not take. */
export interface PassedRelease {
  readonly project: string;
  readonly release: Pick<IndexRelease, 'version' | 'excluded'>;
  /** RFC 3339; null: not known. */
  readonly uploaded: string | null;
}

/** As many that need an older version are named. */
const MOST_NAMED = 4;

/**
 * Who holds a release back: clauses about `it`, the release. What the release itself needs (`needsOfRelease`) is only asked for where nothing else says it.
 */
export async function whyHeldBack(
  passed: PassedRelease,
  bounds: UpdateBounds,
  needsOfRelease: () => Promise<readonly Requirement[]>,
): Promise<readonly string[]> {
  const clauses = [...byOptions(passed, bounds), ...byRelease(passed), ...byRequirements(passed, bounds)];
  if (clauses.length > 0) return clauses;
  const unmet = unmetNeeds(await needsOfRelease(), bounds);
  return unmet.length > 0 ? unmet : ['no versions of all packages fit together with it'];
}

function byOptions({ project, release, uploaded }: PassedRelease, bounds: UpdateBounds): string[] {
  const { limits, untilOption, stays, pins } = bounds;
  const inUse = limits.current.get(project);
  const why = stays.get(project);
  const late = limits.until !== null && !(uploaded !== null && Date.parse(uploaded) <= limits.until);
  return [
    ...(why === undefined ? [] : [why]),
    ...pins
      .filter((pin) => pin.name === project && !allows(pin.constraint.specifier, release.version))
      .map(({ constraint, reason }) => `pinned to ${formatSpecifierSet(constraint.specifier)}: ${excerpt(reason)}`),
    ...(inUse === undefined || isWithin(limits.target, inUse, release.version) ? [] : [`--target ${limits.target}`]),
    ...(late
      ? [
          uploaded === null
            ? `nobody knows when it was uploaded (${untilOption})`
            : `it was uploaded on ${uploaded.slice(0, 10)} (${untilOption})`,
        ]
      : []),
  ];
}

function byRelease({ release: { excluded } }: PassedRelease): string[] {
  return excluded === null ? [] : [`it ${excerpt(excluded)}`];
}

function byRequirements({ project, release: { version } }: PassedRelease, bounds: UpdateBounds): string[] {
  const isAgainst = ({ name, specifier }: Requirement): boolean => name === project && !allows(specifier, version);
  const roots = bounds.roots.filter(isAgainst).map((each) => `pypi2nix.toml asks for ${requirementText(each)}`);
  const constraints = bounds.constraints.filter(isAgainst).map((each) => `a constraint is ${requirementText(each)}`);
  const needs = bounds.needs
    .filter(({ name }) => name === project)
    .map(({ by, specifier }) => ({
      by,
      specifier: typeof specifier === 'string' ? parseSpecifierSet(specifier) : specifier,
    }))
    .filter(({ specifier }) => !allows(specifier, version))
    .map(({ by, specifier }) => `${by} needs ${project}${formatSpecifierSet(specifier)}`);
  const named = sortedUnique(needs);
  const others = named.length - MOST_NAMED;
  return [
    ...sortedUnique(roots),
    ...sortedUnique(constraints),
    ...named.slice(0, MOST_NAMED),
    ...(others > 0 ? [`${others} more need an older one`] : []),
  ];
}

function unmetNeeds(requirements: readonly Requirement[], { chosen, limits }: UpdateBounds): string[] {
  return sortedUnique(
    requirements.flatMap(({ name, specifier, url }): string[] => {
      const version = chosen.get(name);
      const text = `${name}${formatSpecifierSet(specifier)}`;
      if (url !== null || version === undefined || allows(specifier, version)) return [];
      const inUse = limits.current.get(name);
      const stays = inUse !== undefined && compareVersions(inUse, version) === 0 ? 'stays at' : 'is at';
      return [`it needs ${text}, and ${name} ${stays} ${version.text}`];
    }),
  );
}

function allows(specifier: SpecifierSet, version: Version): boolean {
  return rangeHas(rangeOfSpecifiers(specifier), version);
}
