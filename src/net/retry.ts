import { setTimeout as delay } from 'node:timers/promises';
import type { ProgressEvent } from '../base/progress.ts';
import { countOf } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';

/** A failure that may pass: a cut or silent connection, an overloaded server. `E_INDEX_UNAVAILABLE`, exit 69, when it is shown. */
export class TransientError extends UserError {
  /** How long the server asks to wait. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null = null, cause?: unknown) {
    super('E_INDEX_UNAVAILABLE', message, { hint: UNAVAILABLE_HINT, exit: EXIT.unavailable, cause });
    this.retryAfter = retryAfter;
  }
}

/** What a user can do when the network does not answer. */
export const UNAVAILABLE_HINT =
  'check the network, the proxy settings and the address of the index; --offline works from what the cache has';

export interface RetryPolicy {
  /** Tries after the first; default 4. */
  readonly retries?: number;
  /** Waits; ends early with the signal's reason. */
  readonly sleep?: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1, spreads the waits of many clients. */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
}

const DEFAULT_RETRIES = 4;
const FIRST_SECONDS = 1;
const LONGEST_SECONDS = 20;
const LONGEST_RETRY_AFTER_SECONDS = 60;
/** All waits of one action together. */
const TOTAL_SECONDS = 120;

/**
 * Runs an action, and again after a `TransientError`: for what is more than one request, such as a download that is unpacked on the
 * way and must start anew when it is cut. Waits with exponential back-off and full jitter, or as long as the server asks, within
 * bounds. When tries or time are used up: UserError `E_INDEX_UNAVAILABLE` (exit 69), which an outer `retrying` does not try again.
 */
export async function retrying<Result>(
  what: string,
  action: () => Promise<Result>,
  policy: RetryPolicy = {},
): Promise<Result> {
  const retries = policy.retries ?? DEFAULT_RETRIES;
  const sleep = policy.sleep ?? sleepSeconds;
  const random = policy.random ?? Math.random;
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    policy.signal?.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      const seconds = error.retryAfter ?? random() * Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (attempt - 1));
      if (attempt > retries || waited + seconds > TOTAL_SECONDS) throw givenUp(error, attempt);
      policy.onProgress?.({ kind: 'retry', what, attempt, seconds, why: error.message });
      await sleep(seconds, policy.signal);
      waited += seconds;
    }
  }
}

/** Seconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date), at most 60; null without a usable one. */
export function retryAfterSeconds(header: string | null, now: () => number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now()) / 1000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER_SECONDS);
}

function givenUp(error: TransientError, attempts: number): UserError {
  return new UserError(error.code, `${error.message} (tried ${countOf(attempts, 'time')})`, {
    hint: UNAVAILABLE_HINT,
    exit: error.exit,
    cause: error,
  });
}

async function sleepSeconds(seconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(seconds * 1000, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
