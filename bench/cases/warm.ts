import { alternate, type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { emptyNode, timed, withCache } from '../support/program.ts';

const ROUNDS = 11;
const SECONDS = 0.35;

/** `--offline toolz datashape` from the cache of an earlier run. */
export async function measureWarm({ program, folder, say }: BenchContext): Promise<Measurement> {
  const environment = withCache(folder);
  say('filling a cache');
  await timed([process.execPath, program, '--quiet', 'toolz', 'datashape'], environment);
  say(`${ROUNDS} rounds of --offline toolz datashape and node -e 0`);
  const runs = await alternate(ROUNDS, {
    measured: async () =>
      (await timed([process.execPath, program, '--offline', '--quiet', 'toolz', 'datashape'], environment)).seconds,
    against: emptyNode,
  });
  return {
    unit: 's',
    measured: medianOf(runs.measured),
    against: { what: 'node -e 0', figure: medianOf(runs.against) },
    limit: { figure: SECONDS, rule: 'fixed' },
    details: runs,
  };
}
