import { describe, expect, it } from 'vitest';
import { runEach } from '../../scripts/support/run-each.ts';
import { EXIT, UserError } from '../../src/base/user-error.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));

describe('running a job for each entry', () => {
  it('gives the outcomes in order, and a failing one ends nothing', async () => {
    const outcomes = await runEach(
      NAMES,
      async ({ name }) => {
        if (name === 'b') throw new UserError('E_BAD', 'b is bad');
        return name.toUpperCase();
      },
      { atATime: 2, onLine: () => {} },
    );
    expect(outcomes).toEqual([
      { kind: 'done', value: 'A' },
      { kind: 'failed', message: 'b is bad', isOutside: false },
      { kind: 'done', value: 'C' },
      { kind: 'done', value: 'D' },
      { kind: 'done', value: 'E' },
    ]);
  });

  it('runs no more at a time than it may', async () => {
    let running = 0;
    let most = 0;
    await runEach(
      NAMES,
      async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
      },
      { atATime: 2, onLine: () => {} },
    );
    expect(most).toBe(2);
  });

  it('tries what the network made fail once more', async () => {
    const tries = new Map<string, number>();
    const outcomes = await runEach(
      NAMES,
      async ({ name }) => {
        tries.set(name, (tries.get(name) ?? 0) + 1);
        if (name === 'c' && tries.get(name) === 1) throw unavailable();
        return name;
      },
      { atATime: 1, onLine: () => {} },
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(Object.fromEntries(tries)).toEqual({ a: 1, b: 1, c: 2, d: 1, e: 1 });
  });

  it('tries no more when the first ones find no network', async () => {
    const tried: string[] = [];
    const outcomes = await runEach(
      NAMES,
      async ({ name }) => {
        tried.push(name);
        throw unavailable();
      },
      { atATime: 2, onLine: () => {} },
    );
    expect(outcomes.every((outcome) => outcome.kind === 'failed' && outcome.isOutside)).toBe(true);
    expect(tried.length).toBeLessThan(NAMES.length);
  });

  it('tells each project that has ended, with its fault', async () => {
    const lines: string[] = [];
    await runEach(
      NAMES.slice(0, 2),
      async ({ name }) => {
        if (name === 'b') throw new UserError('E_BAD', 'b is bad');
      },
      { atATime: 1, onLine: (line) => lines.push(line) },
    );
    expect(lines).toEqual(['1/2 a', '2/2 b: b is bad']);
  });
});

function unavailable(): UserError {
  return new UserError('E_INDEX_UNAVAILABLE', 'no network', { exit: EXIT.unavailable });
}
