import path from 'node:path';
import { parsePylock } from '../../src/pep/pylock.ts';
import { medianOf } from './measurement.ts';
import { captured, NoNetwork } from './program.ts';
import { type CompareRequest, compileWith, type Resolved, type Uv } from './uv.ts';

/** What both programs made of one request. */
export interface Comparison {
  /** Lines as `numpy: 2.5.5, uv 2.5.4`, sorted; empty when both chose the same. */
  readonly differences: readonly string[];
  /** How many projects the program chose. */
  readonly size: number;
  readonly cold: Times;
  readonly warm: Times;
  readonly peakBytes: { readonly ours: number | null; readonly uv: number | null };
  /** The interpreter that uv built sdists with. */
  readonly interpreter: string;
}

/** Seconds of single runs. */
export interface Times {
  readonly ours: readonly number[];
  readonly uv: readonly number[];
}

/** What the program may take, given what uv takes: from the promise of docs/resolver.md. */
export const TIMES = 1.5;
export const SECONDS = 0.3;
export const PEAK_MB = 250;

/**
 * Runs `lock` and `uv pip compile` in turn, so many rounds with an empty cache and with a filled one. Throws `NoNetwork`, and an Error when one of
 * them cannot resolve the request.
 */
export async function compare(
  request: CompareRequest,
  options: { readonly program: string; readonly uv: Uv; readonly folder: string; readonly rounds: number },
): Promise<Comparison> {
  const { uv, folder, rounds } = options;
  const cacheOf = (name: string): string => path.join(folder, name);
  // Not counted: finds an interpreter that uv can build with, and what both take of memory.
  const first = await compileWith(uv, request, { folder, cache: cacheOf('uv-first'), peak: true });
  const ours = await lockWith(options.program, request, { cache: cacheOf('ours-first'), peak: true });
  const settled = { ...uv, interpreters: [first.interpreter] };
  const round = async (name: string): Promise<{ ours: number; uv: number }> => ({
    uv: (await compileWith(settled, request, { folder, cache: cacheOf(`uv-${name}`) })).seconds,
    ours: (await lockWith(options.program, request, { cache: cacheOf(`ours-${name}`) })).seconds,
  });
  const cold: { ours: number; uv: number }[] = [];
  const warm: { ours: number; uv: number }[] = [];
  for (let index = 0; index < rounds; index++) {
    cold.push(await round(`${index}`));
    warm.push(await round(`${index}`));
  }
  return {
    differences: differencesOf(ours.versions, first.versions),
    size: ours.versions.size,
    cold: timesOf(cold),
    warm: timesOf(warm),
    peakBytes: { ours: ours.peakBytes, uv: first.peakBytes },
    interpreter: first.interpreter,
  };
}

/** Whether the median of the program's times is within the promise. */
export function isFast({ ours, uv }: Times): boolean {
  return medianOf(ours) <= limitOf(uv);
}

export function limitOf(uv: readonly number[]): number {
  return TIMES * medianOf(uv) + SECONDS;
}

function timesOf(rounds: readonly { readonly ours: number; readonly uv: number }[]): Times {
  return { ours: rounds.map(({ ours }) => ours), uv: rounds.map(({ uv }) => uv) };
}

/** `lock` for one target. */
async function lockWith(
  program: string,
  { python, asOf, requirements }: CompareRequest,
  { cache, peak = false }: { readonly cache: string; readonly peak?: boolean },
): Promise<Resolved> {
  const options = ['--quiet', '--python', python, '--platform', 'x86_64-linux', '--as-of', asOf];
  const index = process.env.UV_DEFAULT_INDEX ?? process.env.UV_INDEX_URL;
  const result = await captured(
    [
      ...[process.execPath, program, 'lock', ...options, ...(index === undefined ? [] : ['--index-url', index])],
      ...['--', ...requirements],
    ],
    { environment: { PYPI2NIX_CACHE_DIR: cache, PIP_CONFIG_FILE: '/dev/null', PIP_FIND_LINKS: '' }, peak },
  );
  if (result.code === 0) return { ...result, versions: versionsOf(result.stdout) };
  const why = `lock ended with ${result.code}: ${result.stderr.trim().split('\n')[0] ?? ''}`;
  throw result.code === 69 ? new NoNetwork(why) : new Error(why);
}

function versionsOf(text: string): Map<string, string> {
  return new Map(parsePylock(text, 'pylock.toml').packages.map(({ name, version }) => [name, version ?? '']));
}

function differencesOf(ours: ReadonlyMap<string, string>, uv: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...ours.keys(), ...uv.keys()])].sort();
  return names
    .filter((name) => ours.get(name) !== uv.get(name))
    .map((name) => `${name}: ${ours.get(name) ?? 'not chosen'}, uv ${uv.get(name) ?? 'does not choose it'}`);
}
