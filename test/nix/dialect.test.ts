import { describe, expect, it } from 'vitest';
import { DEFAULT_RELEASE, dialectFor, RELEASES } from '../../src/nix/dialect.ts';
import { COLUMNS } from '../../src/nix/dialect-columns.ts';

describe('the dialect', () => {
  it.each([
    ['15.09', ['15.09', '16.03']],
    ['16.09', ['16.09']],
    ['17.03', ['17.03']],
    ['17.09', ['17.09']],
    ['18.03', ['18.03', '18.09', '19.03']],
    ['19.09', ['19.09']],
    ['20.03', ['20.03', '20.09']],
    ['21.05', ['21.05']],
    ['21.11', ['21.11']],
    ['22.05', ['22.05']],
    ['22.11', ['22.11']],
    ['23.05', ['23.05']],
    ['23.11', ['23.11']],
    ['24.05', ['24.05']],
    ['24.11', ['24.11', '25.05']],
    ['25.11', ['25.11']],
    ['26.05', ['26.05', 'unstable']],
  ])('of %s is that of %j', (generation, releases) => {
    const dialects = releases.map((release) => dialectFor(release));
    expect(dialects.map((dialect) => [dialect.generation, dialect.release, dialect.releases])).toEqual(
      releases.map((release) => [generation, release, releases]),
    );
  });

  it('is there for every release, and every column for one', () => {
    const generations = RELEASES.map((release) => dialectFor(release).generation);
    expect([...new Set(generations)]).toEqual(COLUMNS.map(({ generation }) => generation));
    expect(RELEASES).toContain(DEFAULT_RELEASE);
  });

  it('names every attribute once, and each list of inputs among them', () => {
    for (const { groups, lists } of COLUMNS) {
      const names = groups.flat();
      expect(names).toEqual([...new Set(names)]);
      expect(names).toEqual(expect.arrayContaining(Object.values(lists)));
    }
  });

  it('of what is no release is refused', () => {
    expect(() => dialectFor('16.04')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_RELEASE', exit: 2 }));
  });
});
