import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withRepository } from '../../src/repository/open-repository.ts';
import { randomNumbers } from '../repository/support/random-numbers.ts';
import { gate } from '../support/http-server.ts';
import { type BundledProgram, bundledProgram } from './support/bundled-program.ts';
import { madeRelease } from './support/made-projects.ts';
import { treeAt } from './support/repository-bench.ts';
import { useCommandBench } from './support/run-command.ts';

/** KILL_RUNS says how often; KILL_SEED repeats a run that failed. */
const RUNS = Number(process.env.KILL_RUNS ?? '4');
const SEED = Number(process.env.KILL_SEED ?? String(Date.now() % 1_000_000));
const PACKAGES = 30;

const bench = useCommandBench();
let program: BundledProgram | null = null;

beforeAll(async () => {
  program = await bundledProgram();
}, 120_000);
afterAll(() => program?.remove());

it(`update -w that is killed leaves the old tree or the new one, ${RUNS} times at random moments (KILL_SEED=${SEED})`, async () => {
  const { folder, index } = bench();
  const names = Array.from({ length: PACKAGES }, (_, each) => `made-up-p${each}`);
  const serve = async (versions: readonly string[]): Promise<void> => {
    for (const [at, name] of names.entries()) {
      // The newer ones need each other, and the last one something new.
      const requires = (version: string): string[] =>
        version === '1.0' ? [] : [names[at + 1] === undefined ? 'made-up-new' : `${names[at + 1]}>=${version}`];
      const made = versions.map((version) => madeRelease(name, version, { requires: requires(version) }));
      index.project(name, await Promise.all(made));
    }
  };
  const done = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await bench().run(args);
    expect(code, stderr).toBe(0);
  };
  await serve(['1.0']);
  await done('init', 'old');
  await done('add', '--repository', 'old', ...names);
  await serve(['1.0', '2.0']);
  index.project('made-up-new', [await madeRelease('made-up-new', '1.0', {})]);
  await cp(path.join(folder, 'old'), path.join(folder, 'new'), { recursive: true });
  await done('update', '-w', '--refresh', '--repository', 'new');
  const states = new Map([
    [await digestOf(path.join(folder, 'old')), 'old'],
    [await digestOf(path.join(folder, 'new')), 'new'],
  ]);
  expect(states.size).toBe(2);

  const random = randomNumbers(SEED);
  const tried = path.join(folder, 'tried');
  const whole = await updated(tried, null);
  const seen = new Map<string, number>();
  for (let run = 0; run < RUNS; run += 1) {
    // Writing is a small part of a run, so every second kill waits for it.
    const isWriting = run % 2 === 1;
    await updated(tried, { after: isWriting ? 'writing' : 'start', milliseconds: random() * (isWriting ? 80 : whole) });
    await withRepository({ directory: tried, waitMs: 0 }, async () => {});
    const state = states.get(await digestOf(tried));
    expect(state, `KILL_SEED=${SEED}, run ${run}`).toBeDefined();
    seen.set(state ?? '', (seen.get(state ?? '') ?? 0) + 1);
  }
  if (RUNS >= 100) expect([...seen.keys()].sort()).toEqual(['new', 'old']);

  // What was killed is no obstacle: the next run does the whole work.
  await updated(tried, { after: 'writing', milliseconds: 0 });
  await done('update', '-w', '--repository', 'tried');
  expect(states.get(await digestOf(tried))).toBe('new');
}, 1_200_000);

it('update -w that is interrupted by Ctrl-C leaves the repository as it was', async () => {
  const { folder, index, server } = bench();
  index.project('made-up-saucer', [await madeRelease('made-up-saucer', '1.0', {})]);
  for (const args of [
    ['init', 'old'],
    ['add', 'made-up-saucer', '--repository', 'old'],
  ])
    await bench().run(args);
  const before = await digestOf(path.join(folder, 'old'));
  const hold = gate();
  const asked = server.count('/simple/made-up-saucer/');
  server.on('/simple/made-up-saucer/', { waitFor: hold.opened });
  const child = start(path.join(folder, 'old'), '--refresh');
  const ended = once(child, 'exit');
  await expect.poll(() => server.count('/simple/made-up-saucer/'), { timeout: 60_000 }).toBe(asked + 1);
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  hold.open();
  await withRepository({ directory: path.join(folder, 'old'), waitMs: 0 }, async () => {});
  expect(await digestOf(path.join(folder, 'old'))).toBe(before);
}, 120_000);

it('Ctrl-C while files are written leaves the tree as it was, or the new one where all was done, and no other file', async () => {
  const { folder, index } = bench();
  const names = Array.from({ length: 20 }, (_, each) => `made-up-q${each}`);
  const serve = async (versions: readonly string[]): Promise<void> => {
    for (const name of names)
      index.project(name, await Promise.all(versions.map((version) => madeRelease(name, version, {}))));
  };
  await serve(['1.0']);
  for (const args of [
    ['init', 'old'],
    ['add', '--repository', 'old', ...names],
  ])
    expect((await bench().run(args)).code).toBe(0);
  await serve(['1.0', '2.0']);
  await bench().run(['update', '--refresh', '--repository', 'old']);
  const before = await digestOf(path.join(folder, 'old'));
  const tried = path.join(folder, 'tried');
  await updated(tried, null);
  const after = await digestOf(tried);
  for (const milliseconds of [0, 3, 6, 10, 15, 25]) {
    await updated(tried, { after: 'writing', milliseconds, signal: 'SIGINT' });
    expect([before, after]).toContain(await digestOf(tried));
    expect(await readdir(path.join(tried, '.pypi2nix'))).toEqual(['generated.json']);
  }
}, 120_000);

interface Kill {
  readonly signal?: NodeJS.Signals;
  readonly after: 'start' | 'writing';
  readonly milliseconds: number;
}

/** Updates a fresh copy of the old repository in a process of its own, which is killed at some moment, or not. Gives how long it lived. */
async function updated(repository: string, kill: Kill | null): Promise<number> {
  const { folder } = bench();
  await rm(repository, { recursive: true, force: true });
  await cp(path.join(folder, 'old'), repository, { recursive: true });
  const writing = new AbortController();
  const watcher = watch(path.join(repository, '.pypi2nix'), (_, name) => {
    if (name?.startsWith('tmp-') === true) writing.abort();
  });
  const begin = performance.now();
  const child = start(repository);
  const ended = once(child, 'exit');
  if (kill !== null) {
    const begun = kill.after === 'start' ? Promise.resolve() : once(writing.signal, 'abort');
    await Promise.race([begun.then(() => sleep(kill.milliseconds)), ended]);
    child.kill(kill.signal ?? 'SIGKILL');
  }
  await ended;
  watcher.close();
  return performance.now() - begin;
}

/** Starts `update -w` in a process of its own. */
function start(repository: string, ...args: string[]): ChildProcess {
  const { folder, index } = bench();
  const home = path.join(folder, '.home');
  const line = [program?.file ?? '', 'update', '-w', '--quiet', '--repository', repository, ...args];
  return spawn(process.execPath, line, {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: home,
      PYPI2NIX_CACHE_DIR: path.join(home, 'cache'),
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: index.url,
    },
  });
}

/** Of all files with their paths; what belongs to a single run is none of them. */
async function digestOf(repository: string): Promise<string> {
  const hash = createHash('sha256');
  for (const [file, text] of await treeAt(repository)) hash.update(JSON.stringify([file, text]));
  return hash.digest('hex');
}
