import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWithNix, type NixStore, openNixStore } from '../support/nix.ts';
import { saucer } from './support/kitchen.ts';
import { messagesOf } from './support/made-projects.ts';
import { serveStory, treeAt, withoutIndex } from './support/repository-bench.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

beforeEach(() => serveStory(bench()));

const run = (...args: string[]): Promise<CommandOutcome> => bench().run(args);

/** Runs a command that has to work; gives its messages. */
async function done(...args: string[]): Promise<readonly string[]> {
  const outcome = await run(...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  return messagesOf(outcome);
}

const tree = (): Promise<ReadonlyMap<string, string>> => treeAt(bench().folder);

async function put(file: string, text: string): Promise<void> {
  const whole = path.join(bench().folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, text);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const whole = path.join(bench().folder, file);
  await writeFile(whole, change(await readFile(whole, 'utf8')));
}

/** Compares the whole tree with the files under test/golden/repository-stories/NAME. */
async function expectTree(name: string): Promise<void> {
  for (const [file, text] of await tree()) {
    await expect(withoutIndex(text)).toMatchFileSnapshot(`../golden/repository-stories/${name}/${file}`);
  }
}

async function putLocal(folder: string, requires: readonly string[] = []): Promise<void> {
  await put(
    `${folder}/pyproject.toml`,
    `[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\nname = "made-up-local"\nversion = "0.1"\ndependencies = ${JSON.stringify(requires)}\n`,
  );
  await put(`${folder}/src/made_up_local/__init__.py`, '');
}

describe('init', () => {
  it('starts a repository that asks for nothing', async () => {
    expect((await done('init')).at(-1)).toBe('9 files written, 0 unchanged');
    await expectTree('init');
  });

  it('keeps options that hold for every run, with paths of the repository', async () => {
    await put('limits.txt', 'six<2\n');
    await done('init', 'sub', '--release', '24.05', '--python', '3.13,3.12', '-c', 'limits.txt', '--with-checks');
    const text = (await tree()).get('sub/pypi2nix.toml') ?? '';
    expect(text).toContain(
      '[options]\nrelease = "24.05"\npython = ["3.13", "3.12"]\nwith-checks = true\nconstraint = ["../limits.txt"]\n',
    );
  });

  it('refuses an index with a password, and keeps nothing of it', async () => {
    const { code, stderr } = await run('init', '--index-url', 'https://me:secret@index.test/simple/');
    expect(code).toBe(2);
    expect(stderr).toContain('[E_CREDENTIALS_IN_MANIFEST]');
    expect(stderr).not.toContain('secret');
    expect([...(await tree()).keys()]).toEqual([]);
  });

  it('leaves files of the user as they are, and refuses where one is in the way', async () => {
    await put('README.md', 'mine\n');
    const messages = await done('init');
    expect(messages).toContain('note: README.md is yours, and stays as it is');
    expect((await tree()).get('README.md')).toBe('mine\n');

    await put('other/default.nix', '{ }\n');
    const { code, stderr } = await run('init', 'other');
    expect(code).toBe(73);
    expect(stderr).toContain('other/default.nix was not written by pypi2nix');
    expect([...(await treeAt(path.join(bench().folder, 'other'))).keys()]).toEqual(['default.nix']);
  });

  it('refuses a second time', async () => {
    await done('init');
    expect(await run('init')).toMatchObject({ code: 73, stderr: expect.stringContaining('[E_REPOSITORY_EXISTS]') });
  });
});

describe('add', () => {
  it('resolves, locks and writes what is asked for, with all that it needs', async () => {
    await done('init');
    await done('add', 'made-up-kettle[warm]');
    await expectTree('add');
  });

  it('keeps versions that still fit, and changes the specifier of what is there', async () => {
    await done('init');
    bench().index.project('made-up-saucer', [await saucer('1.0')]);
    await done('add', 'made-up-kettle');
    await serveStory(bench());
    const messages = await done('add', 'made-up-kettle==1.0', '--refresh');
    expect(messages).toContain('made-up-kettle is made-up-kettle==1.0 now');
    const files = await tree();
    expect(files.get('pkgs/made-up-saucer/default.nix')).toContain('version = "1.0"');
    expect(files.get('pkgs/made-up-kettle/default.nix')).toContain('version = "1.0"');
  });

  it('takes a folder by its path, seen from the repository, wherever it is called', async () => {
    await done('init', 'repo');
    await putLocal('project', ['made-up-saucer']);
    await done('add', './project', '--repository', 'repo');
    const files = await treeAt(path.join(bench().folder, 'repo'));
    expect(files.get('pypi2nix.toml')).toContain('requirements = [\n    "../project",\n]');
    expect(files.get('pylock.toml')).toContain('directory = { path = "../project" }');
    expect(files.get('pkgs/made-up-local/default.nix')).toContain('src = ../../../project;');
  });

  it('resolves again what was written by hand, by a pin too', async () => {
    await done('init');
    await edit('pypi2nix.toml', (text) =>
      text
        .replace('requirements = []', 'requirements = ["made-up-saucer"] # mine')
        .replace('[pins]', '[pins]\nmade-up-saucer = { version = "<2", reason = "the old shape" }'),
    );
    expect(await run('regenerate')).toMatchObject({ code: 1, stderr: expect.stringContaining('[E_LOCK_OUTDATED]') });
    await done('add');
    const files = await tree();
    expect(files.get('pkgs/made-up-saucer/default.nix')).toContain('version = "1.0"');
    expect(files.get('pypi2nix.toml')).toContain('requirements = ["made-up-saucer"] # mine');
  });

  it('writes nothing when it cannot be resolved, and nothing with --dry-run', async () => {
    await done('init');
    const before = await tree();
    expect((await run('add', 'made-up-saucer>=9')).code).toBe(1);
    expect(await tree()).toEqual(before);

    const { stdout, stderr } = await run('add', 'made-up-saucer', '--dry-run', '--diff');
    expect(stderr).toContain('would write pkgs/made-up-saucer/default.nix\n');
    expect(stdout).toContain('--- /dev/null\n+++ b/pkgs/made-up-saucer/default.nix\n');
    expect(await tree()).toEqual(before);
  });

  it('does without what only installers need where no index has it, and says so', async () => {
    await done('init');
    bench().server.on('/simple/six/', { status: 404 });
    const messages = await done('add', 'made-up-kettle');
    expect(messages.join('\n')).toContain('pip and uv cannot install from it alone: ');
    const files = await tree();
    expect(files.get('pylock.toml')).not.toContain('name = "six"');
    expect(files.get('pkgs/made-up-kettle/default.nix')).toContain('    six\n');
    expect((await done('regenerate')).at(-1)).toMatch(/^0 files written/u);
  });

  it('keeps an index in the manifest, and refuses one with a password', async () => {
    await done('init');
    await done('add', 'made-up-saucer', '--index-url', bench().index.url);
    expect((await tree()).get('pypi2nix.toml')).toContain(`[options]\nindex-url = "${bench().index.url}"\n`);
    const { code, stderr } = await run('add', 'six', '--index-url', 'https://me:secret@index.test/simple/');
    expect({ code, isTold: stderr.includes('secret') }).toEqual({ code: 2, isTold: false });
  });

  it('needs a repository', async () => {
    expect(await run('add', 'six')).toMatchObject({ code: 2, stderr: expect.stringContaining('[E_NO_REPOSITORY]') });
  });
});

describe('remove', () => {
  it('takes out what only that needed, and names it', async () => {
    await done('init');
    await done('add', 'made-up-kettle[warm]', 'made-up-saucer');
    const messages = await done('remove', 'Made_Up.Kettle');
    expect(messages).toContain('packages that nothing needs any more: made-up-forge, made-up-kettle and made-up-lid');
    await expectTree('remove');
  });

  it('leaves nothing but an empty repository behind', async () => {
    await done('init');
    const empty = await tree();
    await done('add', 'made-up-kettle[warm]');
    await done('remove', 'made-up-kettle');
    const after = new Map(await tree());
    expect(after.get('pypi2nix.toml')).toContain('requirements = [\n]');
    for (const each of [after, new Map(empty)]) each.delete('pypi2nix.toml');
    expect([...after]).toEqual([...empty].filter(([file]) => file !== 'pypi2nix.toml'));
  });

  it('takes a folder by the name of its project or by its path', async () => {
    await done('init');
    await putLocal('local');
    await done('add', './local');
    await done('remove', 'made-up-local');
    expect((await tree()).get('pypi2nix.toml')).not.toContain('./local');
    await done('add', './local');
    await done('remove', './local/');
    expect((await tree()).get('pypi2nix.toml')).not.toContain('./local');
  });

  it('says why a name cannot be removed', async () => {
    await done('init');
    await done('add', 'made-up-kettle');
    expect((await run('remove', 'made-up-saucer')).stderr.replace(/\s+/gu, ' ')).toContain(
      'pypi2nix.toml does not ask for made-up-saucer [E_NOT_ASKED_FOR] hint: it is there because something else needs it',
    );
    expect((await run('remove', 'made-up-ketle')).stderr).toContain('did you mean made-up-kettle?');
  });
});

describe('regenerate', () => {
  it('changes nothing a second time, and asks no index', async () => {
    await done('init');
    await done('add', 'made-up-kettle[warm]');
    const before = await tree();
    const asked = bench().server.requests.length;
    expect((await done('regenerate')).at(-1)).toBe('0 files written, 11 unchanged');
    expect((await done('regenerate', '--offline')).at(-1)).toBe('0 files written, 11 unchanged');
    expect(bench().server.requests.length).toBe(asked);
    expect(await tree()).toEqual(before);
  });

  it('writes the same bytes on another machine, from the addresses of the lock file', async () => {
    await done('init');
    await done('add', 'made-up-kettle[warm]');
    const before = await tree();
    await rm(path.join(bench().folder, '.home'), { recursive: true });
    await rm(path.join(bench().folder, 'pkgs'), { recursive: true });
    await rm(path.join(bench().folder, '.pypi2nix'), { recursive: true });
    for (const file of before.keys())
      if (file.endsWith('.nix')) await rm(path.join(bench().folder, file), { force: true });
    const asked = bench().server.requests.length;
    await done('regenerate');
    expect(await tree()).toEqual(before);
    const pages = bench()
      .server.requests.slice(asked)
      .filter(({ path: place }) => place.startsWith('/simple/'));
    expect(pages).toEqual([]);
  });

  it('follows an override of the repository, for one package when it is named', async () => {
    await done('init');
    await done('add', 'made-up-kettle');
    const rule = (reason: string) => `[[rule]]\ndoCheck = false\nreason = "${reason}"\n`;
    await put('overrides/made-up-kettle.toml', rule('no water'));
    await put('overrides/made-up-saucer.toml', rule('no tea'));
    await done('regenerate', 'made-up-saucer');
    let files = await tree();
    expect(files.get('pkgs/made-up-saucer/default.nix')).toContain('# no tea');
    expect(files.get('pkgs/made-up-kettle/default.nix')).not.toContain('# no water');
    await done('regenerate');
    files = await tree();
    expect(files.get('pkgs/made-up-kettle/default.nix')).toContain('# no water');
    expect(await run('regenerate', 'made-up-pot')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[E_NOT_IN_REPOSITORY]'),
    });
  });

  it('keeps hand edits, and lays a proposal beside what it cannot merge', async () => {
    await done('init');
    await done('add', 'made-up-saucer<2');
    const file = 'pkgs/made-up-saucer/default.nix';
    await edit(file, (text) => text.replace('buildPythonPackage rec {', 'buildPythonPackage rec {\n  # mine'));
    await edit(file, (text) => text.replace('version = "1.0"', 'version = "1.0.post1"'));
    expect((await done('regenerate')).at(-1)).toBe('0 files written, 8 unchanged');

    const { code, stderr } = await run('add', 'made-up-saucer');
    // The version is kept while it fits.
    expect(code, stderr).toBe(0);
    const changed = await run('add', 'made-up-saucer>=2');
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain(`conflict ${file}: `);
    const files = await tree();
    expect(files.get(file)).toContain('# mine');
    expect(files.get(`${file}.pypi2nix-new`)).toContain('version = "2.0"');

    await rm(path.join(bench().folder, `${file}.pypi2nix-new`));
    expect((await done('regenerate')).at(-1)).toBe('0 files written, 8 unchanged');
    expect((await tree()).get(file)).toContain('version = "1.0.post1"');
    await done('regenerate', '--force');
    expect((await tree()).get(file)).toContain('version = "2.0"');
  });

  it('brings back what the repository needs, and leaves away what nothing needs', async () => {
    await done('init');
    await done('add', 'made-up-saucer');
    await rm(path.join(bench().folder, 'release.nix'));
    await rm(path.join(bench().folder, 'pkgs'), { recursive: true });
    expect(await done('regenerate')).toEqual([
      'wrote pkgs/made-up-saucer/default.nix: it was deleted, and the repository needs it',
      '1 file written, 7 unchanged',
    ]);
    expect([...(await tree()).keys()]).not.toContain('release.nix');
  });

  it('never goes through a link that leads out of the repository', async () => {
    await done('init');
    await done('add', 'made-up-saucer');
    await rm(path.join(bench().folder, 'pkgs'), { recursive: true });
    await mkdir(path.join(bench().folder, '.home', 'elsewhere'), { recursive: true });
    await symlink(path.join(bench().folder, '.home', 'elsewhere'), path.join(bench().folder, 'pkgs'));
    const { code, stderr } = await run('regenerate', '--force');
    expect(code).toBe(73);
    expect(stderr).toContain('would go through pkgs, which is a link');
  });

  it('keeps the options of add in the manifest, so that regenerate generates the same', async () => {
    await done('init', '--deps', 'all');
    await done(
      'add',
      'made-up-saucer',
      '--deps',
      'missing',
      '--release',
      '24.05',
      '--python',
      '3.12,3.11',
      '--no-checks',
    );
    const manifest = await readFile(path.join(bench().folder, 'pypi2nix.toml'), 'utf8');
    for (const line of ['deps = "missing"', 'release = "24.05"', 'python = ["3.12", "3.11"]', 'no-checks = true'])
      expect(manifest).toContain(`\n${line}\n`);
    expect((await done('regenerate')).at(-1)).toMatch(/^0 files written/u);
  });

  it('keeps paths of options as the repository sees them', async () => {
    await done('init', 'shelf');
    await put('bounds.txt', 'made-up-saucer<3\n');
    await done('add', '--repository', 'shelf', 'made-up-saucer', '--constraint', 'bounds.txt');
    const manifest = await readFile(path.join(bench().folder, 'shelf/pypi2nix.toml'), 'utf8');
    expect(manifest).toContain('constraint = ["../bounds.txt"]');
  });

  it('names the process that writes here', async () => {
    await done('init');
    const holder = {
      pid: process.ppid,
      host: (await import('node:os')).hostname(),
      started: null,
      since: '2026-01-02T03:04:05.000Z',
    };
    await put('.pypi2nix/lock', JSON.stringify(holder));
    const { code, stderr } = await run('regenerate');
    expect(code).toBe(73);
    expect(stderr).toContain(
      `process ${process.ppid} on ${holder.host}, started at 2026-01-02T03:04:05.000Z, is writing here`,
    );

    const waiting = run('regenerate', '--wait');
    await rm(path.join(bench().folder, '.pypi2nix/lock'));
    expect((await waiting).code).toBe(0);
  });
});

describe('add --develop', () => {
  it('makes a shell that imports the project from its source tree', async () => {
    await done('init');
    await putLocal('local', ['made-up-saucer']);
    await done('add', '--develop', './local', 'made-up-kettle');
    const files = await tree();
    expect(files.get('pypi2nix.toml')).toContain('develop = [\n    "./local",\n]');
    expect(files.get('pkgs/made-up-local/default.nix')).toContain('src = ../../local;');
    await expect(withoutIndex(files.get('shell.nix') ?? '')).toMatchFileSnapshot(
      '../golden/repository-stories/develop/shell.nix',
    );
    expect((await done('regenerate')).at(-1)).toMatch(/^0 files written/u);
    await done('remove', 'made-up-local');
    expect((await tree()).get('shell.nix')).not.toContain('local');
  });
});

describeWithNix('a repository', () => {
  let store: NixStore;
  beforeEach(async () => {
    store = await openNixStore();
  });
  afterEach(() => store.remove());

  const env = { STAND_IN_PLACEHOLDERS: 'colorama setuptools six' };

  it('opens a shell in which a project that is worked on is imported from its source tree', async () => {
    await done('init', '--release', '24.05');
    await put(
      'local/pyproject.toml',
      '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["own"]\n\n[project]\nname = "made-up-local"\nversion = "0.1"\n',
    );
    await put('local/own/own.py', '');
    await put('local/src/made_up_local/__init__.py', '');
    await done('add', '--develop', './local');
    const command = 'python3 -c "import made_up_local; print(made_up_local.__file__)"';
    const result = await store.run('nix-shell', ['--run', command], {
      cwd: bench().folder,
      env: { ...env, NIX_BUILD_SHELL: '/bin/bash' },
    });
    expect(result.stdout, result.stderr).toBe(`${bench().folder}/local/src/made_up_local/__init__.py\n`);
  }, 120_000);

  it.each(['24.05', '16.03'])('evaluates in the form of %s, with every file', async (release) => {
    await done('init', '--release', release);
    await putLocal('local', ['made-up-saucer']);
    // 16.03 has versions of its own, which come first.
    await done('add', 'made-up-saucer', '--develop', './local');
    const root = bench().folder;
    const value = await store.evaluate(
      `let
        pkgs = import <nixpkgs> { };
        repository = import ${root} { };
        isDrv = value: builtins.match ".*[.]drv" value.drvPath != null;
        jobs = import ${root}/release.nix { supportedSystems = [ "x86_64-linux" ]; };
        flake = (import ${root}/flake.nix).outputs { self = { }; nixpkgs = <nixpkgs>; };
      in [
        (isDrv repository.made-up-saucer)
        (isDrv repository.made-up-local)
        (isDrv repository.pythonEnv)
        (isDrv (import ${root}/shell.nix { }))
        (isDrv jobs.x86_64-linux.made-up-saucer)
        (isDrv flake.packages.x86_64-linux.made-up-saucer)
        ((import ${root}/shell.nix { }).sourceTrees)
      ]`,
      { env },
    );
    expect(value).toEqual([true, true, true, true, true, true, path.join(root, 'local', 'src')]);
  });
});
