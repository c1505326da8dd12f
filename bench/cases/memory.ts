import path from 'node:path';
import { startIndex } from '../support/loopback-index.ts';
import { madeUpSdist } from '../support/made-up-sdist.ts';
import type { BenchContext, Measurement } from '../support/measurement.ts';
import { loopbackEnvironment, watched } from '../support/program.ts';

const LARGE_BYTES = 500e6;
const SMALL_BYTES = 1e6;
const PEAK_MB = 200;

/** The peak of memory when a large sdist is read, beside that for a small one: reading must not hold what it reads. */
export async function measureMemory({ program, folder, say }: BenchContext): Promise<Measurement> {
  say('making two sdists, of 1 MB and 500 MB');
  const small = await madeUpSdist('small-sdist', SMALL_BYTES);
  const large = await madeUpSdist('large-sdist', LARGE_BYTES);
  const index = await startIndex([small, large]);
  try {
    const peakOf = async (name: string): Promise<number> => {
      say(`reading ${name}`);
      const args = ['--quiet', '--index-url', index.url, name];
      const { peakBytes } = await watched({ program, folder }, args, loopbackEnvironment(path.join(folder, name)));
      return peakBytes / 1e6;
    };
    const smallPeak = await peakOf(small.name);
    const largePeak = await peakOf(large.name);
    return {
      unit: 'MB',
      measured: largePeak,
      against: { what: 'for an sdist of 1 MB', figure: smallPeak },
      limit: { figure: PEAK_MB, rule: 'fixed, for 500 MB' },
      details: { large: largePeak, small: smallPeak },
    };
  } finally {
    await index.close();
  }
}
