import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/base/nearest-name.ts';

const NAMES = ['buildInputs', 'nativeBuildInputs', 'build-system', 'dependencies', 'when', 'env'];

describe('nearestName', () => {
  it.each([
    ['buildInput', 'buildInputs'],
    ['buildinputs', 'buildInputs'],
    ['build_system', 'build-system'],
    ['dependancies', 'dependencies'],
    ['dependneices', 'dependencies'],
    ['wehn', 'when'],
    ['envs', 'env'],
  ])('takes %s for %s', (written, meant) => {
    expect(nearestName(written, NAMES)).toBe(meant);
  });

  it.each(['patches', 'x', '', 'wan'])('does not guess for %j', (written) => {
    expect(nearestName(written, NAMES)).toBeNull();
  });
});
