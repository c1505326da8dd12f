import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePylock } from '../../src/pep/pylock.ts';
import { sha256Of } from '../support/archives.ts';
import { sdist, wheel } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function write(file: string, text: string): Promise<void> {
  await writeFile(path.join(bench().folder, file), text);
}

async function done(...args: string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(args);
  expect(outcome).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error:') });
  return outcome;
}

function notesOf({ stderr }: CommandOutcome): string[] {
  return stderr.split('\n').filter((line) => /^(?:note|warning|error|hint):/u.test(line));
}

async function serveCup(): Promise<void> {
  const needs = 'Requires-Dist: made-up-saucer; python_version < "3.12"';
  bench().index.project('made-up-cup', [
    await sdist('made-up-cup', '1.0', { metadata: [needs] }),
    wheel('made-up-cup', '1.0', { lines: [needs] }),
  ]);
  bench().index.project('made-up-saucer', [await sdist('made-up-saucer', '1.0'), wheel('made-up-saucer', '1.0')]);
}

const UV_LOCK = `version = 1
requires-python = ">=3.12"
[[package]]
name = "made-up-cup"
version = "1.0"
source = { editable = "." }
dependencies = [{ name = "made-up-saucer" }]
[[package]]
name = "made-up-saucer"
version = "1.0"
source = { registry = "https://index.test/simple" }
`;

const FORKED = `version = 1
requires-python = ">=3.11"
[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [
    { name = "made-up-saucer", version = "1.0", source = { registry = "https://index.test/simple" }, marker = "python_version < '3.13'" },
    { name = "made-up-saucer", version = "2.0", source = { registry = "https://index.test/simple" }, marker = "python_version >= '3.13'" },
]
[[package]]
name = "made-up-saucer"
version = "1.0"
source = { registry = "https://index.test/simple" }
resolution-markers = ["python_version < '3.13'"]
[[package]]
name = "made-up-saucer"
version = "2.0"
source = { registry = "https://index.test/simple" }
resolution-markers = ["python_version >= '3.13'"]
`;

describe('the targets of a lock file', () => {
  it('are all of the release where every package admits them, with the conditions of the older ones', async () => {
    await serveCup();
    const { stderr } = await done('lock', 'made-up-cup', '-o', 'pylock.toml');
    expect(stderr).toBe('resolving 1 requirement\nwrote pylock.toml (2 packages)\n');
    const direct = (await done('made-up-cup')).stdout.split('\n').slice(2);
    const fromLock = await done('--lock', 'pylock.toml');
    expect(fromLock.stdout.split('\n').slice(2)).toEqual(direct);
    expect(fromLock.stdout).toContain('pythonOlder "3.12"');
    expect(fromLock.stdout).not.toContain('Only for');
  });

  it('begin with the oldest interpreter that all packages admit, and a note names those that exclude others', async () => {
    await serveCup();
    bench().index.project('made-up-pot', [{ ...wheel('made-up-pot', '2.0'), requiresPython: '>=3.12' }]);
    const outcome = await done('lock', 'made-up-cup', 'made-up-pot');
    expect(notesOf(outcome)).toEqual(['note: the lock is for Python 3.12 and later: made-up-pot 2.0 excludes 3.11']);
    const { requiresPython, packages } = parsePylock(outcome.stdout, 'pylock.toml');
    expect(requiresPython).toBe('>=3.12');
    expect(packages.map(({ name }) => name)).toEqual(['made-up-cup', 'made-up-pot']);
  });

  it('begin with what the release says where the page of the index says nothing', async () => {
    bench().index.project('made-up-pot', [wheel('made-up-pot', '2.0', { lines: ['Requires-Python: >=3.12'] })]);
    const outcome = await done('lock', 'made-up-pot', '-o', 'pylock.toml');
    expect(notesOf(outcome)).toContain('note: the lock is for Python 3.12 and later: made-up-pot 2.0 excludes 3.11');
  });

  it('are told by name when a locked version cannot be used on those of a run', async () => {
    bench().index.project('made-up-pot', [wheel('made-up-pot', '2.0', { lines: ['Requires-Python: >=3.13'] })]);
    const { bytes } = wheel('made-up-pot', '2.0', { lines: ['Requires-Python: >=3.13'] });
    await write('asked.txt', `made-up-pot==2.0 --hash=sha256:${sha256Of(bytes)}\n`);
    const { code, stderr } = await bench().run(['-q', '--lock', 'asked.txt', '--python', '3.12']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error: asked.txt pins made-up-pot 2.0, which cannot be used: it requires Python >=3.13 [E_LOCKED_VERSION]
hint: make the lock file again with the program that wrote it, or name the index that has the version
`,
    });
  });

  it('are not lessened by a package that is not used on the interpreter which it excludes', async () => {
    bench().index.project('made-up-cup', [
      wheel('made-up-cup', '1.0', { lines: ['Requires-Dist: made-up-pot; python_version >= "3.12"'] }),
    ]);
    bench().index.project('made-up-pot', [{ ...wheel('made-up-pot', '2.0'), requiresPython: '>=3.12' }]);
    const outcome = await done('lock', 'made-up-cup');
    expect(notesOf(outcome)).toEqual([]);
    expect(parsePylock(outcome.stdout, 'pylock.toml').requiresPython).toBe('>=3.11');
  });

  it('begin with the default interpreter where no versions serve all', async () => {
    bench().index.project('made-up-cup', [
      wheel('made-up-cup', '1.0', {
        lines: [
          'Requires-Dist: made-up-saucer<2; python_version < "3.12"',
          'Requires-Dist: made-up-saucer>=2; python_version >= "3.12"',
        ],
      }),
    ]);
    bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0')]);
    const outcome = await done('lock', 'made-up-cup');
    expect(notesOf(outcome)).toEqual(['note: not for Python 3.11 and 3.12: no versions serve these and the others']);
  });
});

describe('a lock file that serves fewer targets than the release has', () => {
  it('is told once as a note, and at the top of what is generated', async () => {
    await serveCup();
    await write('uv.lock', UV_LOCK.replace('editable', 'virtual'));
    const outcome = await done('--lock', 'uv.lock');
    expect(notesOf(outcome).filter((line) => line.includes('3.11'))).toEqual([
      'note: uv.lock is not made for Python 3.11 on x86_64-linux, aarch64-linux and aarch64-darwin: it wants Python >=3.12 (uv.lock)',
    ]);
    const line =
      '# Only for Python 3.13, 3.12, 3.14 and 3.15 on x86_64-linux, aarch64-linux and aarch64-darwin, as uv.lock is: what others need is not in it.\n';
    expect(outcome.stdout).toContain(line);
    await done('--lock', 'uv.lock', '-o', 'out');
    expect((await readFile(path.join(bench().folder, 'out/default.nix'), 'utf8')).startsWith(line)).toBe(true);
  });

  it.each([
    ['--python', '3.13,3.11', 'Python 3.11, which --python names'],
    ['--python', '3.11,3.13', 'Python 3.11, which --python names'],
  ])('is refused for %s %s', async (option, value, named) => {
    await write('uv.lock', UV_LOCK);
    const { code, stderr } = await bench().run(['--lock', 'uv.lock', option, value]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `error: uv.lock is not made for ${named}: it wants Python >=3.12 [E_LOCK_UNFIT]
hint: choose targets that it is made for with --python and --platform, or make a lock for these
`,
    });
  });
});

describe('a fork in a lock file', () => {
  it('is decided by the default interpreter where no targets are named', async () => {
    bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0')]);
    await write('uv.lock', FORKED);
    const outcome = await done('tree', '--lock', 'uv.lock');
    expect(outcome.stdout).toBe('made-up-saucer 2.0\n');
    expect(outcome.stderr).toContain(
      '; the version for the default interpreter is taken, and the targets of others are left out\n',
    );
  });

  it('is an error where interpreters of both sides are named', async () => {
    await write('uv.lock', FORKED);
    const { code, stderr } = await bench().run(['tree', '--lock', 'uv.lock', '--python', '3.13,3.12']);
    expect(code).toBe(1);
    expect(stderr).toContain('[E_LOCK_FORK]\nhint: narrow the targets: --python 3.12 for 1.0 or --python 3.13 for 2.0');
  });
});

describe('a lock file without dependencies', () => {
  const HEAD = 'lock-version = "1.0"\ncreated-by = "uv"\n';

  it('has as roots what no other package requires', async () => {
    await serveCup();
    const entry = (name: string): string => {
      const filename = `${name.replaceAll('-', '_')}-1.0.tar.gz`;
      const file = `url = "https://index.test/${filename}", hashes = { sha256 = "${'0'.repeat(64)}" }`;
      return `[[packages]]\nname = "${name}"\nversion = "1.0"\nsdist = { ${file} }\n`;
    };
    await write('pylock.toml', `${HEAD}${entry('made-up-cup')}${entry('made-up-saucer')}`);
    await write('lock.txt', 'made-up-cup==1.0\nmade-up-saucer==1.0\n');
    await write(
      'Pipfile.lock',
      '{"default": {"made-up-cup": {"version": "==1.0"}, "made-up-saucer": {"version": "==1.0"}}}',
    );
    for (const file of ['pylock.toml', 'lock.txt', 'Pipfile.lock'])
      expect((await done('tree', '--lock', file)).stdout).toBe(
        'made-up-cup 1.0\n└── made-up-saucer 1.0 ; python_version < "3.12"\n',
      );
  });
});

it('the project that a lock file was made for is generated where it is named, with what the lock file has', async () => {
  bench().index.project('made-up-saucer', [await sdist('made-up-saucer', '1.0'), await sdist('made-up-saucer', '2.0')]);
  await write('uv.lock', UV_LOCK);
  await write(
    'pyproject.toml',
    '[project]\nname = "made-up-cup"\nversion = "1.0"\ndependencies = ["made-up-saucer"]\n',
  );
  const { stdout } = await done('tree', '.', '--lock', 'uv.lock');
  expect(stdout).toContain('made-up-saucer 1.0\n');
  await done('./', '--lock', 'uv.lock');
});

describe('a lock file with wheels alone', () => {
  it.each(['sdist', 'any'])('is generated from these with --format %s, which a note says', async (format) => {
    const pure = wheel('made-up-saucer', '1.0');
    bench().index.project('made-up-saucer', [await sdist('made-up-saucer', '1.0'), pure]);
    await write('lock.txt', `made-up-saucer==1.0 --hash=sha256:${sha256Of(pure.bytes)}\n`);
    const outcome = await done('--lock', 'lock.txt', '--format', format);
    expect(outcome.stdout).toContain('format = "wheel"');
    expect(notesOf(outcome)).toContain('note: made-up-saucer: its wheel is taken: lock.txt has no sdist of it');
  });
});
