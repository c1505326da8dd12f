import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/base/progress.ts';
import { UserError } from '../../src/base/user-error.ts';
import { retryAfterSeconds, retrying, TransientError } from '../../src/net/retry.ts';

const NOON = Date.parse('2026-11-23T12:00:00Z');

/** An action that fails so many times, and a record of the waits between. */
async function run(
  failures: number,
  options: { readonly random?: number; readonly retryAfter?: number | null; readonly retries?: number } = {},
): Promise<{ result: string; waits: number[] }> {
  const waits: number[] = [];
  let left = failures;
  const action = async (): Promise<string> => {
    if (left-- > 0) throw new TransientError('the line is busy', options.retryAfter ?? null);
    return 'done';
  };
  const result = await retrying('the page', action, {
    sleep: async (seconds) => void waits.push(seconds),
    random: () => options.random ?? 1,
    ...(options.retries === undefined ? {} : { retries: options.retries }),
  }).catch((error: unknown) =>
    error instanceof UserError ? `${error.code} ${error.exit}: ${error.message}` : 'defect',
  );
  return { result, waits };
}

describe('retrying', () => {
  it('does not wait for what succeeds', async () => {
    expect(await run(0)).toEqual({ result: 'done', waits: [] });
  });

  it('waits twice as long each time, within a random part of it', async () => {
    expect(await run(4)).toEqual({ result: 'done', waits: [1, 2, 4, 8] });
    expect(await run(4, { random: 0.5 })).toEqual({ result: 'done', waits: [0.5, 1, 2, 4] });
  });

  it('waits as long as the server asks', async () => {
    expect(await run(2, { retryAfter: 7 })).toEqual({ result: 'done', waits: [7, 7] });
  });

  it('gives up after the last try', async () => {
    expect(await run(9)).toEqual({
      result: 'E_INDEX_UNAVAILABLE 69: the line is busy (tried 5 times)',
      waits: [1, 2, 4, 8],
    });
    expect(await run(9, { retries: 0 })).toEqual({
      result: 'E_INDEX_UNAVAILABLE 69: the line is busy (tried 1 time)',
      waits: [],
    });
  });

  it('never waits longer than two minutes altogether', async () => {
    const { result, waits } = await run(99, { retryAfter: 50, retries: 20 });

    expect(waits).toEqual([50, 50]);
    expect(result).toBe('E_INDEX_UNAVAILABLE 69: the line is busy (tried 3 times)');
  });

  it('what an inner one gave up is not tried again by an outer one', async () => {
    let tries = 0;
    const policy = { retries: 1, sleep: async () => {} };
    const inner = (): Promise<never> =>
      retrying(
        'a page',
        async () => {
          tries++;
          throw new TransientError('busy');
        },
        policy,
      );

    await expect(retrying('a package', inner, policy)).rejects.toThrow('busy (tried 2 times)');
    expect(tries).toBe(2);
  });

  it('tells each retry and why', async () => {
    const events: ProgressEvent[] = [];
    let failed = false;
    const action = async (): Promise<void> => {
      if (failed) return;
      failed = true;
      throw new TransientError('the line is busy');
    };
    await retrying('the page', action, {
      sleep: async () => {},
      random: () => 1,
      onProgress: (event) => events.push(event),
    });

    expect(events).toEqual([{ kind: 'retry', what: 'the page', attempt: 1, seconds: 1, why: 'the line is busy' }]);
  });

  it('other errors are not tried again', async () => {
    const defect = new RangeError('a defect');
    await expect(retrying('the page', () => Promise.reject(defect), { sleep: async () => {} })).rejects.toBe(defect);
  });

  it('a wait ends when the run is cancelled', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const action = (): Promise<never> => {
      controller.abort(reason);
      return Promise.reject(new TransientError('busy', 60));
    };

    await expect(retrying('the page', action, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('retryAfterSeconds', () => {
  it.each([
    ['12', 12],
    [' 0 ', 0],
    ['3600', 60],
    ['99999999999999999999', 60],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['Tue, 24 Nov 2026 12:00:00 GMT', 60],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j is %j seconds', (header, expected) => {
    expect(retryAfterSeconds(header, () => NOON)).toBe(expected);
  });
});
