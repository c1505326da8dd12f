import pLimit, { type LimitFunction } from 'p-limit';

/** Slots for requests, so many for each host. */
export interface HostSlots {
  /** Waits for a slot; the function gives it back, and may be called more than once. */
  take(host: string): Promise<() => void>;
}

export function hostSlots(perHost: number): HostSlots {
  const limits = new Map<string, LimitFunction>();
  return {
    take(host) {
      const limit = limits.get(host) ?? pLimit(perHost);
      limits.set(host, limit);
      return new Promise((taken) => {
        // The slot is held while this inner promise is open.
        void limit(() => new Promise<void>((release) => taken(release)));
      });
    },
  };
}
