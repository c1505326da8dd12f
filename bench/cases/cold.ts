import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { curlConfig } from '../support/curl.ts';
import { alternate, type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { timed, watched, withCache } from '../support/program.ts';

const ROUNDS = 7;
const TIMES = 1.5;
const SECONDS = 0.5;

/** `toolz datashape` with an empty cache, beside curl that fetches the very same bytes, all at once. */
export async function measureCold({ program, folder, say }: BenchContext): Promise<Measurement> {
  const args = ['--quiet', 'toolz', 'datashape'];
  say('looking at which requests a run sends');
  const { requests } = await watched({ program, folder }, args, withCache(path.join(folder, 'watched')));
  const config = path.join(folder, 'curl.conf');
  await writeFile(config, curlConfig(requests));

  say(`${ROUNDS} rounds of toolz datashape with an empty cache and of curl for the same ${requests.length} requests`);
  let round = 0;
  const runs = await alternate(ROUNDS, {
    measured: async () => {
      const cache = path.join(folder, `cache-${round++}`);
      return (await timed([process.execPath, program, ...args], withCache(cache))).seconds;
    },
    against: async () => (await timed(['curl', '--parallel', '--parallel-immediate', '--config', config])).seconds,
  });
  const curl = medianOf(runs.against);
  return {
    unit: 's',
    measured: medianOf(runs.measured),
    against: { what: `curl, ${requests.length} requests`, figure: curl },
    limit: { figure: TIMES * curl + SECONDS, rule: `${TIMES} times and ${SECONDS} s` },
    details: { ...runs, requests },
  };
}
