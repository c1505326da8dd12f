import { describe, expect, it } from 'vitest';
import { heavyBuild } from '../../src/cli/formats.ts';
import { sdistFacts } from '../classify/support/facts.ts';

describe('an sdist in place of which --format any takes a wheel', () => {
  it('is one that compiles a large library', () => {
    expect(heavyBuild(sdistFacts({ compiledBytes: 39_412_198 }))).toBe('it has 39 MB of sources to compile');
  });

  it('is none that compiles a few files', () => {
    expect(heavyBuild(sdistFacts({ compiledBytes: 2_496_394 }))).toBeNull();
  });
});
