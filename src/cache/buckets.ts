/**
 * The kinds of records that the cache keeps, each with the number of its form. Who changes what a record holds raises the number:
 * records of another form count as missing. Names become folder and file names, so they are constants of this program.
 */
export const CACHE_BUCKETS = {
  /** Pages of projects, by index and project. */
  pages: 2,
  /** What only the project JSON of an index has, by index and project. */
  projects: 1,
  /** Core metadata of single files, by their sha256. */
  metadata: 2,
  /** What reading an sdist told, by its sha256. */
  sdists: 15,
  /** What reading a wheel told, by its sha256. */
  wheels: 3,
  /** What the compiled files of a wheel link, by its sha256. */
  links: 1,
  /** Which ways to metadata are dead on an index, by index. */
  routes: 1,
  /** What the lock file of a repository says, by the sha256 of its text. */
  locks: 1,
  /** What a nixpkgs has, by its revision. */
  nixpkgs: 2,
} as const satisfies Readonly<Record<string, number>>;

export type CacheBucket = keyof typeof CACHE_BUCKETS;
