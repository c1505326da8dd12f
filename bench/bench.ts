// Measures dist/main.js, the program as users run it: npm run -s bench -- [CASE...]
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { measureCold } from './cases/cold.ts';
import { measureHelp } from './cases/help.ts';
import { measureLarge } from './cases/large.ts';
import { measureMemory } from './cases/memory.ts';
import { measureRegenerate } from './cases/regenerate.ts';
import { measureSdist } from './cases/sdist.ts';
import { measureUpdate } from './cases/update.ts';
import { measureUv } from './cases/uv.ts';
import { measureWarm } from './cases/warm.ts';
import type { BenchContext, Measurement } from './support/measurement.ts';
import { NoNetwork } from './support/program.ts';
import { exitCodeOf, lastLine, type Outcome, tableOf } from './support/table.ts';

const CASES = {
  help: alone(measureHelp),
  warm: alone(measureWarm),
  cold: alone(measureCold),
  sdist: alone(measureSdist),
  memory: alone(measureMemory),
  large: alone(measureLarge),
  regenerate: measureRegenerate,
  update: measureUpdate,
  uv: measureUv,
} as const satisfies Readonly<Record<string, Case>>;

/** Gives its figures by name; the empty name is that of the case itself. */
type Case = (context: BenchContext) => Promise<Readonly<Record<string, Measurement>>>;

type CaseName = keyof typeof CASES;

const ROOT = path.resolve(import.meta.dirname, '..');
const DETAILS = path.join(ROOT, '.out', 'bench');
const USAGE = `usage: npm run -s bench -- [${Object.keys(CASES).join('|')}]...`;

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.filter((name) => !isCase(name));
  if (unknown.length > 0) return wrongUse(`no such case: ${unknown.join(', ')}\n${USAGE}`);
  const program = path.join(ROOT, 'dist', 'main.js');
  if (!(await isThere(program))) return wrongUse('dist/main.js is missing: run `npm run build`');

  const names = args.length === 0 ? Object.keys(CASES) : [...new Set(args)];
  await mkdir(DETAILS, { recursive: true });
  const outcomes: Outcome[] = [];
  for (const name of names.filter(isCase)) outcomes.push(...(await outcomesOf(name, program)));
  // Ratios stand a busy machine, but limits in seconds do not.
  const [load = 0] = os.loadavg();
  if (load > os.availableParallelism()) console.error(`the machine is busy (load ${load.toFixed(1)}): measure again`);
  for (const line of tableOf(outcomes)) console.log(line);
  console.log(lastLine(outcomes));
  return exitCodeOf(outcomes);
}

function alone(measure: (context: BenchContext) => Promise<Measurement>): Case {
  return async (context) => ({ '': await measure(context) });
}

/** Runs one case in a temporary folder of its own; a case that fails is an outcome too. */
async function outcomesOf(name: CaseName, program: string): Promise<Outcome[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-bench-'));
  try {
    const measurements = await CASES[name]({
      program,
      folder,
      say: (text) => console.error(`${name}: ${text}`),
    });
    await writeFile(path.join(DETAILS, `${name}.json`), `${JSON.stringify(measurements, null, 2)}\n`);
    return Object.entries(measurements).map(([part, measurement]) => ({
      name: part === '' ? name : `${name}: ${part}`,
      measurement,
    }));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    await writeFile(path.join(DETAILS, `${name}.json`), `${JSON.stringify({ failed: why }, null, 2)}\n`);
    return [{ name, failed: why, isNetwork: thrown instanceof NoNetwork }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isCase(name: string): name is CaseName {
  return Object.hasOwn(CASES, name);
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function wrongUse(message: string): number {
  console.error(message);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
