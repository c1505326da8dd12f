import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startIndex } from '../support/loopback-index.ts';
import { alternate, type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { captured, emptyNode, loopbackEnvironment, timed } from '../support/program.ts';
import { smallSdists } from '../support/small-sdists.ts';

const PACKAGES = 300;
const ROUNDS = 5;
const SECONDS = 2;
const PEAK_MB = 300;

/**
 * `update` of a repository of 300 packages that all have a newer version, with pages and archives in the cache: the time to show it, that to write it, and the most memory.
 */
export async function measureUpdate({
  program,
  folder,
  say,
}: BenchContext): Promise<Readonly<Record<string, Measurement>>> {
  const index = await startIndex(await smallSdists(PACKAGES));
  const repository = path.join(folder, 'repository');
  await mkdir(repository);
  const environment = loopbackEnvironment(path.join(folder, 'cache'));
  const command = (...args: string[]): string[] => [process.execPath, program, ...args];
  const names = Array.from({ length: PACKAGES }, (_, each) => `p${each}`);
  try {
    say(`making a repository of ${PACKAGES} packages`);
    await timed(command('init', repository, '--deps', 'all', '--index-url', index.url), environment);
    await timed(command('add', '--quiet', '--repository', repository, ...names), environment);
    index.add(await smallSdists(PACKAGES, '1.1'));
    say('reading the new versions once');
    await timed(command('update', '--refresh', '--quiet', '--repository', repository), environment);
  } finally {
    // What is measured is the program, and not the network.
    await index.close();
  }
  const update = (where: string, ...args: string[]): string[] =>
    command('update', '--quiet', '--offline', '--repository', where, ...args);
  say(`${ROUNDS} rounds of update, update -w and node -e 0`);
  const writes: number[] = [];
  const runs = await alternate(ROUNDS, {
    measured: async () => (await timed(update(repository), environment)).seconds,
    against: emptyNode,
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const copy = path.join(folder, `copy-${round}`);
    await cp(repository, copy, { recursive: true });
    writes.push((await timed(update(copy, '-w'), environment)).seconds);
  }
  const { peakBytes } = await captured(update(repository, '--diff'), { environment, peak: true });
  const against = { what: 'node -e 0', figure: medianOf(runs.against) };
  const limit = { figure: SECONDS, rule: `fixed, for ${PACKAGES} packages` };
  return {
    '': { unit: 's', measured: medianOf(runs.measured), against, limit, details: runs },
    write: { unit: 's', measured: medianOf(writes), against, limit, details: { writes } },
    memory: {
      unit: 'MB',
      measured: (peakBytes ?? Number.POSITIVE_INFINITY) / 1e6,
      against,
      limit: { figure: PEAK_MB, rule: `fixed, for ${PACKAGES} packages` },
      details: { peakBytes },
    },
  };
}
