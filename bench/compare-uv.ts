// Compares versions and times with uv: npm run -s compare-uv -- [--python X.Y] [--as-of TIME] [--rounds N] [REQUIREMENT...]
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Comparison, compare, isFast } from './support/comparison.ts';
import { medianOf } from './support/measurement.ts';
import { NoNetwork } from './support/program.ts';
import { type CompareRequest, installUv, type Uv } from './support/uv.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const DETAILS = path.join(ROOT, '.out', 'compare-uv');
const USAGE = 'usage: npm run -s compare-uv -- [--python X.Y] [--as-of TIME] [--rounds N] [REQUIREMENT...]';

/** What is compared when nothing is named. */
const SETS = [
  'toolz datashape',
  'requests',
  'jupyterlab',
  'apache-airflow',
  'celery[redis] django pandas scikit-learn',
  'black[d] mypy pytest-cov',
  'poetry sphinx tox',
  'fastapi[standard] sqlalchemy[asyncio]',
];
const OLD_SET = {
  python: '3.9',
  asOf: '2021-06-01T23:59:59Z',
  requirements: 'django celery requests flask sqlalchemy',
};

type Outcome =
  | { readonly request: CompareRequest; readonly comparison: Comparison }
  | { readonly request: CompareRequest; readonly failed: string; readonly isNetwork: boolean };

async function main(args: readonly string[]): Promise<number> {
  const given = argumentsOf(args);
  if (given === null) return wrongUse(USAGE);
  const program = path.join(ROOT, 'dist', 'main.js');
  const isBuilt = await access(program).then(
    () => true,
    () => false,
  );
  if (!isBuilt) return wrongUse('dist/main.js is missing: run `npm run build`');
  await mkdir(DETAILS, { recursive: true });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-uv-'));
  const outcomes: Outcome[] = [];
  try {
    console.error('installing uv');
    const uv = await installUv(folder);
    for (const [index, request] of given.requests.entries()) {
      const own = path.join(folder, `${index}`);
      await mkdir(own);
      const outcome = await outcomeOf(request, { program, uv, folder: own, rounds: given.rounds });
      outcomes.push(outcome);
      for (const line of linesOf(outcome)) console.log(line);
      await rm(own, { recursive: true, force: true });
    }
  } catch (thrown) {
    if (!(thrown instanceof NoNetwork)) throw thrown;
    console.error(thrown.message);
    return 69;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await writeFile(path.join(DETAILS, 'outcomes.json'), `${JSON.stringify(outcomes, null, 2)}\n`);
  const compared = outcomes.flatMap((outcome) => ('comparison' in outcome ? [outcome.comparison] : []));
  const same = compared.filter(({ differences }) => differences.length === 0).length;
  const times = compared.flatMap(({ cold, warm }) => [cold, warm]);
  const fast = times.filter(isFast).length;
  console.log(`${same} of ${outcomes.length} sets agree, ${fast} of ${times.length} ratios hold`);
  if (outcomes.some((outcome) => 'failed' in outcome && outcome.isNetwork)) return 69;
  return same === outcomes.length && fast === times.length ? 0 : 1;
}

/** Null for wrong use. */
function argumentsOf(
  args: readonly string[],
): { readonly requests: readonly CompareRequest[]; readonly rounds: number } | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { python: { type: 'string' }, 'as-of': { type: 'string' }, rounds: { type: 'string' } },
      allowPositionals: true,
    });
    const rounds = Number(values.rounds ?? '3');
    if (!Number.isInteger(rounds) || rounds < 1) return null;
    const python = values.python ?? '3.13';
    const given = values['as-of'] ?? new Date().toISOString().slice(0, 10);
    // A bare date is the end of that day for one program and its beginning for the other.
    const asOf = /^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T23:59:59Z` : given;
    if (positionals.length > 0) return { requests: [{ python, asOf, requirements: positionals }], rounds };
    const sets = SETS.map((set) => ({ python, asOf, requirements: set.split(' ') }));
    return { requests: [...sets, { ...OLD_SET, requirements: OLD_SET.requirements.split(' ') }], rounds };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return null;
  }
}

async function outcomeOf(
  request: CompareRequest,
  options: { readonly program: string; readonly uv: Uv; readonly folder: string; readonly rounds: number },
): Promise<Outcome> {
  console.error(`comparing ${request.requirements.join(' ')}`);
  try {
    return { request, comparison: await compare(request, options) };
  } catch (thrown) {
    const failed = thrown instanceof Error ? thrown.message : String(thrown);
    return { request, failed, isNetwork: thrown instanceof NoNetwork };
  }
}

function linesOf(outcome: Outcome): string[] {
  const { python, asOf, requirements } = outcome.request;
  const head = `${requirements.join(' ')} (Python ${python}, as of ${asOf})`;
  if ('failed' in outcome) return [head, `  failed: ${outcome.failed}`];
  const { differences, size, cold, warm, peakBytes } = outcome.comparison;
  const seconds = (figures: readonly number[]): string => `${medianOf(figures).toFixed(2)} s`;
  const ratio = (times: typeof cold): string =>
    `${seconds(times.ours)}, uv ${seconds(times.uv)}, ratio ${(medianOf(times.ours) / medianOf(times.uv)).toFixed(2)}${isFast(times) ? '' : ', TOO SLOW'}`;
  const megabytes = (bytes: number | null): string => (bytes === null ? 'not known' : `${(bytes / 1e6).toFixed(0)} MB`);
  return [
    head,
    differences.length === 0 ? `  the same ${size} versions` : `  ${differences.length} of ${size} differ:`,
    ...differences.map((difference) => `    ${difference}`),
    `  cold ${ratio(cold)}; warm ${ratio(warm)}; peak ${megabytes(peakBytes.ours)}, uv ${megabytes(peakBytes.uv)}`,
  ];
}

function wrongUse(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
