import { nextDigits } from './digits.ts';
import { compareReleases, compareVersions, makeVersion, type Version } from './version.ts';

/**
 * A place between versions in the order of PEP 440:
 * `before` and `after` touch the version itself (in that order `1.0+local` comes after `1.0`),
 * `after-release` lies above every version of the same release number, post-releases included.
 *
 * Each place has one form only, so that places can be compared: what lies above `1.0` and all its local versions
 * is written as the place before `1.0.post0.dev0`, the very next version.
 */
export interface Cut {
  readonly version: Version;
  readonly side: 'before' | 'after' | 'after-release';
}

export function before(version: Version): Cut {
  return { version, side: 'before' };
}

export function after(version: Version): Cut {
  return { version, side: 'after' };
}

/** The place above the version and its local versions, below everything else that is greater. */
export function afterLocals(version: Version): Cut {
  const { post, dev } = version;
  if (dev !== null) return before(makeVersion({ ...version, dev: nextDigits(dev), local: null }));
  return before(makeVersion({ ...version, post: post === null ? '0' : nextDigits(post), dev: '0', local: null }));
}

/** The place above the version, its local versions and its post-releases, for a version that is no post-release and no development release. */
export function afterPosts(version: Version): Cut {
  const { pre } = version;
  if (pre === null) return { version, side: 'after-release' };
  return before(
    makeVersion({ ...version, pre: { ...pre, number: nextDigits(pre.number) }, post: null, dev: '0', local: null }),
  );
}

/** -1, 0 or 1: which place is lower. */
export function compareCuts(a: Cut, b: Cut): number {
  if (a.side === 'after-release' || b.side === 'after-release') {
    return compareReleases(a.version, b.version) || rankAtRelease(a) - rankAtRelease(b);
  }
  const order = compareVersions(a.version, b.version);
  return order !== 0 || a.side === b.side ? order : a.side === 'before' ? -1 : 1;
}

/** Whether the version lies below the place. */
export function isBelow(version: Version, cut: Cut): boolean {
  if (cut.side === 'after-release') return compareReleases(version, cut.version) <= 0;
  const order = compareVersions(version, cut.version);
  return order < 0 || (order === 0 && cut.side === 'after');
}

/** Whether no version lies below the place: `0.dev0` is the least version that there can be. */
export function isLeast({ version, side }: Cut): boolean {
  return side === 'before' && compareVersions(version, LEAST_VERSION) <= 0;
}

const LEAST_VERSION = makeVersion({ epoch: '0', release: ['0'], pre: null, post: null, dev: '0', local: null });

function rankAtRelease(cut: Cut): number {
  return cut.side === 'after-release' ? 1 : 0;
}
