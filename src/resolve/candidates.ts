import { compareText } from '../base/text.ts';
import type { SpecifierSet } from '../pep/specifier.ts';
import { compareVersions, isPrerelease, tryParseVersion, type Version } from '../pep/version.ts';
import { rangeHas, rangeOfSpecifier, type VersionRange } from '../pep/version-range.ts';
import type { Release } from './provider.ts';

/** A release that is no candidate, and why. */
export interface PassedOver {
  readonly version: Version;
  readonly why: 'pre-release' | 'yanked' | 'excluded';
  /** Why it was yanked or is excluded, possibly empty. */
  readonly reason: string;
}

/** The releases of a project as the search sees them. The candidates stay the same for the whole search. */
export interface Listing {
  readonly name: string;
  /** In the order in which they are tried. */
  readonly candidates: readonly Version[];
  /** Newest first. */
  readonly passedOver: readonly PassedOver[];
  /** All versions, newest first. */
  readonly versions: readonly Version[];
  /** Reasons of the candidates that are yanked, by normal form of the version. */
  readonly yanked: ReadonlyMap<string, string>;
  /** Whether pre-releases are candidates only because there is nothing else. */
  readonly onlyPrereleases: boolean;
}

/** What the request says about the candidates of one project. */
export interface CandidateRules {
  /** Specifiers of the requirements and constraints of the request that name the project. */
  readonly specifiers: readonly SpecifierSet[];
  readonly prereleases: boolean;
  readonly lowest: boolean;
  readonly fixed: Version | undefined;
  readonly preferred: Version | undefined;
}

/** Tells candidates from other releases, see docs/resolver.md, "Candidates". Releases may come in any order. */
export function listReleases(name: string, releases: readonly Release[], rules: CandidateRules): Listing {
  const newestFirst = distinctReleases(releases);
  const versions = newestFirst.map(({ version }) => version);
  if (rules.fixed !== undefined) return fixedListing(name, newestFirst, versions, rules.fixed);

  const pins = rules.specifiers.flat().filter(isPin).map(rangeOfSpecifier);
  const takesYanked = (version: Version): boolean => pins.some((range) => rangeHas(range, version));
  const usable = newestFirst.filter(
    ({ excluded, yanked, version }) => excluded === null && (yanked === null || takesYanked(version)),
  );
  const asked = rules.prereleases || rules.specifiers.flat().some(namesPrerelease);
  const onlyPrereleases = !asked && usable.length > 0 && usable.every(({ version }) => isPrerelease(version));
  const candidates = usable.filter(({ version }) => asked || onlyPrereleases || !isPrerelease(version));
  const chosen = new Set(candidates);

  return {
    name,
    candidates: inOrderOfTrial(
      candidates.map(({ version }) => version),
      rules,
    ),
    passedOver: newestFirst.filter((release) => !chosen.has(release)).map(passedOver),
    versions,
    yanked: new Map(candidates.flatMap(({ version, yanked }) => (yanked === null ? [] : [[version.text, yanked]]))),
    onlyPrereleases,
  };
}

/** The first candidate in the range, in the order in which they are tried. */
export function firstCandidate(listing: Listing, range: VersionRange): Version | undefined {
  return listing.candidates.find((version) => rangeHas(range, version));
}

/** `==1.0` and `===1.0`, not `==1.*`. */
export function isPin({ operator, version }: SpecifierSet[number]): boolean {
  return operator === '===' || (operator === '==' && !version.endsWith('.*'));
}

// `!=1.0a1` excludes a pre-release, it does not ask for one.
function namesPrerelease({ operator, version }: SpecifierSet[number]): boolean {
  if (operator === '!=') return false;
  const parsed = tryParseVersion(version.replace(/\.\*$/u, ''));
  return parsed !== null && isPrerelease(parsed);
}

// An index can spell one version in two ways (1.0 and 1.0.0); the spelling that can be used is taken.
function distinctReleases(releases: readonly Release[]): Release[] {
  const sorted = [...releases].sort(
    (a, b) =>
      compareVersions(b.version, a.version) ||
      Number(a.excluded !== null) - Number(b.excluded !== null) ||
      Number(a.yanked !== null) - Number(b.yanked !== null) ||
      compareText(a.version.text, b.version.text),
  );
  return sorted.filter((release, index) => {
    const before = sorted[index - 1];
    return before === undefined || compareVersions(before.version, release.version) !== 0;
  });
}

function fixedListing(
  name: string,
  releases: readonly Release[],
  versions: readonly Version[],
  fixed: Version,
): Listing {
  const release = releases.find(({ version }) => compareVersions(version, fixed) === 0);
  const version = release?.version ?? fixed;
  return {
    name,
    candidates: [version],
    passedOver: [],
    versions,
    yanked: release?.yanked == null ? new Map() : new Map([[version.text, release.yanked]]),
    onlyPrereleases: false,
  };
}

function inOrderOfTrial(newestFirst: readonly Version[], rules: CandidateRules): Version[] {
  const ordered = rules.lowest ? [...newestFirst].reverse() : [...newestFirst];
  const { preferred } = rules;
  if (preferred === undefined) return ordered;
  const isPreferred = (version: Version): boolean => compareVersions(version, preferred) === 0;
  return [...ordered.filter(isPreferred), ...ordered.filter((version) => !isPreferred(version))];
}

function passedOver({ version, yanked, excluded }: Release): PassedOver {
  if (excluded !== null) return { version, why: 'excluded', reason: excluded };
  if (yanked !== null) return { version, why: 'yanked', reason: yanked };
  return { version, why: 'pre-release', reason: '' };
}
