import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/report/progress.ts';

/** What a progress report writes while time goes by; a clear line shows as `|`. */
function written(isTTY: boolean, times: readonly number[], counts: readonly number[], columns = 100): string {
  let text = '';
  let at = 0;
  const stream = {
    isTTY,
    columns,
    write: (more: string) => {
      text += more;
    },
  };
  const { sink, clear } = createProgress({ stream, quiet: false, verbose: false, now: () => times[at] ?? 0 });
  for (const done of counts) {
    sink({ kind: 'count', text: 'looking for new versions', done, total: 300 });
    at += 1;
  }
  clear();
  return text.replaceAll('\r\u001b[K', '|');
}

describe('what is counted', () => {
  it('is a bar with rate and remaining time on a terminal', () => {
    expect(written(true, [0, 2000, 100_000], [1, 90, 150])).toBe(
      [
        'looking for new versions  --------------------  1/300',
        'looking for new versions  ######--------------  90/300, 45/s, 5 s left',
        'looking for new versions  ##########----------  150/300, 1.5/s, 1 min 41 s left|',
      ].join('|'),
    );
  });

  it('is not drawn more often than anybody can see', () => {
    expect(written(true, [0, 10, 20, 60], [1, 2, 3, 4]).split('|')).toHaveLength(3);
  });

  it('has no rate before one can be told', () => {
    expect(written(true, [0, 100], [1, 300])).toBe(
      'looking for new versions  --------------------  1/300|looking for new versions  ####################  300/300|',
    );
  });

  it.each([
    [60, 'looking for new versions  90/300, 45/s, 5 s left'],
    [40, '90/300, 45/s, 5 s left'],
    [15, '90/300, 45/s,…'],
  ])('keeps rate and remaining time on a terminal of %i columns as long as there is room', (columns, expected) => {
    expect(written(true, [0, 2000], [1, 90], columns).split('|').at(1)).toBe(expected);
  });

  it('takes a terminal that tells no width for one of 80 columns', () => {
    expect(written(true, [0, 2000], [1, 90], 0).split('|').at(1)).toBe(
      'looking for new versions  ######--------------  90/300, 45/s, 5 s left',
    );
  });

  it('is nothing where there is no terminal', () => {
    expect(written(false, [0, 1000], [1, 300])).toBe('');
  });
});
