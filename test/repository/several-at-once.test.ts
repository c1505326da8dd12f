import { describe, expect, it } from 'vitest';
import { severalAtOnce } from '../../src/repository/several-at-once.ts';

describe('severalAtOnce', () => {
  it('works on every item once', async () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const seen: number[] = [];
    await severalAtOnce(items, async (item) => {
      await Promise.resolve();
      seen.push(item);
    });
    expect(seen.sort((a, b) => a - b)).toEqual(items);
  });

  it('tells a fault only when all that was begun has ended, and begins nothing more', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      if (item === 3) throw new Error('no third cup');
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      ended.push(item);
    };
    const items = Array.from({ length: 1000 }, (_, index) => index);
    await expect(severalAtOnce(items, work)).rejects.toThrow('no third cup');
    expect(begun.length).toBeLessThan(1000);
    expect(ended).toEqual(begun.filter((item) => item !== 3));
  });
});
