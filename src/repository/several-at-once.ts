// Waiting for the disk once for several files costs little more than for one.
const AT_ONCE = 16;

/**
 * Works on all items, some of them at the same time, in no certain order. When one fails, no other is begun; this throws the first fault when all that were begun
 * have ended, so that nothing goes on behind the back of who clears up.
 */
export async function severalAtOnce<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items].reverse();
  const faults: unknown[] = [];
  async function worker(): Promise<void> {
    for (let item = rest.pop(); item !== undefined && faults.length === 0; item = rest.pop()) {
      await work(item).catch((thrown: unknown) => faults.push(thrown));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (faults.length > 0) throw faults[0];
}
