import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startIndex } from '../support/loopback-index.ts';
import { alternate, type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { captured, emptyNode, loopbackEnvironment, timed } from '../support/program.ts';
import { smallSdists } from '../support/small-sdists.ts';

const PACKAGES = 300;
const ROUNDS = 7;
const SECONDS = 0.6;
const PEAK_MB = 200;

/** `regenerate` of a repository of 300 packages whose facts are all in the cache: its time, and the most memory that it has. */
export async function measureRegenerate({
  program,
  folder,
  say,
}: BenchContext): Promise<Readonly<Record<string, Measurement>>> {
  const sdists = await smallSdists(PACKAGES);
  const index = await startIndex(sdists);
  const repository = path.join(folder, 'repository');
  await mkdir(repository);
  const environment = loopbackEnvironment(path.join(folder, 'cache'));
  const command = (...args: string[]): string[] => [process.execPath, program, ...args];
  try {
    say(`making a repository of ${PACKAGES} packages`);
    await timed(command('init', repository, '--deps', 'all', '--index-url', index.url), environment);
    await timed(command('add', '--quiet', '--repository', repository, ...sdists.map(({ name }) => name)), environment);
  } finally {
    // What is measured has no index.
    await index.close();
  }
  const regenerate = command('regenerate', '--quiet', '--offline', '--repository', repository);
  say(`${ROUNDS} rounds of regenerate and node -e 0`);
  const runs = await alternate(ROUNDS, {
    measured: async () => (await timed(regenerate, environment)).seconds,
    against: emptyNode,
  });
  const { peakBytes } = await captured(regenerate, { environment, peak: true });
  const against = { what: 'node -e 0', figure: medianOf(runs.against) };
  return {
    '': {
      unit: 's',
      measured: medianOf(runs.measured),
      against,
      limit: { figure: SECONDS, rule: `fixed, for ${PACKAGES} packages` },
      details: runs,
    },
    memory: {
      unit: 'MB',
      measured: (peakBytes ?? Number.POSITIVE_INFINITY) / 1e6,
      against,
      limit: { figure: PEAK_MB, rule: `fixed, for ${PACKAGES} packages` },
      details: { peakBytes },
    },
  };
}
