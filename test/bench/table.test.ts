import { describe, expect, it } from 'vitest';
import { type Measurement, medianOf } from '../../bench/support/measurement.ts';
import { exitCodeOf, lastLine, type Outcome, tableOf } from '../../bench/support/table.ts';

function outcome(name: string, measured: number, limit: number | null): Outcome {
  const measurement: Measurement = {
    unit: 's',
    measured,
    against: { what: 'node -e 0', figure: 0.1 },
    limit: limit === null ? null : { figure: limit, rule: 'fixed' },
    details: null,
  };
  return { name, measurement };
}

const HOLDS = outcome('help', 0.15, 0.2);
const BREAKS = outcome('warm', 0.4, 0.35);
const REPORTED = outcome('sdist', 9, null);
const FAILED: Outcome = { name: 'cold', failed: 'tar ended with 2', isNetwork: false };
const CUT_OFF: Outcome = { name: 'cold', failed: 'node ended with 69', isNetwork: true };

describe('the table of the bench', () => {
  it('shows each figure beside what it was compared with and its limit', () => {
    expect(tableOf([HOLDS, BREAKS, REPORTED])).toEqual([
      'case   measured  against            ratio  limit',
      'help   0.150 s   0.100 s node -e 0  1.50   0.200 s (fixed)  holds',
      'warm   0.400 s   0.100 s node -e 0  4.00   0.350 s (fixed)  DOES NOT HOLD',
      'sdist  9.000 s   0.100 s node -e 0  90.00                   reported only',
    ]);
  });

  it('shows why a case has no figure', () => {
    expect(tableOf([FAILED])[1]).toBe('cold  failed: tar ended with 2');
  });
});

describe('the last line of the bench', () => {
  it.each([
    ['counts what holds', [HOLDS, BREAKS], '1 of 2 ratios hold'],
    ['leaves out what is only reported', [HOLDS, REPORTED], '1 of 1 ratios hold'],
    ['counts a case that failed as one that does not hold', [HOLDS, FAILED], '1 of 2 ratios hold'],
  ])('%s', (_, outcomes, line) => {
    expect(lastLine(outcomes)).toBe(line);
  });
});

describe('the exit code of the bench', () => {
  it.each([
    ['0 when all ratios hold', [HOLDS, REPORTED], 0],
    ['1 when one does not', [HOLDS, BREAKS], 1],
    ['1 when a case failed', [HOLDS, FAILED], 1],
    ['69 when a case had no network', [HOLDS, BREAKS, CUT_OFF], 69],
  ])('is %s', (_, outcomes, code) => {
    expect(exitCodeOf(outcomes)).toBe(code);
  });
});

describe('the median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (figures, median) => {
    expect(medianOf(figures)).toBe(median);
  });

  it('of nothing is a defect', () => {
    expect(() => medianOf([])).toThrow('no median');
  });
});
