import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf, sumOf } from '../../scripts/support/metrics.ts';

describe('the figures of a tally', () => {
  it.each([
    { both: 3, onlyTruth: 1, onlyHere: 0, precision: 1, recall: 0.75, f1: 6 / 7 },
    { both: 3, onlyTruth: 0, onlyHere: 1, precision: 0.75, recall: 1, f1: 6 / 7 },
    { both: 1, onlyTruth: 1, onlyHere: 1, precision: 0.5, recall: 0.5, f1: 0.5 },
    { both: 0, onlyTruth: 2, onlyHere: 0, precision: 1, recall: 0, f1: 0 },
    { both: 0, onlyTruth: 0, onlyHere: 0, precision: 1, recall: 1, f1: 1 },
  ])('of $both common, $onlyTruth missing and $onlyHere needless names', ({ precision, recall, f1, ...tally }) => {
    expect(figuresOf(tally)).toEqual({ precision, recall, f1 });
  });

  it('have an F1 between precision and recall', () => {
    const count = fc.nat({ max: 500 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), count, count, (both, onlyTruth, onlyHere) => {
        const { precision, recall, f1 } = figuresOf({ both, onlyTruth, onlyHere });
        expect(f1).toBeGreaterThanOrEqual(Math.min(precision, recall) - 1e-9);
        expect(f1).toBeLessThanOrEqual(Math.max(precision, recall) + 1e-9);
      }),
    );
  });
});

it('a project with many inputs weighs more than one with few', () => {
  const tallies = [
    { both: 9, onlyTruth: 0, onlyHere: 1 },
    { both: 0, onlyTruth: 1, onlyHere: 0 },
  ];
  expect(sumOf(tallies)).toEqual({ both: 9, onlyTruth: 1, onlyHere: 1 });
});
