import { describe, expect, it } from 'vitest';
import { isFresh } from '../../src/cache/freshness.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const MINUTE = 60_000;

describe('isFresh', () => {
  it.each([
    ['a moment ago', NOW, {}, true],
    ['nine minutes ago', NOW - 9 * MINUTE, {}, true],
    ['ten minutes ago', NOW - 10 * MINUTE, {}, false],
    ['at an unknown time', null, {}, false],
    ['in the future', NOW + 1, {}, false],
    ['nine minutes ago, with a rule of five', NOW - 9 * MINUTE, { seconds: 300 }, false],
    ['a moment ago, with --refresh', NOW, { refresh: true }, false],
    ['years ago, with --offline', 0, { offline: true }, true],
    ['at an unknown time, with --offline', null, { offline: true }, true],
    ['years ago, with --offline and --refresh', 0, { offline: true, refresh: true }, true],
  ])('a record that was fetched %s', (_, fetchedAt, rule, expected) => {
    expect(isFresh({ fetchedAt }, { now: NOW, refresh: false, offline: false, ...rule })).toBe(expected);
  });
});
