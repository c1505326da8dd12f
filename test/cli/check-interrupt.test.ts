import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundledProgram, bundledProgram } from './support/bundled-program.ts';
import { saucer } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();
let program: BundledProgram;

beforeAll(async () => {
  program = await bundledProgram();
});
afterAll(() => program.remove());

/** A Nix in which the build misses a header, and with what the rule adds never ends. It tells that by a file. */
const NIX = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const { basename } = require('node:path');
const args = process.argv.slice(2);
const text = readFileSync('pkgs/made-up-saucer/default.nix', 'utf8');
const drv = '/nix/store/' + String(text.length).padStart(32, '0') + '-made-up-saucer-1.0.drv';
if (basename(process.argv[1]) === 'nix-instantiate') {
  if (args[0] === '--parse') process.exit(0);
  const wanted = JSON.parse(args[args.indexOf('packages') + 1]);
  process.stdout.write(JSON.stringify(wanted.map(() => ({ drv, interpreter: '3.13', version: '1.0', inputs: [], modules: [] }))));
} else if (args[0] === '--query') process.stdout.write(drv + '\\n');
else if (args[0] === '--read-log') process.stdout.write('Running phase: buildPhase\\na.c:1:10: fatal error: zlib.h: No such file or directory\\n');
else if (text.includes('zlib')) {
  writeFileSync(process.env.BUILDING, String(process.pid));
  // As Nix it ends when nobody reads its log any more.
  setInterval(() => process.stderr.write('.'), 50);
  process.stderr.on('error', () => process.exit(1));
} else {
  process.stderr.write("error: builder for '" + drv + "' failed with exit code 1;\\n");
  process.exit(1);
}
`;

interface Place {
  readonly out: string;
  readonly variables: Record<string, string>;
}

async function repository(): Promise<Place> {
  const { folder, index, run } = bench();
  index.project('made-up-saucer', [await saucer()]);
  await run(['made-up-saucer', '-o', 'out']);
  const bin = path.join(folder, '.bin');
  await mkdir(bin);
  for (const name of ['nix-instantiate', 'nix-store']) {
    await writeFile(path.join(bin, name), NIX);
    await chmod(path.join(bin, name), 0o755);
  }
  const home = path.join(folder, '.home');
  const variables = {
    PATH: bin,
    HOME: home,
    PYPI2NIX_CACHE_DIR: path.join(home, 'cache'),
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: index.url,
    BUILDING: path.join(folder, 'building'),
  };
  return { out: path.join(folder, 'out'), variables };
}

/** Begins to repair, and ends that by a signal while the rule is on trial. Gives the exit code or the signal. */
async function endedWhileTrying({ variables }: Place, signal: NodeJS.Signals): Promise<number | string | null> {
  const args = ['check', 'out', '--build', '--fix', '--nixpkgs', '/nixpkgs', '--jobs', '1'];
  const child = spawn(process.execPath, [program.file, ...args], {
    cwd: bench().folder,
    env: variables,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('exit', (code, by) => resolve(code ?? by));
  });
  while (!existsSync(variables.BUILDING ?? '')) {
    if (child.exitCode !== null) throw new Error(`it ended before: ${told}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill(signal);
  return await ended;
}

/** Waits until the process of this id is gone. */
async function expectGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  await expect
    .poll(
      () => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      },
      { timeout: 20_000 },
    )
    .toBe(false);
}

const textsOf = async ({ out }: Place): Promise<readonly string[]> => [
  await readFile(path.join(out, 'pkgs', 'made-up-saucer', 'default.nix'), 'utf8'),
  await readFile(path.join(out, 'overlay.nix'), 'utf8').catch(() => ''),
];

describe('a check --build --fix that is ended', () => {
  it('takes back at Ctrl-C what it has not tried yet, and generates as before', async () => {
    const place = await repository();
    const before = await textsOf(place);
    expect(await endedWhileTrying(place, 'SIGINT')).toBe(130);
    expect(existsSync(path.join(place.out, 'overrides', 'made-up-saucer.toml'))).toBe(false);
    expect(await textsOf(place)).toEqual(before);
    expect(existsSync(path.join(place.out, '.pypi2nix', 'tmp-fix', 'journal.json'))).toBe(false);
  }, 60_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves no command of Nix behind at %s',
    async (signal) => {
      const place = await repository();
      await endedWhileTrying(place, signal);
      await expectGone(Number(await readFile(place.variables.BUILDING ?? '', 'utf8')));
    },
    60_000,
  );

  it('is taken back by the next check where it was killed, and that tells so', async () => {
    const place = await repository();
    const before = await textsOf(place);
    expect(await endedWhileTrying(place, 'SIGKILL')).toBe('SIGKILL');
    expect(existsSync(path.join(place.out, 'overrides', 'made-up-saucer.toml'))).toBe(true);
    const next = await bench().run(['check', 'out', '--nixpkgs', '/nixpkgs'], place.variables);
    expect(next.stderr).toContain(
      'note: made-up-saucer: a rule that an ended check --fix had added to overrides/made-up-saucer.toml and not tried is taken back\n',
    );
    expect(existsSync(path.join(place.out, 'overrides', 'made-up-saucer.toml'))).toBe(false);
    expect(await textsOf(place)).toEqual(before);
    const third = await bench().run(['check', 'out', '--nixpkgs', '/nixpkgs'], place.variables);
    expect(third.stderr).not.toContain('taken back');
  }, 60_000);

  it('leaves no rule for the next generate where it was killed', async () => {
    const place = await repository();
    const before = await textsOf(place);
    await endedWhileTrying(place, 'SIGKILL');
    const next = await bench().run(['made-up-saucer', '-o', 'out'], place.variables);
    expect(next.stderr).toContain('and not tried is taken back\n');
    expect(await textsOf(place)).toEqual(before);
  }, 60_000);

  it('keeps what the user wrote in the file of a rule that is taken back', async () => {
    const place = await repository();
    const file = path.join(place.out, 'overrides', 'made-up-saucer.toml');
    await mkdir(path.dirname(file), { recursive: true });
    const mine = '# mine\n[[rule]]\ndescription = "Catches."\nreason = "it does"\n';
    await writeFile(file, mine);
    await endedWhileTrying(place, 'SIGKILL');
    await writeFile(file, (await readFile(file, 'utf8')).replace('# mine', '# mine, later'));
    await bench().run(['check', 'out', '--nixpkgs', '/nixpkgs'], place.variables);
    expect(await readFile(file, 'utf8')).toBe(mine.replace('# mine', '# mine, later'));
  }, 60_000);

  it('is said to be under way to another one', async () => {
    const place = await repository();
    const folder = path.join(place.out, '.pypi2nix', 'tmp-fix');
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, 'lock'),
      JSON.stringify({ pid: process.pid, host: 'elsewhere.test', started: null }),
    );
    const { code, stderr } = await bench().run(
      ['check', 'out', '--build', '--fix', '--nixpkgs', '/nixpkgs'],
      place.variables,
    );
    expect(stderr).toContain('[E_LOCKED]');
    expect(code).toBe(73);
  });
});
