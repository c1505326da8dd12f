import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRepository } from '../../src/repository/open-repository.ts';
import { randomNumbers } from './support/random-numbers.ts';
import { stateOf, temporaryFolder, treeOf } from './support/trees.ts';

/** KILL_RUNS says how often; KILL_SEED repeats a run that failed. */
const RUNS = Number(process.env.KILL_RUNS ?? '20');
const SEED = Number(process.env.KILL_SEED ?? String(Date.now() % 1_000_000));
const PACKAGES = 30;

let folder = '';
let program = '';

// One file of plain JavaScript starts in a fraction of the time.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-'));
  program = join(folder, 'write-loop.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('support/write-loop.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a process that is killed', () => {
  it(`leaves one tree or the other, ${RUNS} times at random moments (KILL_SEED=${SEED})`, async () => {
    const random = randomNumbers(SEED);
    const directory = join(await temporaryFolder(), 'repository');
    const seen = new Set<number>();
    for (let run = 0; run < RUNS; run += 1) {
      await killedAfter(directory, random() * 400);

      await withRepository({ directory, waitMs: 0 }, async () => {});

      // The first may be killed before they have made the folder.
      const tree = existsSync(directory) ? await treeOf(directory) : {};
      const count = Object.keys(tree).length;
      const moment = `KILL_SEED=${SEED}, run ${run}`;
      if (count === 0 && seen.size === 0) continue;
      expect([PACKAGES, PACKAGES - 1], moment).toContain(count);
      expect([...new Set(Object.values(tree))], moment).toEqual([count === PACKAGES ? '0' : '1']);
      expect(await stateOf(directory), moment).toEqual(['generated.json']);
      expect(await readdir(join(directory, 'pkgs')), moment).toHaveLength(count);
      seen.add(count);
    }
    if (RUNS >= 20) expect(seen.size).toBe(2);
  }, 600_000);
});

/** Lets the program write, and kills it so many milliseconds after it has begun. */
async function killedAfter(directory: string, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [program, directory, String(PACKAGES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await sleep(milliseconds);
  child.kill('SIGKILL');
  await ended;
}
