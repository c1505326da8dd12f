import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parsePylock, selectPackages } from '../../src/pep/pylock.ts';
import { sha256Of } from '../support/archives.ts';
import type { MadeUpFile } from '../support/made-up-index.ts';
import { htmlPage, sdist, wheel } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const ONE_TARGET = ['--python', '3.13', '--platform', 'x86_64-linux'];

async function locked(...args: string[]): Promise<CommandOutcome> {
  const outcome = await bench().run(['lock', ...args, ...ONE_TARGET]);
  expect(outcome.stderr).not.toContain('error:');
  expect(outcome.code).toBe(0);
  return outcome;
}

/** `name version` of each package in a lock file. */
function versions(text: string): string[] {
  return parsePylock(text, 'pylock.toml').packages.map(({ name, version }) => `${name} ${version}`);
}

async function read(file = 'pylock.toml'): Promise<string> {
  return readFile(path.join(bench().folder, file), 'utf8');
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(path.join(bench().folder, file), text);
}

function publish(name: string, ...files: readonly MadeUpFile[]): void {
  bench().index.project(name, files);
}

/** The address of a file on the index, which the lock has to name. */
function addressOf({ bytes, filename }: MadeUpFile): string {
  const digest = sha256Of(bytes);
  return `${bench().server.url}/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${filename}`;
}

describe('lock', () => {
  it('writes a standard lock file with all files of the releases, their digests and conditions', async () => {
    const saucer = await sdist('made-up-saucer', '1.0');
    const pure = wheel('made-up-saucer', '1.0');
    const windows = wheel('made-up-saucer', '1.0', { tag: 'cp313-cp313-win_amd64' });
    const kettle = wheel('made-up-kettle', '2.0', {
      lines: ['Requires-Dist: made-up-saucer>=1; sys_platform == "darwin"'],
    });
    publish('made-up-saucer', saucer, pure, windows);
    publish('made-up-kettle', { ...kettle, requiresPython: '>=3.8' });

    const { code, stdout, stderr } = await bench().run([
      'lock',
      'made-up-kettle>=1',
      ...['--python', '3.13', '--platform', 'x86_64-linux,aarch64-darwin'],
    ]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: 'resolving 1 requirement\n' });
    const file = (each: MadeUpFile): string =>
      `{ url = "${addressOf(each)}", upload-time = 2026-01-02T03:04:05Z, size = ${each.bytes.length}, hashes = { sha256 = "${sha256Of(each.bytes)}" } }`;
    expect(stdout).toBe(`lock-version = "1.0"
environments = [
    'python_version == "3.13" and sys_platform == "linux" and platform_machine == "x86_64" and implementation_name == "cpython"',
    'python_version == "3.13" and sys_platform == "darwin" and platform_machine == "arm64" and implementation_name == "cpython"',
]
requires-python = ">=3.13"
created-by = "pypi2nix"

[[packages]]
name = "made-up-kettle"
version = "2.0"
requires-python = ">=3.8"
dependencies = [
    { name = "made-up-saucer" },
]
index = "${bench().index.url}"
wheels = [
    ${file(kettle)},
]

[[packages]]
name = "made-up-saucer"
version = "1.0"
marker = 'sys_platform == "darwin"'
dependencies = []
index = "${bench().index.url}"
sdist = ${file(saucer)}
wheels = [
    ${file(windows)},
    ${file(pure)},
]

[tool.pypi2nix]
form = 1
requirements = ["made-up-kettle>=1"]
`);
  });

  it('takes metadata from wheels and downloads no sdist', async () => {
    publish('made-up-saucer', await sdist('made-up-saucer', '1.0'), wheel('made-up-saucer', '1.0'));
    await locked('made-up-saucer');
    expect(bench().server.requests.filter(({ path: asked }) => asked.endsWith('.tar.gz'))).toEqual([]);
  });

  it('resolves what the package set has too', async () => {
    publish('made-up-cup', wheel('made-up-cup', '1.0', { lines: ['Requires-Dist: six', 'Requires-Dist: setuptools'] }));
    publish('six', wheel('six', '1.17.0'));
    publish('setuptools', wheel('setuptools', '80.0'));
    expect(versions((await locked('made-up-cup')).stdout)).toEqual([
      'made-up-cup 1.0',
      'setuptools 80.0',
      'six 1.17.0',
    ]);
  });

  it('gives the same bytes again, and with --as-of whatever came later', async () => {
    const first = { ...wheel('made-up-saucer', '1.0'), uploadTime: '2024-01-01T00:00:00Z' };
    publish('made-up-saucer', first);
    const before = await locked('made-up-saucer', '--as-of', '2024-06-30');
    publish(
      'made-up-saucer',
      first,
      { ...(await sdist('made-up-saucer', '1.0')), uploadTime: '2024-07-01T00:00:00Z' },
      { ...wheel('made-up-saucer', '2.0'), uploadTime: '2024-07-02T00:00:00Z' },
    );
    const after = await locked('made-up-saucer', '--as-of', '2024-06-30', '--refresh');
    expect(after.stdout).toBe(before.stdout);
    expect(versions(before.stdout)).toEqual(['made-up-saucer 1.0']);
  });

  it('states the lowest interpreter that was asked for', async () => {
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'));
    const { stdout } = await bench().run(['lock', 'made-up-saucer', '--python', '3.13,3.9,3.10']);
    expect(stdout).toContain('\nrequires-python = ">=3.9"\n');
  });

  it('warns of a yanked release', async () => {
    publish('made-up-saucer', { ...wheel('made-up-saucer', '1.0'), yanked: 'it leaks' });
    const { stderr } = await locked('made-up-saucer==1.0');
    expect(stderr).toContain('warning: made-up-saucer: made-up-saucer 1.0 was yanked: it leaks\n');
  });

  it('downloads files whose digest the index does not tell, and says so', async () => {
    const file = wheel('made-up-saucer', '1.0');
    bench().server.on('/files/saucer.whl', { body: file.bytes });
    const page = htmlPage([{ file, address: `/files/${file.filename}` }]).replace(/#sha256=[0-9a-f]+/gu, '');
    bench().server.on(`/files/${file.filename}`, { body: file.bytes });
    bench().server.on('/simple/made-up-saucer/', { headers: { 'content-type': 'text/html' }, body: page });
    const { stdout, stderr } = await locked('made-up-saucer');
    expect(stdout).toContain(`hashes = { sha256 = "${sha256Of(file.bytes)}" }`);
    expect(stderr).toContain(
      'note: made-up-saucer: the index tells no sha256 for 1 file of made-up-saucer 1.0: the digests are those of what it sent now\n',
    );
  });

  it('keeps only the files that the hashes of a requirements file admit', async () => {
    const good = wheel('made-up-saucer', '1.0');
    publish('made-up-saucer', await sdist('made-up-saucer', '1.0'), good);
    await write('needs.txt', `made-up-saucer==1.0 --hash=sha256:${sha256Of(good.bytes)}\n`);
    const { stdout } = await locked('-r', 'needs.txt');
    expect(parsePylock(stdout, 'pylock.toml').packages).toMatchObject([
      { sdist: null, wheels: [{ name: good.filename }] },
    ]);
    await write('needs.txt', `made-up-saucer==1.0 --hash=sha256:${'0'.repeat(64)}\n`);
    const { code, stderr } = await bench().run(['lock', '-r', 'needs.txt', ...ONE_TARGET]);
    expect(code).toBe(1);
    expect(stderr).toContain('[E_HASH_NOT_ADMITTED]');
  });

  it('selects for an environment what it locked for it', async () => {
    publish(
      'made-up-kettle',
      wheel('made-up-kettle', '1.0', { lines: ['Requires-Dist: made-up-saucer; python_version < "3.12"'] }),
    );
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'));
    const { stdout } = await bench().run([
      'lock',
      'made-up-kettle',
      ...['--python', '3.11,3.13', '--platform', 'x86_64-linux'],
    ]);
    const lock = parsePylock(stdout, 'pylock.toml');
    const on = (python: string): readonly string[] =>
      selectPackages(lock, {
        environment: {
          python_version: python,
          python_full_version: `${python}.0`,
          sys_platform: 'linux',
          platform_machine: 'x86_64',
          implementation_name: 'cpython',
        },
      }).map(({ name }) => name);
    expect(on('3.11')).toEqual(['made-up-kettle', 'made-up-saucer']);
    expect(on('3.13')).toEqual(['made-up-kettle']);
  });

  it('names the nearest project where none is called so', async () => {
    const { code, stderr } = await bench().run(['lock', 'reqeusts', ...ONE_TARGET]);
    expect(code).toBe(1);
    expect(stderr).toContain('[E_NO_SUCH_PROJECT]');
    expect(stderr).toMatch(/^hint: .*requests/mu);
  });

  it('explains a request that cannot be met', async () => {
    publish('made-up-kettle', wheel('made-up-kettle', '1.0', { lines: ['Requires-Dist: made-up-saucer<2'] }));
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0'));
    const { code, stdout, stderr } = await bench().run(['lock', 'made-up-kettle', 'made-up-saucer>=2', ...ONE_TARGET]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('[E_UNSATISFIABLE]');
    expect(stderr).toMatch(/made-up-kettle.*made-up-saucer/u);
  });
});

describe('lock --resolution', () => {
  beforeEach(() => {
    const needs = { lines: ['Requires-Dist: made-up-saucer>=1'] };
    publish('made-up-kettle', wheel('made-up-kettle', '1.0', needs), wheel('made-up-kettle', '2.0', needs));
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0'));
  });

  it.each([
    ['highest', ['made-up-kettle 2.0', 'made-up-saucer 2.0']],
    ['lowest', ['made-up-kettle 1.0', 'made-up-saucer 1.0']],
    ['lowest-direct', ['made-up-kettle 1.0', 'made-up-saucer 2.0']],
  ])('%s', async (which, expected) => {
    expect(versions((await locked('made-up-kettle', '--resolution', which)).stdout)).toEqual(expected);
  });
});

describe('lock -o', () => {
  beforeEach(() => {
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'));
  });

  it('writes the file and tells so', async () => {
    const { stdout, stderr } = await locked('made-up-saucer', '-o', 'pylock.toml');
    expect(stdout).toBe('');
    expect(stderr).toBe('resolving 1 requirement\nwrote pylock.toml (1 package)\n');
    expect(await read()).toBe((await locked('made-up-saucer')).stdout);
    expect((await readdir(bench().folder)).filter((name) => !name.startsWith('.'))).toEqual(['pylock.toml']);
  });

  it('leaves a file alone that has the same content', async () => {
    await locked('made-up-saucer', '-o', 'pylock.toml');
    const { stderr } = await locked('made-up-saucer', '-o', 'pylock.toml');
    expect(stderr).toBe('resolving 1 requirement\nunchanged: pylock.toml (1 package)\n');
  });

  it('keeps the versions of the file until --upgrade, and takes new ones where it must', async () => {
    await locked('made-up-saucer', '-o', 'pylock.toml');
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0'));
    await locked('made-up-saucer', '-o', 'pylock.toml', '--refresh');
    expect(versions(await read())).toEqual(['made-up-saucer 1.0']);
    await locked('made-up-saucer>=1.5', '-o', 'pylock.toml');
    expect(versions(await read())).toEqual(['made-up-saucer 2.0']);
    await locked('made-up-saucer<2', '-o', 'pylock.toml');
    await locked('made-up-saucer', '-o', 'pylock.toml', '--upgrade');
    expect(versions(await read())).toEqual(['made-up-saucer 2.0']);
  });

  it('--prefer names another file whose versions are kept', async () => {
    await locked('made-up-saucer', '-o', 'pylock.old.toml');
    publish('made-up-saucer', wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0'));
    const { stdout } = await locked('made-up-saucer', '--prefer', 'pylock.old.toml', '--refresh');
    expect(versions(stdout)).toEqual(['made-up-saucer 1.0']);
  });

  it('overwrites a file that is no lock file with --force only', async () => {
    await write('pylock.toml', 'my = "notes"\n');
    const { code, stderr } = await bench().run(['lock', 'made-up-saucer', '-o', 'pylock.toml', ...ONE_TARGET]);
    expect(code).toBe(73);
    expect(stderr).toContain('error: pylock.toml is there and cannot be read as a lock file: ');
    expect(stderr).toContain('hint: --force overwrites it; else name another file\n');
    expect(await read()).toBe('my = "notes"\n');
    await locked('made-up-saucer', '-o', 'pylock.toml', '--force');
    expect(versions(await read())).toEqual(['made-up-saucer 1.0']);
  });

  it.each(['lock.toml', 'pylock.a.b.toml', 'pylock.json', 'pylock'])(
    'refuses the name %s, which no tool would take for a lock file',
    async (name) => {
      const { code, stderr } = await bench().run(['lock', 'made-up-saucer', '-o', name, ...ONE_TARGET]);
      expect(code).toBe(2);
      expect(stderr).toContain(`error: --output: "${name}" is no name of a lock file [E_USAGE]\n`);
    },
  );

  it('refuses a folder that is not there before it resolves', async () => {
    const { code, stderr } = await bench().run(['lock', 'made-up-saucer', '-o', 'new/pylock.toml', ...ONE_TARGET]);
    expect(code).toBe(73);
    expect(stderr).toBe(
      'error: cannot write new/pylock.toml: its folder is not there [E_CANNOT_WRITE]\nhint: make the folder new first, or name another file\n',
    );
    expect(bench().server.requests).toEqual([]);
  });

  it('refuses a folder in the place of the file', async () => {
    await mkdir(path.join(bench().folder, 'pylock.toml'));
    const { code, stderr } = await bench().run(['lock', 'made-up-saucer', '-o', 'pylock.toml', ...ONE_TARGET]);
    expect(code).toBe(74);
    expect(stderr).toContain('error: pylock.toml cannot be read: it is a folder [E_CANNOT_READ]\n');
  });

  it('writes nothing when the run fails', async () => {
    expect((await bench().run(['lock', 'no-such-thing', '-o', 'pylock.toml', ...ONE_TARGET])).code).toBe(1);
    expect(await readdir(bench().folder)).not.toContain('pylock.toml');
  });
});

describe('lock --lock', () => {
  it('writes what another lock file says as a standard one, with its files only', async () => {
    const saucer = wheel('made-up-saucer', '1.0');
    publish('made-up-saucer', await sdist('made-up-saucer', '1.0'), saucer, wheel('made-up-saucer', '2.0'));
    await write('needs.txt', `made-up-saucer==1.0 --hash=sha256:${sha256Of(saucer.bytes)}\n`);
    const { stdout } = await locked('--lock', 'needs.txt');
    expect(parsePylock(stdout, 'pylock.toml').packages).toMatchObject([
      { name: 'made-up-saucer', version: '1.0', sdist: null, wheels: [{ name: saucer.filename }] },
    ]);
  });
});

describe('lock --with-builds', () => {
  beforeEach(async () => {
    publish(
      'made-up-kettle',
      await sdist('made-up-kettle', '1.0', {
        buildRequires: ['setuptools', 'made-up-forge>=1'],
        files: { 'tests/test_kettle.py': 'import made_up_probe\n' },
        metadata: ['Provides-Extra: test', 'Requires-Dist: made-up-probe; extra == "test"'],
      }),
    );
    publish('made-up-forge', await sdist('made-up-forge', '3.0', { metadata: ['Requires-Dist: made-up-anvil'] }));
    publish('made-up-anvil', await sdist('made-up-anvil', '1.1'));
    publish('made-up-probe', await sdist('made-up-probe', '0.5'));
  });

  it('adds what builds need, apart from the packages', async () => {
    const { stdout } = await locked('made-up-kettle', '--with-builds');
    expect(versions(stdout)).toEqual(['made-up-kettle 1.0']);
    expect(parsePylock(stdout, 'pylock.toml').tool).toEqual({
      pypi2nix: {
        form: 1,
        requirements: ['made-up-kettle'],
        builds: [
          { name: 'made-up-anvil', version: '1.1' },
          { name: 'made-up-forge', version: '3.0' },
        ],
      },
    });
  });

  it('--with-checks adds what tests need too', async () => {
    const { stdout } = await locked('made-up-kettle', '--with-checks');
    expect(parsePylock(stdout, 'pylock.toml').tool).toMatchObject({
      pypi2nix: {
        builds: [{ name: 'made-up-anvil' }, { name: 'made-up-forge' }],
        checks: [{ name: 'made-up-probe', version: '0.5' }],
      },
    });
  });
});

describe('generate --lock', () => {
  it('takes the versions of a lock file, and what it was made for', async () => {
    publish('made-up-saucer', await sdist('made-up-saucer', '1.0'));
    await locked('made-up-saucer', '-o', 'pylock.toml');
    publish('made-up-saucer', await sdist('made-up-saucer', '1.0'), await sdist('made-up-saucer', '2.0'));
    const { code, stdout } = await bench().run(['--lock', 'pylock.toml', '--refresh', ...ONE_TARGET]);
    expect(code).toBe(0);
    expect(stdout).toContain('version = "1.0";');
    expect(stdout).toContain('#   pypi2nix --python 3.13 --platform x86_64-linux --lock pylock.toml\n');
  });

  it('takes a lock file that was made for the same targets, whichever these are', async () => {
    const lines = ['Requires-Dist: made-up-saucer; python_version < "3.13"'];
    publish('made-up-kettle', await sdist('made-up-kettle', '1.0', { metadata: lines }));
    publish('made-up-saucer', await sdist('made-up-saucer', '1.0'));
    expect((await bench().run(['lock', 'made-up-kettle', '-o', 'pylock.toml'])).code).toBe(0);
    for (const command of ['generate', 'tree', 'lock']) {
      const { code, stderr } = await bench().run([command, '--lock', 'pylock.toml', '--refresh']);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: expect.not.stringContaining('error:') });
    }
  });
});
