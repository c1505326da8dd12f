import { compareText } from './text.ts';

/**
 * The candidate that `name` was most probably meant to be, or null when none is near: equal but for case and separators, else at
 * most two changed, missing, added or swapped letters (one in a name of up to four letters).
 * The first of equally near candidates wins.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  const limit = limitFor(name);
  let nearest: string | null = null;
  let least = limit + 1;
  for (const candidate of candidates) {
    const distance = distanceOf(name, candidate, limit);
    if (distance >= least) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/** All candidates that are near by the rules of `nearestName`, each once, the nearest first and equally near ones in order; never `name` itself. */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const limit = limitFor(name);
  const near = [...new Set(candidates)].flatMap((candidate) => {
    const distance = candidate === name ? limit + 1 : distanceOf(name, candidate, limit);
    return distance > limit ? [] : [{ candidate, distance }];
  });
  return near
    .sort((a, b) => a.distance - b.distance || compareText(a.candidate, b.candidate))
    .map(({ candidate }) => candidate);
}

function limitFor(name: string): number {
  return name.length <= 4 ? 1 : 2;
}

function distanceOf(name: string, candidate: string, limit: number): number {
  return folded(candidate) === folded(name) ? 0 : editDistance(name, candidate, limit);
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[-_.]/gu, '');
}

// Optimal string alignment; lengths that differ by more than `limit` need no table.
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const least = Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(swapped ? Math.min(least, (beforeLast[j - 2] ?? 0) + 1) : least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
