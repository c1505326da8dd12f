/** What one try of a route told: it `works`, it is `dead`, or it stays `open` which of both. */
export interface Verdict<Result> {
  readonly verdict: 'works' | 'dead' | 'open';
  readonly result: Result;
}

/** Ways to metadata that some hosts have and others have not, learned while a run goes on. */
export interface Routes {
  /**
   * Runs `attempt`, unless the route is known to be dead: then null. While nothing is known of the route one attempt runs and all
   * others wait for what it tells, so that a dead route costs one request, however many files are asked for at once.
   * A route that has worked is kept, because then the fault is of one file.
   */
  attempt<Result>(route: string, attempt: () => Promise<Verdict<Result>>): Promise<Result | null>;
}

/** Routes of which nothing is known. */
export function createRoutes(): Routes {
  const known = new Map<string, 'works' | 'dead'>();
  const probes = new Map<string, Promise<unknown>>();

  async function probe<Result>(route: string, attempt: () => Promise<Verdict<Result>>): Promise<Result> {
    const { verdict, result } = await attempt();
    if (verdict !== 'open' && known.get(route) !== 'works') known.set(route, verdict);
    return result;
  }

  return {
    async attempt(route, attempt) {
      for (let under = probes.get(route); under !== undefined; under = probes.get(route)) await under;
      if (known.get(route) === 'dead') return null;
      if (known.get(route) === 'works') return await probe(route, attempt);
      const first = probe(route, attempt);
      // Who waits wants to know only that it is over; its error is for its own caller.
      const over = first.then(
        () => probes.delete(route),
        () => probes.delete(route),
      );
      probes.set(route, over);
      return await first;
    },
  };
}
