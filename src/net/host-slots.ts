import pLimit, { type LimitFunction } from 'p-limit';

/** Slots for requests, so many for each host. */
export interface HostSlots {
  /** Waits for a slot; the function gives it back, and may be called more than once. */
  take(host: string): Promise<() => void>;
}

/**
 * How many requests to a host begin at once, and after how many answers there may be one more. Each connection costs a handshake, which takes longer than many
 * an answer: where answers come soon, few connections are enough.
 */
const FIRST = 6;
const ANSWERS_FOR_ONE_MORE = 8;

export function hostSlots(perHost: number): HostSlots {
  const limits = new Map<string, LimitFunction>();
  const answers = new Map<string, number>();

  function answered(host: string, limit: LimitFunction): void {
    const count = (answers.get(host) ?? 0) + 1;
    answers.set(host, count);
    if (count % ANSWERS_FOR_ONE_MORE === 0 && limit.concurrency < perHost) limit.concurrency += 1;
  }

  return {
    take(host) {
      const limit = limits.get(host) ?? pLimit(Math.min(FIRST, perHost));
      limits.set(host, limit);
      return new Promise((taken) => {
        // The slot is held while this inner promise is open.
        void limit(() => new Promise<void>((release) => taken(release))).then(() => answered(host, limit));
      });
    },
  };
}
