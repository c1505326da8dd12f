import { nextDigits } from './digits.ts';
import type { Specifier, SpecifierSet } from './specifier.ts';
import { makeVersion, parseVersion, tryParseVersion, type Version } from './version.ts';
import { after, afterLocals, afterPosts, before, type Cut, compareCuts, isBelow, isLeast } from './version-cut.ts';

export { formatRange } from './version-range-text.ts';

/** The versions between two places; null for no bound on that side. Never empty. */
export interface Interval {
  readonly from: Cut | null;
  readonly to: Cut | null;
}

/**
 * A set of versions in the order of PEP 440, in which pre-releases and local versions are members like all others.
 * Two ranges with the same members have the same form. Treat it as opaque: only this file and `version-range-text` look inside.
 */
export interface VersionRange {
  /** In ascending order; neither overlapping nor touching. */
  readonly intervals: readonly Interval[];
}

export const ANY_VERSION: VersionRange = { intervals: [{ from: null, to: null }] };
export const NO_VERSION: VersionRange = { intervals: [] };

/** Exactly this version: `1.0` without `1.0+local`. (`1.0` and `1.0.0` are the same version.) */
export function rangeOfVersion(version: Version): VersionRange {
  return between(before(version), after(version));
}

/**
 * The versions that satisfy the whole set, as `specifierAllows` decides with pre-releases.
 * The one exception is `===`, which compares texts: here `===1.0` is the version 1.0 and so has also `1.0.0`, its other spelling,
 * and `===` with a text that is no version in normal form has no members.
 */
export function rangeOfSpecifiers(set: SpecifierSet): VersionRange {
  return set.reduce((range, specifier) => intersectionOf(range, rangeOfSpecifier(specifier)), ANY_VERSION);
}

/** As `rangeOfSpecifiers`, for one specifier. The rules are those of PEP 440 as Python's `packaging` 26.3 reads it. */
export function rangeOfSpecifier({ operator, version: text }: Specifier): VersionRange {
  if (operator === '===') return rangeOfText(text);
  if (text.endsWith('.*')) {
    const family = rangeOfPrefix(parseVersion(text.slice(0, -2)));
    return operator === '!=' ? complementOf(family) : family;
  }
  const version = parseVersion(text);
  switch (operator) {
    case '==':
      return rangeOfEqual(version);
    case '!=':
      return complementOf(rangeOfEqual(version));
    case '>=':
      return between(before(version), null);
    case '<=':
      return between(null, afterLocals(version));
    case '>':
      return between(lowerCutOfGreater(version), null);
    case '<':
      // `<1.0` has no pre-releases of 1.0, unless the bound is one itself.
      return between(null, before(version.pre === null && version.dev === null ? firstOf(version) : version));
    case '~=':
      return intersectionOf(
        between(before(version), null),
        rangeOfPrefix(makeVersion({ ...version, release: version.release.slice(0, -1) })),
      );
  }
}

export function unionOf(a: VersionRange, b: VersionRange): VersionRange {
  return complementOf(intersectionOf(complementOf(a), complementOf(b)));
}

export function intersectionOf(a: VersionRange, b: VersionRange): VersionRange {
  const intervals: Interval[] = [];
  for (let i = 0, j = 0; ; ) {
    const left = a.intervals[i];
    const right = b.intervals[j];
    if (left === undefined || right === undefined) return { intervals };
    const from = higher(left.from, right.from);
    const to = lower(left.to, right.to);
    intervals.push(...between(from, to).intervals);
    if (to === left.to) i += 1;
    else j += 1;
  }
}

export function complementOf(range: VersionRange): VersionRange {
  const intervals: Interval[] = [];
  let from: Cut | null = null;
  for (const interval of range.intervals) {
    if (interval.from !== null) intervals.push({ from, to: interval.from });
    if (interval.to === null) return { intervals };
    from = interval.to;
  }
  return { intervals: [...intervals, { from, to: null }] };
}

export function isSubsetOf(a: VersionRange, b: VersionRange): boolean {
  return isEmptyRange(intersectionOf(a, complementOf(b)));
}

export function isEmptyRange(range: VersionRange): boolean {
  return range.intervals.length === 0;
}

export function rangesEqual(a: VersionRange, b: VersionRange): boolean {
  return (
    a.intervals.length === b.intervals.length &&
    a.intervals.every((interval, index) => {
      const other = b.intervals[index];
      return other !== undefined && sameCut(interval.from, other.from) && sameCut(interval.to, other.to);
    })
  );
}

export function rangeHas(range: VersionRange, version: Version): boolean {
  return range.intervals.some(
    ({ from, to }) => (from === null || !isBelow(version, from)) && (to === null || isBelow(version, to)),
  );
}

// Every place has one form and there is a version between any two of them, so an interval is empty only when its ends meet.
function between(from: Cut | null, to: Cut | null): VersionRange {
  const low = from !== null && isLeast(from) ? null : from;
  if (to !== null && (low === null ? isLeast(to) : compareCuts(low, to) >= 0)) return NO_VERSION;
  return { intervals: [{ from: low, to }] };
}

function rangeOfText(text: string): VersionRange {
  const version = tryParseVersion(text);
  return version !== null && version.text === text.toLowerCase() ? rangeOfVersion(version) : NO_VERSION;
}

// `==1.0` has also `1.0+local`, `==1.0+local` nothing else.
function rangeOfEqual(version: Version): VersionRange {
  return between(before(version), version.local === null ? afterLocals(version) : after(version));
}

// `==1.2.*`: from the first version of 1.2 to that of 1.3.
function rangeOfPrefix(version: Version): VersionRange {
  const { epoch, release } = version;
  const next = [...release.slice(0, -1), nextDigits(release.at(-1) ?? '0')];
  const bare = { epoch, pre: null, post: null, dev: null, local: null };
  return between(before(firstOf({ ...bare, release })), before(firstOf({ ...bare, release: next })));
}

function firstOf(version: Omit<Version, 'text'>): Version {
  return makeVersion({ ...version, dev: '0', local: null });
}

// `>1.0` has no post-releases and no local versions of 1.0; `>1.0.post1` has 1.0.post2.
function lowerCutOfGreater(version: Version): Cut {
  return version.dev === null && version.post === null ? afterPosts(version) : afterLocals(version);
}

function higher(a: Cut | null, b: Cut | null): Cut | null {
  if (a === null || b === null) return a ?? b;
  return compareCuts(a, b) >= 0 ? a : b;
}

function lower(a: Cut | null, b: Cut | null): Cut | null {
  if (a === null || b === null) return a ?? b;
  return compareCuts(a, b) <= 0 ? a : b;
}

function sameCut(a: Cut | null, b: Cut | null): boolean {
  return a === null || b === null ? a === b : compareCuts(a, b) === 0;
}
