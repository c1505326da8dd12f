import { describe, expect, it } from 'vitest';
import { parseVersion } from '../../src/pep/version.ts';
import { isWithin, stepBetween } from '../../src/repository/package-update.ts';

describe('the step between two versions', () => {
  it.each([
    ['1.0', '2.0', 'major'],
    ['1', '1.1', 'minor'],
    ['1.0', '1.0.1', 'patch'],
    ['1.0.0.1', '1.0.0.2', 'patch'],
    ['1.0b1', '1.0', 'patch'],
    ['1.0', '1.0.post1', 'patch'],
    ['2024.1', '1!1.0', 'other'],
    ['9'.repeat(40), `1${'0'.repeat(40)}`, 'major'],
  ])('%s to %s is %s', (before, after, expected) => {
    expect(stepBetween(parseVersion(before), parseVersion(after))).toBe(expected);
  });
});

describe('a target', () => {
  it.each([
    ['patch', '1.2', '1.2.9', true],
    ['patch', '1.2', '1.3', false],
    ['minor', '1.2', '1.3', true],
    ['minor', '1.2', '2.0', false],
    ['minor', '1.2', '1!1.2', false],
    ['major', '1.2', '1!1.2', true],
  ] as const)('%s from %s to %s: %s', (target, before, after, expected) => {
    expect(isWithin(target, parseVersion(before), parseVersion(after))).toBe(expected);
  });
});
