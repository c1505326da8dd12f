import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePylock } from '../../src/pep/pylock.ts';
import { describeWithGit, makeRepository, serveRepository } from '../source/support/git.ts';
import { sha256Of } from '../support/archives.ts';
import { sdist, wheel } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const PYPROJECT = '[project]\nname = "made-up-tray"\nversion = "1.5"\n';

async function write(file: string, content: string | Uint8Array): Promise<void> {
  const whole = path.join(bench().folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
}

/** The lines of stderr but for progress, after a run that has to fail. */
async function failure(...args: string[]): Promise<string> {
  const { code, stderr, stdout } = await bench().run(args);
  expect({ code, stdout }).toEqual({ code: expect.any(Number), stdout: '' });
  expect(code).not.toBe(0);
  return told(stderr);
}

function told(stderr: string): string {
  return stderr.replace(/^(?:resolving|reading) .*\n/gmu, '');
}

describe('--hash in a file of constraints', () => {
  it('refuses an archive that has another digest', async () => {
    const file = await sdist('made-up-saucer', '1.0');
    bench().index.project('made-up-saucer', [file]);
    const line = (digest: string) => `made-up-saucer==1.0 --hash=sha256:${digest}\n`;
    await write('limits.txt', line('0'.repeat(64)));
    expect(await failure('made-up-saucer', '-c', 'limits.txt')).toContain('[E_HASH_NOT_ADMITTED]');
    await write('limits.txt', line(sha256Of(file.bytes)));
    expect((await bench().run(['made-up-saucer', '-c', 'limits.txt'])).code).toBe(0);
  });

  it('leaves those alone that a requirement names too', async () => {
    const file = await sdist('made-up-saucer', '1.0');
    bench().index.project('made-up-saucer', [file]);
    const line = (...digests: string[]) =>
      `made-up-saucer==1.0 ${digests.map((digest) => `--hash=sha256:${digest}`).join(' ')}\n`;
    await write('limits.txt', line('0'.repeat(64)));
    await write('asked.txt', line(sha256Of(file.bytes)));
    expect(await failure('-r', 'asked.txt', '-c', 'limits.txt')).toContain('[E_HASH_NOT_ADMITTED]');
  });

  it('of an algorithm that is not checked is refused', async () => {
    await write('limits.txt', `made-up-saucer==1.0 --hash=sha512:${'0'.repeat(128)}\n`);
    expect(await failure('made-up-saucer', '-c', 'limits.txt')).toContain('[E_HASH_NOT_CHECKED]');
  });
});

describe('an option that takes one value', () => {
  it.each([
    [['it', '-o', 'a', '-o', 'b'], '--output'],
    [['it', '--as-of', '2024-01-01', '--as-of=2025-01-01'], '--as-of'],
    [['lock', 'it', '--lock', 'uv.lock', '--lock', 'uv.lock'], '--lock'],
    [['tree', 'it', '--depth', '1', '--depth', '2'], '--depth'],
  ])('is refused when it is given twice: %j', async (args, option) => {
    const { code, stderr } = await bench().run(args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`error: ${option} is given twice, and takes one value [E_USAGE]`),
    });
  });
});

it('a folder of --find-links in a requirements file is looked for beside that file first', async () => {
  const { filename, bytes } = wheel('made-up-saucer', '1.0');
  await write(`sub/shelf/${filename}`, bytes);
  await write('sub/asked.txt', '--no-index\n--find-links shelf\nmade-up-saucer\n');
  const { stdout } = await bench().run(['tree', '-r', 'sub/asked.txt']);
  expect(stdout).toBe('made-up-saucer 1.0\n');
});

it('the digests of files in a folder of --find-links are worth no note', async () => {
  const { filename, bytes } = wheel('made-up-saucer', '1.0');
  await write(`shelf/${filename}`, bytes);
  const { code, stderr } = await bench().run(['lock', 'made-up-saucer', '--no-index', '--find-links', 'shelf']);
  expect({ code, stderr: told(stderr) }).toEqual({ code: 0, stderr: '' });
});

describe('a requirement that cannot be taken', () => {
  it.each([
    ['./tray/pyproject.toml', '-p ./tray/pyproject.toml asks for what it lists, and ./tray for the project itself'],
    ['tray/asked.txt', '-r tray/asked.txt asks for what it lists'],
    ['./tray/notes.md', 'name the folder of the project, ./tray, or an archive'],
    ['git@host.test:x/y.git', 'write git+ssh:// and behind it git@host.test/x/y.git'],
    ['made-up-tray @ git+git@host.test:x/y.git@v1', 'write git+ssh:// and behind it git@host.test/x/y.git@v1'],
  ])('is told how to be written: %s', async (requirement, hint) => {
    for (const file of ['pyproject.toml', 'asked.txt', 'notes.md']) await write(`tray/${file}`, '');
    const outcome = await failure(requirement);
    expect(outcome).toContain('[E_INVALID_ADDRESS]\n');
    expect(outcome).toContain(`hint: ${hint}\n`);
  });

  it('is told of a folder of its name', async () => {
    await write('tray/pyproject.toml', PYPROJECT);
    expect(await failure('tray')).toContain('hint: tray is a folder here: write ./tray for what lies there\n');
  });

  it('is told of -e that the folder alone is what to write', async () => {
    expect(await failure('-e', './tray')).toContain('hint: write the folder alone, ./DIR: ');
  });
});

it('a word that is near to a command and is a project that no set knows is told of the command', async () => {
  bench().index.project('tre', [await sdist('tre', '1.0')]);
  const { code, stderr } = await bench().run(['tre']);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining('note: tre was taken for a project; the command is: pypi2nix tree\n'),
  });
});

describe('a requirements file', () => {
  it.each([
    ['https://index.test/asked.txt', 'files behind a URL are not read'],
    ['-', 'stdin is not read'],
    ['gone.txt', 'there is no such file'],
    ['.', 'it is a folder'],
  ])('%s is refused with its name', async (file, why) => {
    expect(await failure('-r', file)).toContain(`error: ${file} cannot be read: ${why} [E_CANNOT_READ]\n`);
  });

  it('that another one includes from a URL is refused with its address', async () => {
    await write('sub/asked.txt', '-r https://index.test/asked.txt\n');
    expect(await failure('-r', 'sub/asked.txt')).toContain(
      'error: sub/asked.txt:1: https://index.test/asked.txt cannot be read: files behind a URL are not read [E_CANNOT_READ]\n',
    );
  });

  it('is named as the user wrote it, and those that it includes from there', async () => {
    await write('sub/asked.txt', '-r more.txt\n');
    await write('sub/more.txt', 'made-up-saucer => 1.0\n');
    expect(await failure('-r', './sub/asked.txt')).toContain('error: sub/more.txt:1: not a requirement');
  });

  it('with a fault on a line of a variable without value tells of the variable', async () => {
    await write('asked.txt', 'made-up-saucer==${MADE_UP}\n');
    expect(await failure('-r', 'asked.txt')).toContain('hint: the variable MADE_UP has no value; ');
  });
});

it('requirements that a pyproject.toml leaves to a file beside it are told with the place of that file', async () => {
  bench().index.project('made-up-saucer', [wheel('made-up-saucer', '1.0')]);
  await write(
    'sub/pyproject.toml',
    '[project]\nname = "made-up-tray"\nversion = "1"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["r.txt"] }\n',
  );
  await write('sub/r.txt', 'made-up-saucer\n--prefer-binary\n');
  const { stderr } = await bench().run(['tree', '-p', 'sub']);
  expect(told(stderr)).toBe(
    'note: sub/pyproject.toml leaves 1 requirement to its build backend: they are taken from sub/r.txt\n',
  );
});

it('lock --with-builds tells what it resolves in turn', async () => {
  bench().index.project('made-up-saucer', [await sdist('made-up-saucer', '1.0')]);
  const { stderr } = await bench().run(['lock', 'made-up-saucer', '--with-builds']);
  expect(stderr.split('\n').filter((line) => line.startsWith('resolving'))).toEqual([
    'resolving 1 requirement',
    'resolving what builds need',
  ]);
});

describeWithGit('a branch in a lock file', () => {
  it('keeps its commit until --upgrade, through --lock too', async () => {
    const made = await makeRepository(path.join(bench().folder, 'repository'));
    await made.commit({ 'pyproject.toml': PYPROJECT });
    const first = made.git('rev-parse', 'HEAD');
    const url = await serveRepository(bench().server, made);
    const lock = ['lock', `git+${url}@main`, '-o', 'pylock.toml'];
    expect((await bench().run(lock)).code).toBe(0);
    await made.commit({ 'pyproject.toml': PYPROJECT, 'made_up_tray.py': '' });
    const second = made.git('rev-parse', 'HEAD');
    await serveRepository(bench().server, made);
    expect((await bench().run(lock)).stderr).toContain('unchanged: pylock.toml');

    const again = await bench().run(['lock', '--lock', 'pylock.toml']);
    const [entry] = parsePylock(again.stdout, 'pylock.toml').packages;
    expect(entry?.vcs).toMatchObject({ requestedRevision: 'main', commitId: first });
    const tree = await bench().run(['tree', '--lock', 'pylock.toml', '--json']);
    expect(tree.stdout).toContain(first);

    expect((await bench().run([...lock, '--upgrade'])).stderr).toContain('wrote pylock.toml');
    const upgraded = await bench().run(['tree', '--lock', 'pylock.toml', '--json']);
    expect(upgraded.stdout).toContain(second);
  });
});
