import { nextDigits } from './digits.ts';
import { makeVersion, type Version } from './version.ts';
import { after, afterLocals, type Cut, compareCuts } from './version-cut.ts';
import type { Interval, VersionRange } from './version-range.ts';

/**
 * The range for a message: `>=1.0,<2.0`, `==1.2 | >=2`, `!=1.5`, `any version`, `no version`.
 * What stems from specifiers reads as they do. Finer bounds are simplified: `<2.0` and `>=2.0` do not say on which side the pre-releases
 * of 2.0 are. So the text is for people and never read back.
 */
export function formatRange(range: VersionRange): string {
  if (range.intervals.length === 0) return 'no version';
  const groups: Interval[][] = [];
  for (const interval of range.intervals) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group !== undefined && previous !== undefined && gapText(previous, interval) !== null) group.push(interval);
    else groups.push([interval]);
  }
  return groups.map(formatGroup).join(' | ');
}

// Intervals with nothing but holes like `!=1.5` or `!=1.5.*` between them.
function formatGroup(group: readonly Interval[]): string {
  const from = group[0]?.from ?? null;
  const to = group.at(-1)?.to ?? null;
  const holes = group.slice(1).flatMap((interval, index) => {
    const previous = group[index];
    return (previous === undefined ? null : gapText(previous, interval)) ?? [];
  });
  if (holes.length === 0 && from !== null && to !== null) {
    const same = equalityText(from, to);
    if (same !== null) return `==${same}`;
  }
  const bounds = [from === null ? [] : lowerText(from), holes, to === null ? [] : upperText(to)].flat();
  return bounds.length === 0 ? 'any version' : bounds.join(',');
}

function gapText(left: Interval, right: Interval): string | null {
  if (left.to === null || right.from === null) return null;
  const hole = equalityText(left.to, right.from);
  return hole === null ? null : `!=${hole}`;
}

// `1.0` or `1.0.*` when `==` with it has exactly what lies between the places.
function equalityText(from: Cut, to: Cut): string | null {
  const { version, side } = from;
  if (side !== 'before') return null;
  const isOne = compareCuts(to, after(version)) === 0;
  if (isOne || (version.local === null && compareCuts(to, afterLocals(version)) === 0)) return version.text;
  return isPrefix(from, to) ? `${withoutDev(version).text}.*` : null;
}

function isPrefix(from: Cut, to: Cut): boolean {
  const { release } = from.version;
  const next = [...release.slice(0, -1), nextDigits(release.at(-1) ?? '0')];
  return (
    isFirstOfRelease(from) &&
    compareCuts(to, { side: 'before', version: makeVersion({ ...from.version, release: next }) }) === 0
  );
}

function lowerText({ version, side }: Cut): string {
  if (side !== 'before') return `>${version.text}`;
  return isAboveLocals(version) ? `>${withoutPost(version).text}` : `>=${withoutDev(version).text}`;
}

function upperText({ version, side }: Cut): string {
  if (side !== 'before') return `<=${version.text}`;
  return isAboveLocals(version) ? `<=${withoutPost(version).text}` : `<${withoutDev(version).text}`;
}

// The place above `1.0` and its local versions is that before `1.0.post0.dev0`.
function isAboveLocals({ post, dev }: Version): boolean {
  return post === '0' && dev === '0';
}

function withoutPost(version: Version): Version {
  return makeVersion({ ...version, post: null, dev: null });
}

// A bound at the very first version that there can be, `2.0.dev0`, is meant as one at `2.0`.
function withoutDev(version: Version): Version {
  return version.dev === '0' ? makeVersion({ ...version, dev: null }) : version;
}

function isFirstOfRelease({ version, side }: Cut): boolean {
  const { pre, post, dev, local } = version;
  return side === 'before' && pre === null && post === null && dev === '0' && local === null;
}
