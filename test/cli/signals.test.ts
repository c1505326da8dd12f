import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/cli/package-root.ts';
import { gate } from '../support/http-server.ts';
import { saucer } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** What lets Node run TypeScript, by its address: the process runs in another folder. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The program in a process of its own, whose working directory is that of the bench. */
function start(args: readonly string[]): { kill(signal: NodeJS.Signals): void; readonly code: Promise<number | null> } {
  const home = path.join(bench().folder, '.home');
  const child = spawn(process.execPath, ['--import', TSX, path.join(packageRoot(), 'src/main.ts'), ...args], {
    cwd: bench().folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: home,
      PYPI2NIX_CACHE_DIR: path.join(home, 'cache'),
      PIP_CONFIG_FILE: '/dev/null',
      PIP_INDEX_URL: bench().index.url,
    },
  });
  return {
    kill: (signal) => void child.kill(signal),
    code: new Promise((resolve) => child.on('exit', (code) => resolve(code))),
  };
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a run with %i and leaves no unfinished file', async (signal, expected) => {
  const { filename, bytes } = await saucer();
  const [place = ''] = bench().index.project('made-up-saucer', [{ filename, bytes }]);
  const hold = gate();
  // The first download is read, the second one goes to the folder and stops half-way.
  bench().server.on(place, { body: bytes }, { body: bytes, pauseFor: hold.opened });
  const run = start(['made-up-saucer', '--archives', 'out']);
  const out = path.join(bench().folder, 'out');
  await expect
    .poll(() => readdir(out).catch(() => []), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/\.part$/u)]);

  run.kill(signal);
  expect(await run.code).toBe(expected);
  expect(await readdir(out)).toEqual([]);
  hold.open();
});
