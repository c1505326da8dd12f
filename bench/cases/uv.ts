import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Comparison, compare, limitOf, PEAK_MB, SECONDS, TIMES, type Times } from '../support/comparison.ts';
import { type BenchContext, type Measurement, medianOf } from '../support/measurement.ts';
import { installUv, UV_VERSION } from '../support/uv.ts';

const SETS = ['jupyterlab', 'apache-airflow'];
const ROUNDS = 5;

/** `lock` of large projects beside `uv pip compile`: times with an empty and a filled cache, and peaks of memory. `npm run compare-uv` compares versions too. */
export async function measureUv({
  program,
  folder,
  say,
}: BenchContext): Promise<Readonly<Record<string, Measurement>>> {
  say(`installing uv ${UV_VERSION}`);
  const uv = await installUv(folder);
  const measurements: Record<string, Measurement> = {};
  // Midnight, so that all rounds see the same index.
  const asOf = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`;
  for (const name of SETS) {
    say(`${ROUNDS} rounds of ${name}, each with an empty and a filled cache`);
    const own = path.join(folder, name);
    await mkdir(own);
    const request = { python: '3.13', asOf, requirements: [name] };
    const comparison = await compare(request, { program, uv, folder: own, rounds: ROUNDS });
    if (comparison.differences.length > 0) throw new Error(`${name}: ${comparison.differences.join('; ')}`);
    measurements[`cold ${name}`] = timesOf(comparison.cold, comparison);
    measurements[`warm ${name}`] = timesOf(comparison.warm, comparison);
    measurements[`memory ${name}`] = memoryOf(comparison);
  }
  return measurements;
}

function timesOf(times: Times, comparison: Comparison): Measurement {
  return {
    unit: 's',
    measured: medianOf(times.ours),
    against: { what: `uv, ${comparison.size} projects`, figure: medianOf(times.uv) },
    limit: { figure: limitOf(times.uv), rule: `${TIMES} times and ${SECONDS} s` },
    details: times,
  };
}

function memoryOf({ peakBytes }: Comparison): Measurement {
  return {
    unit: 'MB',
    measured: (peakBytes.ours ?? Number.NaN) / 1e6,
    against: { what: 'uv', figure: (peakBytes.uv ?? Number.NaN) / 1e6 },
    // A system that does not tell the peak cannot break the promise.
    limit: peakBytes.ours === null ? null : { figure: PEAK_MB, rule: 'fixed' },
    details: peakBytes,
  };
}
