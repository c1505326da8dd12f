import { compareVersions, type Version } from '../pep/version.ts';
import { rangeHas, type VersionRange } from '../pep/version-range.ts';
import { firstCandidate, type Listing } from './candidates.ts';
import type { Provider } from './provider.ts';
import type { World } from './world.ts';

/**
 * Asks ahead of need, so that the network is never idle (docs/resolver.md, "Asking ahead"). It changes how fast an answer
 * comes and never which one.
 */
export interface Speculation {
  /** Something needs the project: its releases will be asked for, and then the requirements of its likely version. */
  expect(name: string, range: VersionRange): void;
  /** A version was taken up: when many were before it, more are asked for at once. */
  tried(listing: Listing, version: Version, range: VersionRange): void;
  stop(): void;
}

/** After this many versions of a project were tried, that many more are asked for ahead. uv's numbers. */
const BATCHES = [5, 10, 20];
const BATCH_AFTER_THAT = 20;
const LARGEST_BATCH = 50;

export function createSpeculation(world: World, provider: Provider): Speculation {
  const expected = new Map<string, VersionRange>();
  const hinted = new Set<string>();
  const triedVersions = new Map<string, Set<string>>();
  let stopped = false;

  const hint = (name: string, version: Version | undefined): void => {
    if (version === undefined || stopped) return;
    const key = `${name} ${version.text}`;
    if (hinted.has(key)) return;
    hinted.add(key);
    provider.prefetch?.(name, version);
  };
  const guess = (name: string): void => {
    const listing = world.knownListing(name);
    const range = expected.get(name);
    if (listing != null && range !== undefined) hint(name, firstCandidate(listing, range));
  };

  return {
    expect(name, range) {
      const isNew = !expected.has(name);
      expected.set(name, range);
      // A failure is thrown where the search needs the answer.
      if (isNew) world.listing(name).then(() => guess(name), ignore);
      else guess(name);
    },
    tried(listing, version, range) {
      const versions = triedVersions.get(listing.name) ?? new Set();
      triedVersions.set(listing.name, versions);
      if (versions.has(version.text)) return;
      versions.add(version.text);
      hinted.add(`${listing.name} ${version.text}`);
      const count = versions.size;
      if (!BATCHES.includes(count) && count % BATCH_AFTER_THAT !== 0) return;
      for (const next of nextVersions(listing, version, range, Math.min(count, LARGEST_BATCH))) {
        hint(listing.name, next);
      }
    },
    stop() {
      stopped = true;
    },
  };
}

// First those that the range allows. When these are few, as with a project that another one pins, those after the
// version: the next version of the other one will probably ask for the next version of this one.
function nextVersions(listing: Listing, version: Version, range: VersionRange, count: number): Version[] {
  const after = listing.trials.slice(
    listing.trials.findIndex((candidate) => compareVersions(candidate, version) === 0) + 1,
  );
  const inRange = after.filter((candidate) => rangeHas(range, candidate));
  const others = after.filter((candidate) => !rangeHas(range, candidate));
  const found: Version[] = [];
  for (const candidate of [...inRange, ...others]) {
    if (found.length === count) break;
    if (listing.isCandidate(candidate)) found.push(candidate);
  }
  return found;
}

function ignore(): void {}
