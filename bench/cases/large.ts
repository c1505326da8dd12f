import path from 'node:path';
import { largeRequest, startLargeIndex } from '../support/large-index.ts';
import { type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { emptyNode, loopbackEnvironment, timed } from '../support/program.ts';

const SIZE = { projects: 5000, versions: 50 };
const REQUIREMENTS = 500;
const ROUNDS = 5;
const SECONDS = 3;

/** `lock --offline` of 500 requirements from a cache that holds an index of 5,000 projects with 50 versions each, most of which are reached. */
export async function measureLarge({ program, folder, say }: BenchContext): Promise<Measurement> {
  const index = await startLargeIndex(SIZE);
  const lock = async (options: readonly string[]): Promise<number> => {
    const target = ['--python', '3.13', '--platform', 'x86_64-linux', '--index-url', index.url];
    const command = [process.execPath, program, 'lock', '--quiet', ...target, ...options];
    const request = largeRequest(REQUIREMENTS, SIZE);
    return (await timed([...command, '--', ...request], loopbackEnvironment(path.join(folder, 'cache')))).seconds;
  };
  try {
    say('filling a cache from a made-up index');
    const filling = await lock([]);
    say(`${ROUNDS} rounds from the cache`);
    const measured: number[] = [];
    const against: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      against.push(await emptyNode());
      measured.push(await lock(['--offline']));
    }
    return {
      unit: 's',
      measured: medianOf(measured),
      against: { what: 'node -e 0', figure: medianOf(against) },
      limit: { figure: SECONDS, rule: 'fixed' },
      details: { filling, measured, against },
    };
  } finally {
    await index.close();
  }
}
