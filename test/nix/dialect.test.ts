import { describe, expect, it } from 'vitest';
import { borrowsForm, DEFAULT_RELEASE, dialectFor, RELEASES } from '../../src/nix/dialect.ts';

describe('the dialect', () => {
  it.each([
    ['15.09', '16.03'],
    ['16.03', '16.03'],
    ['16.09', '16.03'],
    ['24.05', '24.05'],
    ['25.11', '24.05'],
    ['26.05', '24.05'],
    ['unstable', '24.05'],
    [DEFAULT_RELEASE, '24.05'],
  ])('of %s is that of %s', (release, generation) => {
    expect(dialectFor(release).generation).toBe(generation);
  });

  it.each(['17.03', '18.03', '23.11'])('of %s is not there yet, which is said', (release) => {
    expect(RELEASES).toContain(release);
    expect(() => dialectFor(release)).toThrow(
      expect.objectContaining({
        code: 'E_RELEASE_NOT_SUPPORTED',
        exit: 2,
        hint: expect.stringContaining('supported: 15.09, 16.03, 16.09, 24.05, 24.11, 25.05, 25.11, 26.05, unstable'),
      }),
    );
  });

  it('is borrowed for the newest releases only', () => {
    expect(RELEASES.filter(borrowsForm)).toEqual(['26.05', 'unstable']);
  });

  it('of what is no release is refused', () => {
    expect(() => dialectFor('16.04')).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_RELEASE', exit: 2 }));
  });
});
