import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/base/nearest-name.ts';

describe('the nearest names', () => {
  it.each([
    ['reqests', ['requests', 'flask', 'request'], ['requests', 'request']],
    ['python_dateutil', ['python-dateutil', 'pythondateutils'], ['python-dateutil', 'pythondateutils']],
    ['nupmy', ['numpy', 'numpydoc'], ['numpy']],
    ['abc', ['abd', 'ade', 'ab'], ['ab', 'abd']],
    ['flask', ['flask', 'flask', 'flasks', 'flasks'], ['flasks']],
    ['nothing', [], []],
  ])('of %s', (name, candidates, expected) => {
    expect(nearestNames(name, candidates)).toEqual(expected);
  });
});
