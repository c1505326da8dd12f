import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { sha256Of } from '../support/archives.ts';
import { gate } from '../support/http-server.ts';
import { kettle, saucer, sdist, wheel } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

beforeEach(async () => {
  bench().index.project('made-up-kettle', [await kettle()]);
  bench().index.project('made-up-saucer', [await saucer()]);
});

async function done(...args: string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(args);
  expect(outcome.stderr).not.toContain('error:');
  expect(outcome.code).toBe(0);
  return outcome;
}

/** The attributes of the packages in an overlay. */
function generated({ stdout }: CommandOutcome): string[] {
  return [...stdout.matchAll(/^ {2}([\w-]+) = final\.callPackage/gmu)].map(([, name = '']) => name);
}

function versionIn({ stdout }: CommandOutcome): string | undefined {
  return /version = "(.*)";/u.exec(stdout)?.[1];
}

async function inFolder(file: string, text: string): Promise<string> {
  await writeFile(path.join(bench().folder, file), text);
  return file;
}

describe('what is generated', () => {
  it('--deps missing: what is named, and what the package set lacks', async () => {
    expect(generated(await done('made-up-kettle'))).toEqual(['made-up-kettle', 'made-up-saucer']);
    expect(generated(await done('made-up-kettle', '--deps', 'missing'))).toEqual(['made-up-kettle', 'made-up-saucer']);
  });

  it('--deps named: what is named alone, which the package set must allow', async () => {
    expect(generated(await done('made-up-saucer', '--deps', 'named'))).toEqual(['made-up-saucer']);
    const { code, stderr } = await bench().run(['made-up-kettle', '--deps', 'named']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: made-up-kettle needs made-up-saucer .*\[E_NOT_IN_PACKAGE_SET\]$/mu);
  });

  it('--deps all: the run-time closure too, whatever the package set has', async () => {
    bench().index.project('made-up-cup', [await sdist('made-up-cup', '1.0', { metadata: ['Requires-Dist: six'] })]);
    bench().index.project('six', [await sdist('six', '1.17.0')]);
    expect(generated(await done('made-up-cup'))).toEqual(['made-up-cup']);
    expect(generated(await done('made-up-cup', '--deps', 'all'))).toEqual(['made-up-cup', 'six']);
  });

  it('--bootstrap: setuptools and its like too', async () => {
    bench().index.project('setuptools', [await sdist('setuptools', '80.0', { buildRequires: [] })]);
    expect(generated(await done('made-up-saucer', '--deps', 'all'))).toEqual(['made-up-saucer']);
    expect(generated(await done('made-up-saucer', '--deps', 'all', '--bootstrap'))).toEqual([
      'made-up-saucer',
      'setuptools',
    ]);
  });

  it.each([
    ['--nixpkgs none', ['--nixpkgs', 'none'], {}],
    ['PYPI2NIX_NIXPKGS=none', [], { PYPI2NIX_NIXPKGS: 'none' }],
  ])('%s: nothing is known of the package set', async (_name, flags, environment) => {
    bench().index.project('made-up-cup', [await sdist('made-up-cup', '1.0', { metadata: ['Requires-Dist: six'] })]);
    bench().index.project('six', [await sdist('six', '1.17.0')]);
    const outcome = await bench().run(['made-up-cup', ...flags], environment);
    expect(generated(outcome)).toEqual(['made-up-cup', 'six']);
  });

  it('PYPI2NIX_NIXPKGS that names no package set is refused', async () => {
    const { code, stderr } = await bench().run(['made-up-saucer'], { PYPI2NIX_NIXPKGS: 'some' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/\/some is no nixpkgs: .*\[E_BAD_NIXPKGS\]/u);
  });

  it('-r: the requirements of a file', async () => {
    await inFolder('needs.txt', '# for tea\nmade-up-saucer==1.0\n');
    const outcome = await done('-r', 'needs.txt');
    expect(generated(outcome)).toEqual(['made-up-saucer']);
    expect(outcome.stdout).toContain('#   pypi2nix -r needs.txt\n');
  });

  it('-r: a digest that the file does not admit ends the run', async () => {
    await inFolder('needs.txt', `made-up-saucer==1.0 --hash=sha256:${'0'.repeat(64)}\n`);
    const { code, stdout, stderr } = await bench().run(['-r', 'needs.txt']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('E_HASH_NOT_ADMITTED');
  });

  it('-c: no version leaves what a file of constraints says, and no project comes from it', async () => {
    bench().index.project('made-up-saucer', [await saucer('1.0'), await saucer('2.0')]);
    await inFolder('limits.txt', 'made-up-saucer<2\nmade-up-kettle<9\n');
    expect(versionIn(await done('made-up-saucer'))).toBe('2.0');
    const outcome = await done('made-up-saucer', '-c', 'limits.txt');
    expect([generated(outcome), versionIn(outcome)]).toEqual([['made-up-saucer'], '1.0']);
  });
});

describe('which versions and archives', () => {
  it('--as-of: nothing that was uploaded later', async () => {
    bench().index.project('made-up-saucer', [
      { ...(await saucer('1.0')), uploadTime: '2020-01-01T00:00:00Z' },
      { ...(await saucer('2.0')), uploadTime: '2024-06-30T23:00:00Z' },
      { ...(await saucer('3.0')), uploadTime: '2024-07-01T00:00:00Z' },
    ]);
    expect(versionIn(await done('made-up-saucer'))).toBe('3.0');
    expect(versionIn(await done('made-up-saucer', '--as-of', '2024-06-30'))).toBe('2.0');
    expect(versionIn(await done('made-up-saucer', '--as-of', '2024-06-30T12:00:00Z'))).toBe('1.0');
  });

  it('--pre: pre-releases too', async () => {
    bench().index.project('made-up-saucer', [await saucer('1.0'), await saucer('2.0rc1')]);
    expect(versionIn(await done('made-up-saucer'))).toBe('1.0');
    expect(versionIn(await done('made-up-saucer', '--pre'))).toBe('2.0rc1');
  });

  it('--format: wheels, in general or for one project', async () => {
    bench().index.project('made-up-saucer', [await saucer(), wheel('made-up-saucer', '1.0')]);
    expect((await done('made-up-saucer')).stdout).toContain('pyproject = true;');
    expect((await done('made-up-saucer', '--format', 'wheel')).stdout).toContain('format = "wheel";');
    expect((await done('made-up-saucer', '--format', 'sdist,made-up-saucer:wheel')).stdout).toContain(
      'format = "wheel";',
    );
  });

  it('--refresh: the index is asked although the cache is fresh', async () => {
    await done('made-up-saucer');
    bench().index.project('made-up-saucer', [await saucer('1.0'), await saucer('2.0')]);
    expect(versionIn(await done('made-up-saucer'))).toBe('1.0');
    expect(versionIn(await done('made-up-saucer', '--refresh'))).toBe('2.0');
  });

  it('--archives: every archive that the expressions name, under its own name', async () => {
    await done('made-up-kettle', '--archives', 'archives');
    const folder = path.join(bench().folder, 'archives');
    expect((await readdir(folder)).sort()).toEqual(['made_up_kettle-1.0.tar.gz', 'made_up_saucer-1.0.tar.gz']);
    const file = await saucer();
    expect(sha256Of(await readFile(path.join(folder, file.filename)))).toBe(sha256Of(file.bytes));
  });
});

describe('for which targets', () => {
  it('--release: the form of a release of nixpkgs', async () => {
    const { stdout } = await done('made-up-saucer', '--release', '16.03');
    expect(stdout).toContain('name = "made-up-saucer-${version}";');
    expect(stdout).toContain('#   pypi2nix --release 16.03 made-up-saucer\n');
  });

  it('--python: conditions are simplified for these interpreters', async () => {
    const condition = 'lib.optionals (pythonOlder "3.13") [ exceptiongroup ]';
    expect((await done('made-up-kettle')).stdout).toContain(condition);
    const older = await done('made-up-kettle', '--python', '3.11,3.12');
    expect(older.stdout).not.toContain('pythonOlder');
    expect(older.stdout).toContain('exceptiongroup');
    expect((await done('made-up-kettle', '--python', '3.13')).stdout).not.toContain('exceptiongroup');
  });

  it('--python: a version must support all that are named', async () => {
    bench().index.project('made-up-saucer', [
      { ...(await saucer('1.0')), requiresPython: '>=3.8' },
      { ...(await saucer('2.0')), requiresPython: '>=3.13' },
    ]);
    expect(versionIn(await done('made-up-saucer', '--python', '3.13'))).toBe('2.0');
    expect(versionIn(await done('made-up-saucer', '--python', '3.13,3.12'))).toBe('1.0');
  });

  it('--platform: conditions are simplified for these platforms', async () => {
    expect((await done('made-up-kettle')).stdout).toContain('isDarwin [ colorama ]');
    expect((await done('made-up-kettle', '--platform', 'x86_64-linux')).stdout).not.toContain('colorama');
    const darwin = await done('made-up-kettle', '--platform', 'aarch64-darwin,x86_64-darwin');
    expect(darwin.stdout).toContain('colorama');
    expect(darwin.stdout).not.toContain('isDarwin');
  });

  it('--extras: which become optional-dependencies', async () => {
    const groupsWith = async (...flags: string[]): Promise<string[]> => {
      const { stdout } = await done('made-up-kettle', ...flags);
      return [...stdout.matchAll(/^ {8}(json|yaml) = \[/gmu)].map(([, name = '']) => name);
    };
    expect(await groupsWith()).toEqual(['json', 'yaml']);
    expect(await groupsWith('--extras', 'all')).toEqual(['json', 'yaml']);
    expect(await groupsWith('--extras', 'yaml')).toEqual(['yaml']);
    expect(await groupsWith('--extras', 'none')).toEqual([]);
  });

  it('--no-checks: check inputs are left out', async () => {
    expect((await done('made-up-kettle')).stdout).toContain('pytestCheckHook');
    const { stdout } = await done('made-up-kettle', '--no-checks');
    expect(stdout).not.toContain('pytest');
    expect(stdout).toContain('#   pypi2nix --no-checks made-up-kettle\n');
  });
});

describe('how it is written', () => {
  it('--overrides: the rules of a folder, with their reason', async () => {
    const rule = '[[rule]]\nbuildInputs.add = ["zlib"]\nreason = "it is made of zlib"\n';
    await mkdir(path.join(bench().folder, 'mine'));
    await inFolder('mine/made-up-saucer.toml', rule);
    expect((await done('made-up-saucer')).stdout).not.toContain('zlib');
    expect((await done('made-up-saucer', '--overrides', 'mine')).stdout).toContain('buildInputs = [ zlib ];');
  });

  it('--overrides must name a folder that is there', async () => {
    const { code, stdout, stderr } = await bench().run(['made-up-saucer', '--overrides', 'nowhere']);
    expect({ code, stdout }).toEqual({ code: expect.any(Number), stdout: '' });
    expect(stderr).toMatch(/^error: .*nowhere/mu);
  });

  it.each([
    ['sri', /hash = "sha256-[A-Za-z0-9+/]{43}=";/u],
    ['hex', /(?:sha256|hash) = "[0-9a-f]{64}";/u],
    ['base32', /(?:sha256|hash) = "[0-9abcdfghijklmnpqrsvwxyz]{52}";/u],
  ])('--hash %s', async (form, written) => {
    expect((await done('made-up-saucer', '--hash', form)).stdout).toMatch(written);
  });

  it('--maintainer: in meta.maintainers', async () => {
    const { stdout } = await done('made-up-saucer', '--maintainer', 'cook');
    expect(stdout).toMatch(/maintainers = (?:with lib\.maintainers; \[ cook \]|\[ lib\.maintainers\.cook \]);/u);
  });

  it('--maintainer: several, in the order in which they are named', async () => {
    const { stdout } = await done('made-up-saucer', '--maintainer', 'cook', '--maintainer', 'baker');
    expect(stdout).toMatch(/maintainers = \[\s+lib\.maintainers\.cook\s+lib\.maintainers\.baker\s+\];/u);
  });

  it('--json: the facts in place of an expression', async () => {
    const { stdout } = await done('made-up-saucer', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ form: 1, packages: [{ name: 'made-up-saucer', version: '1.0' }] });
  });
});

describe('what is told', () => {
  const ESCAPE = '\u001b[';

  it('--color: errors and notes in colours, the result never', async () => {
    expect((await bench().run(['no-such-thing'])).stderr).not.toContain(ESCAPE);
    expect((await bench().run(['no-such-thing', '--color', 'always'])).stderr).toContain(ESCAPE);
    expect((await bench().run(['no-such-thing', '--color', 'never'], { FORCE_COLOR: '1' })).stderr).not.toContain(
      ESCAPE,
    );
    expect((await done('made-up-saucer', '--color', 'always')).stdout).not.toContain(ESCAPE);
  });

  it('--quiet: nothing but errors', async () => {
    expect((await done('made-up-kettle')).stderr).not.toBe('');
    expect((await done('made-up-kettle', '--quiet')).stderr).toBe('');
    expect((await bench().run(['no-such-thing', '--quiet'])).stderr).toMatch(/^error: /u);
  });

  it('--verbose: each request', async () => {
    const { stderr } = await done('made-up-saucer', '--verbose');
    expect(stderr).toContain(`asking for the page of made-up-saucer: ${bench().index.url}made-up-saucer/\n`);
  });
});

describe('--jobs', () => {
  /** An index of three projects that tells how many requests were open at the same time; `hold` keeps each answer back. */
  async function countingIndex(
    hold: (open: number) => Promise<void>,
  ): Promise<{ url: string; most(): number; close(): Promise<void> }> {
    let open = 0;
    let most = 0;
    const server = createServer(async (_request, response) => {
      open++;
      most = Math.max(most, open);
      await hold(open);
      open--;
      response.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return {
      url: `http://127.0.0.1:${port}/simple/`,
      most: () => most,
      async close() {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      },
    };
  }
  const PROJECTS = ['made-up-a', 'made-up-b', 'made-up-c'];

  it('1: no request before the answer to the one before', async () => {
    const index = await countingIndex(() => new Promise((resolve) => setImmediate(() => setImmediate(resolve))));
    await bench().run([...PROJECTS, '--jobs', '1'], { PIP_INDEX_URL: index.url });
    expect(index.most()).toBe(1);
    await index.close();
  });

  it('3: three requests at a time', async () => {
    const all = gate();
    const index = await countingIndex(async (open) => {
      if (open === PROJECTS.length) all.open();
      await all.opened;
    });
    await bench().run([...PROJECTS, '--jobs', '3'], { PIP_INDEX_URL: index.url });
    expect(index.most()).toBe(3);
    await index.close();
  });
});

describe('options that contradict each other', () => {
  it.each([
    [['--quiet', '--verbose'], '--quiet and --verbose exclude each other'],
    [['--json', '-o', 'out'], '--json and --output exclude each other'],
    [['--force'], '--force only has a meaning with --output'],
    [['--offline', '--refresh'], '--offline and --refresh exclude each other'],
  ])('%j', async (flags, message) => {
    const { code, stdout, stderr } = await bench().run(['made-up-saucer', ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('help', () => {
  it.each([
    [['--help'], 'help.txt'],
    [['help'], 'help.txt'],
    [['generate', '--help'], 'help-generate.txt'],
    [['lock', '--help'], 'help-lock.txt'],
    [['help', 'lock'], 'help-lock.txt'],
    [['tree', '-h'], 'help-tree.txt'],
  ])('%j shows all that can be said, on stdout', async (args, golden) => {
    const { code, stdout, stderr } = await bench().run(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(`../golden/${golden}`);
  });

  it('--version shows the version alone', async () => {
    const { code, stdout } = await bench().run(['--version']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u) });
  });

  it('a command that is misspelt is taken for a project, and named when there is none', async () => {
    const { code, stderr } = await bench().run(['lokc', 'made-up-saucer']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hint: the command is: pypi2nix lock$/mu);
  });

  it('an option that is misspelt comes with the right one', async () => {
    const { code, stderr } = await bench().run(['made-up-saucer', '--relese', '16.03']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --release?');
  });
});

describe('a stdout that takes no more', () => {
  async function runWith(fault: string): Promise<{ code: number; stderr: string }> {
    let stderr = '';
    const code = await run(['--help'], {
      env: {},
      cwd: () => bench().folder,
      stdout: {
        on: () => {},
        write: (_text, done) => done?.(Object.assign(new Error(`${fault}: no more`), { code: fault })),
      },
      stderr: {
        write: (text) => {
          stderr += text;
        },
      },
    });
    return { code, stderr };
  }

  it('because its reader has enough is no error', async () => {
    expect(await runWith('EPIPE')).toEqual({ code: 0, stderr: '' });
  });

  it('because the disk is full is one, without a trace', async () => {
    const { code, stderr } = await runWith('ENOSPC');
    expect(code).toBe(74);
    expect(stderr).toContain('error: the result cannot be written to stdout: ENOSPC: no more [E_CANNOT_WRITE]\n');
  });

  it('leaves no trace of the real process either', async () => {
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
