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

/**
 * The releases of a project as the search sees them. The candidates stay the same for the whole search. A release is judged when it is looked
 * at: a project may have a thousand, of which a search looks at a few.
 */
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
  /** All versions in the order in which they would be tried. */
  readonly trials: readonly Version[];
  /** The first candidate in the range, in this order. */
  first(range: VersionRange): Version | undefined;
  isCandidate(version: Version): boolean;
  /** Makes a candidate that turned out to be unusable none, told as `excluded` for this reason. The search has not chosen it yet. */
  reject(version: Version, reason: string): void;
  /** What was rejected, in this order. */
  readonly rejected: readonly PassedOver[];
  /** Why a candidate is yanked, null when it is not. */
  yankedReason(version: Version): string | null;
}

/** What the request says about the candidates of one project. */
export interface CandidateRules {
  /** Specifiers of the requirements and constraints of the request that name the project. */
  readonly specifiers: readonly SpecifierSet[];
  readonly prereleases: boolean;
  readonly lowest: boolean;
  /** The user names an address: whatever version stands there. */
  readonly isAddressed: boolean;
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
  const isUsable = ({ excluded, yanked, version }: Release): boolean =>
    excluded === null && (yanked === null || takesYanked(version));
  const asked = rules.prereleases || rules.isAddressed || rules.specifiers.flat().some(namesPrerelease);
  const isOnlyPrereleases = remembered(
    () =>
      !asked &&
      !newestFirst.some((release) => !isPrerelease(release.version) && isUsable(release)) &&
      newestFirst.some(isUsable),
  );
  const byText = remembered(() => new Map(newestFirst.map((release) => [release.version.text, release])));
  const judged = new Map<Release, boolean>();
  const isChosen = (release: Release): boolean => {
    const known = judged.get(release);
    if (known !== undefined) return known;
    const made = (asked || !isPrerelease(release.version) || isOnlyPrereleases()) && isUsable(release);
    judged.set(release, made);
    return made;
  };
  const rejected = new Map<string, PassedOver>();
  const isCandidate = (version: Version): boolean => {
    const release = byText().get(version.text);
    return release !== undefined && isChosen(release) && !rejected.has(version.text);
  };
  const trials = inOrderOfTrial(newestFirst, rules);
  const candidates = (): Version[] => trials.map(({ version }) => version).filter(isCandidate);
  const yankedReason = (version: Version): string | null => byText().get(version.text)?.yanked ?? null;

  return {
    name,
    get trials() {
      return trials.map(({ version }) => version);
    },
    first: (range) =>
      trials.find(
        (release) => rangeHas(range, release.version) && isChosen(release) && !rejected.has(release.version.text),
      )?.version,
    versions,
    isCandidate,
    yankedReason,
    reject(version, reason) {
      rejected.set(version.text, { version, why: 'excluded', reason });
    },
    get rejected() {
      return [...rejected.values()];
    },
    get candidates() {
      return candidates();
    },
    get passedOver() {
      return newestFirst
        .filter(({ version }) => !isCandidate(version))
        .map((release) => rejected.get(release.version.text) ?? passedOver(release));
    },
    get yanked() {
      return new Map(
        candidates().flatMap((version) => {
          const reason = yankedReason(version);
          return reason === null ? [] : [[version.text, reason] as const];
        }),
      );
    },
    get onlyPrereleases() {
      return isOnlyPrereleases();
    },
  };
}

/** The first candidate in the range, in the order in which they are tried. */
export function firstCandidate(listing: Listing, range: VersionRange): Version | undefined {
  return listing.first(range);
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
  const reason = release?.yanked ?? null;
  const rejected: PassedOver[] = [];
  return {
    name,
    get candidates() {
      return rejected.length === 0 ? [version] : [];
    },
    trials: [version],
    first: (range) => (rejected.length === 0 && rangeHas(range, version) ? version : undefined),
    passedOver: rejected,
    rejected,
    versions,
    yanked: reason === null ? new Map() : new Map([[version.text, reason]]),
    onlyPrereleases: false,
    isCandidate: (asked) => rejected.length === 0 && compareVersions(asked, version) === 0,
    reject: (_asked, why) => void rejected.push({ version, why: 'excluded', reason: why }),
    yankedReason: () => reason,
  };
}

// As uv does, pre-releases come after all others unless the request asks for pre-releases of all projects.
function inOrderOfTrial(newestFirst: readonly Release[], rules: CandidateRules): readonly Release[] {
  const ordered = rules.lowest ? [...newestFirst].reverse() : newestFirst;
  const { preferred } = rules;
  if (preferred === undefined && !ordered.some(({ version }) => isPrerelease(version))) return ordered;
  const rank = ({ version }: Release): number => {
    if (preferred !== undefined && compareVersions(version, preferred) === 0) return 0;
    return rules.prereleases || !isPrerelease(version) ? 1 : 2;
  };
  const ranks = ordered.map(rank);
  return [0, 1, 2].flatMap((wanted) => ordered.filter((_, index) => ranks[index] === wanted));
}

function remembered<Value>(make: () => Value): () => Value {
  let known: { readonly value: Value } | null = null;
  return () => {
    known ??= { value: make() };
    return known.value;
  };
}

function passedOver({ version, yanked, excluded }: Release): PassedOver {
  if (excluded !== null) return { version, why: 'excluded', reason: excluded };
  if (yanked !== null) return { version, why: 'yanked', reason: yanked };
  return { version, why: 'pre-release', reason: '' };
}
