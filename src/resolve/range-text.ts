import type { Version } from '../pep/version.ts';
import {
  ANY_VERSION,
  formatRange,
  rangeHas,
  rangeOfVersion,
  rangesEqual,
  type VersionRange,
} from '../pep/version-range.ts';

/** A range in words. */
export interface RangeText {
  /** Empty for any version. */
  readonly text: string;
  /** The version when there is just this one in the range. */
  readonly exact: string | null;
}

/**
 * A range for a message. One of many pieces, as they come from rejecting one version after the other, is told by the
 * versions that exist: `>=1.0,<=1.4 | ==2.0` for 1.0, 1.2, 1.4 and 2.0. `versions` are newest first, null when they are
 * not known.
 */
export function rangeText(range: VersionRange, versions: readonly Version[] | null): RangeText {
  if (rangesEqual(range, ANY_VERSION)) return { text: '', exact: null };
  const text = formatRange(range);
  const single = versions?.find((version) => rangesEqual(range, rangeOfVersion(version)));
  if (single !== undefined) return { text, exact: single.text };
  if (versions === null || !/\||!=/u.test(text)) return { text, exact: null };
  const runs = runsIn(range, [...versions].reverse());
  const told = runs.map(({ first, last }) => (first === last ? `==${first.text}` : `>=${first.text},<=${last.text}`));
  const byVersions = told.join(' | ');
  if (byVersions === '' || countBounds(byVersions) > countBounds(text)) return { text, exact: null };
  const [only, ...others] = runs;
  const isOne = only !== undefined && others.length === 0 && only.first === only.last;
  return { text: byVersions, exact: isOne ? only.first.text : null };
}

interface Run {
  readonly first: Version;
  last: Version;
}

// The versions in the range, in runs without another version between them.
function runsIn(range: VersionRange, oldestFirst: readonly Version[]): Run[] {
  const runs: Run[] = [];
  for (const [index, version] of oldestFirst.entries()) {
    if (!rangeHas(range, version)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.last === oldestFirst[index - 1]) run.last = version;
    else runs.push({ first: version, last: version });
  }
  return runs;
}

function countBounds(text: string): number {
  return text.split(/,| \| /u).length;
}
