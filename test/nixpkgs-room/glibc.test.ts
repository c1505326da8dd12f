import { expect, it } from 'vitest';
import { RELEASES } from '../../src/nix/dialect.ts';
import { glibcOf } from '../../src/nixpkgs/glibc.ts';

it.each([
  ['15.09', 21],
  ['18.03', 26],
  ['19.09', 27],
  ['24.05', 39],
  ['unstable', 40],
])('nixpkgs %s has glibc 2.%d', (release, minor) => {
  expect(glibcOf(release)).toBe(minor);
});

it('no release has an older glibc than the one before it', () => {
  const minors = RELEASES.map(glibcOf);
  expect(minors).toEqual([...minors].sort((a, b) => a - b));
});
