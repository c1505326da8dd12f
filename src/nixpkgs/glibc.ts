/** N of the glibc 2.N that each release came with, from the release on; where it was raised during a release, the lower one. */
const GLIBC: readonly (readonly [release: string, minor: number])[] = [
  ...([
    ['15.09', 21],
    ['16.03', 23],
    ['16.09', 24],
    ['17.03', 24],
    ['17.09', 25],
    ['18.03', 26],
    ['18.09', 27],
    ['20.03', 30],
    ['20.09', 31],
    ['21.05', 32],
    ['21.11', 33],
  ] as const),
  ...([
    ['22.05', 34],
    ['22.11', 35],
    ['23.05', 37],
    ['23.11', 38],
    ['24.05', 39],
    ['24.11', 40],
  ] as const),
];

/** N of the glibc 2.N of a release (`24.05`, `unstable`), which tells what compiled wheels run there. */
export function glibcOf(release: string): number {
  // Digits sort before letters, so that `unstable` is the newest.
  const known = GLIBC.findLast(([from]) => from <= release);
  return known?.[1] ?? GLIBC[0]?.[1] ?? 0;
}
