import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePylock } from '../../src/pep/pylock.ts';
import { sha256Of } from '../support/archives.ts';
import { saucer, sdist, wheel } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const ONE_TARGET = ['--python', '3.13', '--platform', 'x86_64-linux'];

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const whole = path.join(bench().folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
}

async function read(file: string): Promise<string> {
  return readFile(path.join(bench().folder, file), 'utf8');
}

async function done(...args: string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(args);
  expect(outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error:') });
  return outcome;
}

function names(text: string): string[] {
  return parsePylock(text, 'pylock.toml').packages.map(({ name }) => name);
}

function errorOf({ stderr }: CommandOutcome): string {
  return /^error: (.*)$/mu.exec(stderr)?.[1] ?? stderr;
}

const UV_LOCK = `version = 1
[[package]]
name = "project"
version = "1.0"
source = { virtual = "." }
[package.optional-dependencies]
hot = [{ name = "made-up-kettle" }]
[package.dev-dependencies]
dev = [{ name = "made-up-saucer" }]
[[package]]
name = "made-up-kettle"
version = "1.0"
source = { registry = "https://index.test/simple" }
[[package]]
name = "made-up-saucer"
version = "1.0"
source = { registry = "https://index.test/simple" }
`;

describe('--lock FILE[extra]', () => {
  it('takes what the lock file has for an extra of its project', async () => {
    bench().index.project('made-up-kettle', [wheel('made-up-kettle', '1.0')]);
    await write('uv.lock', UV_LOCK);
    expect(names((await done('lock', '--lock', 'uv.lock[Hot]')).stdout)).toEqual(['made-up-kettle']);
  });

  it('names the extras that there are where the lock file has none of that name', async () => {
    await write('uv.lock', UV_LOCK);
    const outcome = await bench().run(['tree', '--lock', 'uv.lock[cold]']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toBe('error: uv.lock has no extra cold [E_NO_SUCH_EXTRA]\nhint: it has hot\n');
  });
});

it.each(['generate', 'lock', 'tree'])('%s of a lock file that asks for nothing is refused', async (command) => {
  await write('uv.lock', UV_LOCK);
  const outcome = await bench().run([command, '--lock', 'uv.lock']);
  expect(outcome).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: no requirement is given: uv.lock asks for nothing for these targets [E_USAGE]
hint: ask for a dependency group of it with --group, for an extra with --lock 'uv.lock[extra]', or name a project
`,
  });
});

it('a lock file whose digests cannot be checked is refused', async () => {
  await write('lock.txt', `made-up-saucer==1.0 --hash=sha512:${'0'.repeat(128)}\n`);
  const outcome = await bench().run(['--lock', 'lock.txt']);
  expect(outcome.code).toBe(65);
  expect(errorOf(outcome)).toBe(
    'only sha256 is checked, and lock.txt has sha512 alone for made-up-saucer [E_HASH_NOT_CHECKED]',
  );
});

it('platforms that nobody named and the lock file is not made for are left out', async () => {
  bench().index.project('made-up-cup', [
    wheel('made-up-cup', '1.0', { lines: ['Requires-Dist: made-up-saucer; sys_platform == "darwin"'] }),
  ]);
  bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.0')]);
  await done('lock', 'made-up-cup', '-o', 'pylock.toml', ...ONE_TARGET);
  const { stdout, stderr } = await done('lock', '--lock', 'pylock.toml');
  expect(stdout).toBe(await read('pylock.toml'));
  expect(stderr).toContain(
    'pylock.toml is not made for Python 3.13 on aarch64-linux and aarch64-darwin, and Python 3.11, 3.12, 3.14 and 3.15 on x86_64-linux, aarch64-linux and aarch64-darwin: ',
  );
  const named = await bench().run(['lock', '--lock', 'pylock.toml', '--platform', 'aarch64-darwin,x86_64-linux']);
  expect(errorOf(named)).toBe(
    'pylock.toml is not made for aarch64-darwin, which --platform names: it is for python_version == "3.13" and sys_platform == "linux" and platform_machine == "x86_64" and implementation_name == "cpython" [E_LOCK_UNFIT]',
  );
});

it('lock refuses a file that the lock file has with another digest', async () => {
  const replaced = wheel('made-up-saucer', '1.0');
  bench().index.project('made-up-saucer', [await sdist('made-up-saucer', '1.0'), replaced]);
  await done('lock', 'made-up-saucer', '-o', 'pylock.toml', ...ONE_TARGET);
  const other = '0'.repeat(64);
  await write('pylock.toml', (await read('pylock.toml')).replaceAll(sha256Of(replaced.bytes), other));
  const outcome = await bench().run(['lock', '--lock', 'pylock.toml']);
  expect(outcome.code).toBe(1);
  expect(errorOf(outcome)).toBe(
    `${replaced.filename} has the sha256 ${sha256Of(replaced.bytes)}, and pylock.toml has ${other} [E_HASH_NOT_ADMITTED]`,
  );
});

it('lock refuses an archive behind a URL that has none of the digests of the lock file', async () => {
  const { bytes } = await saucer();
  bench().server.on('/made_up_saucer-1.0.tar.gz', { body: bytes });
  const line = `made-up-saucer @ ${bench().server.url}/made_up_saucer-1.0.tar.gz`;
  const wrong = ['0', '1'].map((digit) => `--hash=sha256:${digit.repeat(64)}`);
  await write('lock.txt', `${line} ${wrong.join(' ')}\n`);
  const outcome = await bench().run(['lock', '--lock', 'lock.txt', ...ONE_TARGET]);
  expect(errorOf(outcome)).toContain(`made_up_saucer-1.0.tar.gz has the sha256 ${sha256Of(bytes)}, `);
  await write('lock.txt', `${line} ${wrong[0]} --hash=sha256:${sha256Of(bytes)}\n`);
  await done('lock', '--lock', 'lock.txt', ...ONE_TARGET);
});

describe('what lies on this machine', () => {
  it('stands in a lock file by its path from there, and is found again', async () => {
    const { bytes } = await saucer();
    await write('made_up_saucer-1.0.tar.gz', bytes);
    await write('cup/pyproject.toml', '[project]\nname = "made-up-cup"\nversion = "1.5"\n');
    await mkdir(path.join(bench().folder, 'locks'));
    await done('lock', './cup', './made_up_saucer-1.0.tar.gz', ...['-o', 'locks/pylock.toml', ...ONE_TARGET]);
    const text = await read('locks/pylock.toml');
    expect(text.slice(text.indexOf('[[packages]]'))).toBe(`[[packages]]
name = "made-up-cup"
dependencies = []
directory = { path = "../cup" }

[[packages]]
name = "made-up-saucer"
version = "1.0"
dependencies = []
archive = { path = "../made_up_saucer-1.0.tar.gz", hashes = { sha256 = "${sha256Of(bytes)}" } }

[tool.pypi2nix]
form = 1
requirements = [
    "made-up-cup",
    "made-up-saucer",
]
`);
    await done('lock', '--lock', 'locks/pylock.toml', '-o', 'locks/pylock.again.toml');
    expect(await read('locks/pylock.again.toml')).toBe(text);
  });

  it('stands in a lock file on stdout by its path from the working directory, which a note says', async () => {
    await write('cup/pyproject.toml', '[project]\nname = "made-up-cup"\nversion = "1.5"\n');
    const { stdout, stderr } = await done('lock', './cup', ...ONE_TARGET);
    expect(stdout).toContain('\ndirectory = { path = "cup" }\n');
    expect(stderr).toContain(
      `warning: made-up-cup: its source is the path cup: save the output as a file in ${bench().folder}, or the path leads elsewhere\n`,
    );
  });
});

it('an interpreter that the project of -p excludes is none that its lock file is for', async () => {
  bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.0')]);
  await write(
    'pyproject.toml',
    '[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["made-up-saucer"]\n',
  );
  const { stdout, stderr } = await done('lock', '-p', '.');
  expect(stdout).toContain('\nrequires-python = ">=3.12"\n');
  expect(stderr).toBe(
    'resolving 1 requirement\nnote: the lock is for Python 3.12 and later: pyproject.toml (>=3.12) excludes 3.11\n',
  );
});

describe('an archive behind a URL', () => {
  it('is downloaded once for all runs where the address names its digest', async () => {
    const { bytes } = await saucer();
    bench().server.on('/made_up_saucer-1.0.tar.gz', { body: bytes });
    const url = `${bench().server.url}/made_up_saucer-1.0.tar.gz#sha256=${sha256Of(bytes)}`;
    await done(url);
    await done('lock', url, ...ONE_TARGET);
    expect(bench().server.requests.map(({ path: asked }) => asked)).toEqual(['/made_up_saucer-1.0.tar.gz']);
  });

  it('is asked for again where the address names no digest, and is there for --offline', async () => {
    const file = wheel('made-up-saucer', '1.0');
    bench().server.on(`/${file.filename}`, { body: file.bytes });
    const url = `${bench().server.url}/${file.filename}`;
    const first = await done(url);
    expect(bench().server.requests).toHaveLength(1);
    await done(url);
    expect(bench().server.requests).toHaveLength(2);
    const lines = (text: string) => text.split('\n').slice(2);
    expect(lines((await done('--offline', url)).stdout)).toEqual(lines(first.stdout));
    expect(bench().server.requests).toHaveLength(2);
  });

  it('that has no folder of the name that the address asks for is told with the address', async () => {
    const { bytes } = await saucer();
    bench().server.on('/made_up_saucer-1.0.tar.gz', { body: bytes });
    const url = `${bench().server.url}/made_up_saucer-1.0.tar.gz`;
    expect(errorOf(await bench().run([`${url}#subdirectory=python`]))).toBe(
      `${url}: has no folder "python" [E_BAD_SOURCE]`,
    );
  });
});

it('two requirements that together hold on all targets are shown without a condition', async () => {
  bench().index.project('made-up-cup', [
    wheel('made-up-cup', '1.0', {
      lines: [
        'Requires-Dist: made-up-saucer; python_version < "3.14"',
        'Requires-Dist: made-up-saucer>=1; python_version >= "3.14"',
      ],
    }),
  ]);
  bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.0')]);
  expect((await done('tree', 'made-up-cup')).stdout).toBe('made-up-cup 1.0\n└── made-up-saucer 1.0\n');
});

describe('several requirements on what an address holds', () => {
  it('are one, however the address is written', async () => {
    await write('cup/pyproject.toml', '[project]\nname = "made-up-cup"\nversion = "1.5"\n');
    await write('needs.txt', './cup\n-e ./cup\n');
    expect(names((await done('lock', '-r', 'needs.txt', 'made-up-cup @ ./cup', ...ONE_TARGET)).stdout)).toEqual([
      'made-up-cup',
    ]);
  });

  it.each([
    ['of which one names a digest', ['URL', 'made-up-saucer @ URL#sha256=WRONG']],
    ['of which the first names a digest', ['URL#sha256=WRONG', 'made-up-saucer @ URL']],
  ])('%s have to meet it', async (_what, lines) => {
    const { bytes } = await saucer();
    bench().server.on('/made_up_saucer-1.0.tar.gz', { body: bytes });
    const url = `${bench().server.url}/made_up_saucer-1.0.tar.gz`;
    const wrong = '0'.repeat(64);
    const outcome = await bench().run([
      'lock',
      ...lines.map((line) => line.replace('URL', url).replace('WRONG', wrong)),
    ]);
    expect(outcome.code).toBe(65);
    expect(errorOf(outcome)).toBe(
      `made_up_saucer-1.0.tar.gz has the sha256 ${sha256Of(bytes)}, but its address demands ${wrong} [E_DIGEST_MISMATCH]`,
    );
  });

  it('of a package have to meet a digest that it demands', async () => {
    const { bytes } = await saucer();
    bench().server.on('/made_up_saucer-1.0.tar.gz', { body: bytes });
    const url = `${bench().server.url}/made_up_saucer-1.0.tar.gz`;
    const needs = `made-up-saucer @ ${url}#sha256=${'0'.repeat(64)}`;
    await write(
      'cup/pyproject.toml',
      `[project]\nname = "made-up-cup"\nversion = "1.5"\ndependencies = ["${needs}"]\n`,
    );
    const outcome = await bench().run(['lock', './cup', `made-up-saucer @ ${url}`]);
    expect(errorOf(outcome)).toContain('[E_DIGEST_MISMATCH]');
  });
});

it('a project of the lock file that nothing needs is left out with a note', async () => {
  for (const name of ['made-up-kettle', 'made-up-saucer']) bench().index.project(name, [wheel(name, '1.0')]);
  const needs = 'dependencies = [{ name = "made-up-saucer" }]';
  await write(
    'uv.lock',
    UV_LOCK.replace('name = "made-up-kettle"\nversion', `name = "made-up-kettle"\n${needs}\nversion`),
  );
  const { stdout, stderr } = await done('lock', '--lock', 'uv.lock[hot]', ...ONE_TARGET);
  expect(names(stdout)).toEqual(['made-up-kettle']);
  expect(stderr).toContain('note: uv.lock has made-up-saucer, and nothing that it asks for needs it on the targets\n');
});
