import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWithNix, type NixStore, openNixStore } from '../support/nix.ts';
import { kettle, pot, saucer } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const TREE = [
  '.pypi2nix/generated.json',
  '.pypi2nix/requests.json',
  'default.nix',
  'overlay.nix',
  'pkgs/made-up-kettle/default.nix',
  'pkgs/made-up-saucer/default.nix',
];

beforeEach(async () => {
  bench().index.project('made-up-kettle', [await kettle()]);
  bench().index.project('made-up-pot', [await pot()]);
  bench().index.project('made-up-saucer', [await saucer()]);
});

const OLD = ['made-up-pot', '-o', 'out', '--release', '16.03'];

const write = (...args: string[]): Promise<CommandOutcome> => bench().run(['made-up-kettle', '-o', 'out', ...args]);

/** The files under the folder of `-o` with their texts, by path. */
async function treeOf(folder = 'out'): Promise<ReadonlyMap<string, string>> {
  const root = path.join(bench().folder, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, string]> => [file, await readFile(path.join(root, file), 'utf8')]),
    ),
  );
}

async function put(file: string, text: string): Promise<void> {
  const whole = path.join(bench().folder, 'out', file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, text);
}

describe('-o DIR', () => {
  it('writes one file a package, a default.nix and an overlay, and tells which', async () => {
    const { code, stdout, stderr } = await write();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(
      [
        'wrote default.nix',
        'wrote overlay.nix',
        'wrote pkgs/made-up-kettle/default.nix',
        'wrote pkgs/made-up-saucer/default.nix',
        '4 files written, 0 unchanged',
        '',
      ].join('\n'),
    );
    const tree = await treeOf();
    expect([...tree.keys()]).toEqual(TREE);
    for (const [file, text] of tree) {
      if (file.endsWith('.nix')) await expect(text).toMatchFileSnapshot(`../golden/repository/modern/${file}`);
    }
  });

  it('writes files for nixpkgs 16.03, which has no overlays of Python packages', async () => {
    expect(await bench().run(OLD)).toMatchObject({ code: 0, stdout: '' });
    const tree = await treeOf();
    expect([...tree.keys()]).toEqual([
      '.pypi2nix/generated.json',
      '.pypi2nix/requests.json',
      'default.nix',
      'pkgs/made-up-pot/default.nix',
      'pkgs/made-up-saucer/default.nix',
    ]);
    for (const [file, text] of tree) {
      if (file.endsWith('.nix')) await expect(text).toMatchFileSnapshot(`../golden/repository/16.03/${file}`);
    }
  });

  it('takes the first --python for the packages at the top', async () => {
    await write('--python', '3.11,3.13');
    const text = (await treeOf()).get('default.nix') ?? '';
    expect(text).toContain('packagesOf pkgs.python311\n');
    expect(text).toContain('lib.optionalAttrs (pkgs ? python313)');
    expect(text).not.toContain('python312');
  });

  it('makes a folder of any depth, also one that is named by its whole path', async () => {
    const { code } = await bench().run(['made-up-saucer', '-o', path.join(bench().folder, 'a', 'b')]);
    expect(code).toBe(0);
    expect([...(await treeOf('a/b')).keys()]).toContain('pkgs/made-up-saucer/default.nix');
  });
});

describe('-o DIR again', () => {
  it('with other projects keeps the packages of the earlier run, and calls all of them', async () => {
    await bench().run(['made-up-pot', '-o', 'out']);
    await bench().run(['made-up-saucer', '-o', 'out']);
    const tree = await treeOf();
    expect(tree.get('overlay.nix')).toBe(`final: prev: {
  made-up-pot = final.callPackage ./pkgs/made-up-pot { };
  made-up-saucer = final.callPackage ./pkgs/made-up-saucer { };
}
`);
    expect(tree.get('default.nix')).toContain('inherit (set) made-up-pot made-up-saucer;');
  });

  it('in the form of another release says which packages of earlier runs are left out', async () => {
    await bench().run(['made-up-kettle', '-o', 'out']);
    const { code, stderr } = await bench().run(OLD);
    expect(code).toBe(0);
    expect(stderr.replace(/\s+/gu, ' ')).toContain('out still has made-up-kettle in the form of nixpkgs');
  });

  it('writes nothing when nothing has changed', async () => {
    await write();
    const before = await treeOf();
    const { mtimeMs } = await stat(path.join(bench().folder, 'out', 'default.nix'));

    const { code, stderr } = await write();
    expect(code).toBe(0);
    expect(stderr).toContain('0 files written, 4 unchanged\n');
    expect(stderr).not.toContain('wrote');
    expect(await treeOf()).toEqual(before);
    expect((await stat(path.join(bench().folder, 'out', 'default.nix'))).mtimeMs).toBe(mtimeMs);
  });

  it('writes what a new release changes', async () => {
    await write();
    bench().index.project('made-up-saucer', [await saucer('1.0'), await saucer('1.1')]);

    const { code, stderr } = await write('--refresh');
    expect(code).toBe(0);
    expect(stderr).toContain('wrote pkgs/made-up-saucer/default.nix\n1 file written, 3 unchanged\n');
    expect((await treeOf()).get('pkgs/made-up-saucer/default.nix')).toContain('version = "1.1";');
  });

  it('leaves a file alone that somebody else wrote, says which, and writes nothing', async () => {
    await put('pkgs/made-up-saucer/default.nix', '{ mine = true; }\n');
    const before = await treeOf();

    const { code, stdout, stderr } = await write();
    expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
    expect(stderr).toContain('error: 1 file in the way, nothing is written: [E_NOT_OURS]\n');
    expect(stderr).toContain(
      `${path.join(bench().folder, 'out/pkgs/made-up-saucer/default.nix')} was not written by pypi2nix\n`,
    );
    expect(stderr).toContain('hint: move them away, or overwrite them with --force\n');
    expect(await treeOf()).toEqual(before);
  });

  it('keeps what was changed by hand, lays proposals beside files that change in the same place, and ends with 1', async () => {
    await write();
    const kettle = (await treeOf()).get('pkgs/made-up-kettle/default.nix') ?? '';
    await put(
      'pkgs/made-up-kettle/default.nix',
      kettle.replace('buildPythonPackage rec {', 'buildPythonPackage rec {\n  # mine'),
    );
    const saucer1 = (await treeOf()).get('pkgs/made-up-saucer/default.nix') ?? '';
    await put('pkgs/made-up-saucer/default.nix', saucer1.replace('version = "1.0"', 'version = "1.0.post1"'));
    bench().index.project('made-up-saucer', [await saucer('1.0'), await saucer('1.1')]);

    const { code, stderr } = await write('--refresh');
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/gu, ' ')).toContain(
      'conflict pkgs/made-up-saucer/default.nix: it is generated in another way',
    );
    const tree = await treeOf();
    expect(tree.get('pkgs/made-up-kettle/default.nix')).toContain('# mine');
    expect(tree.get('pkgs/made-up-saucer/default.nix')).toContain('version = "1.0.post1"');
    expect(tree.get('pkgs/made-up-saucer/default.nix.pypi2nix-new')).toContain('version = "1.1"');
  });

  it('refuses a repository with a manifest, which would forget it', async () => {
    await put('pypi2nix.toml', 'requirements = []\n');
    const { code, stderr } = await write();
    expect(code).toBe(2);
    expect(stderr).toContain('[E_MANAGED_REPOSITORY]');
    expect([...(await treeOf()).keys()]).toEqual(['pypi2nix.toml']);
  });

  it('overwrites such files with --force, and knows them for its own from then on', async () => {
    await put('default.nix', '{ mine = true; }\n');
    const forced = await write('--force');
    expect(forced.code).toBe(0);
    expect((await treeOf()).get('default.nix')).toContain('packagesOf');

    const { code, stderr } = await write();
    expect(code).toBe(0);
    expect(stderr).toContain('0 files written, 4 unchanged\n');
  });

  it('never goes through a link that leads out of the folder, not even with --force', async () => {
    await mkdir(path.join(bench().folder, 'out'));
    await mkdir(path.join(bench().folder, 'elsewhere'));
    await symlink(path.join(bench().folder, 'elsewhere'), path.join(bench().folder, 'out', 'pkgs'));

    const { code, stderr } = await write('--force');
    expect(code).toBe(73);
    expect(stderr).toContain('would go through pkgs, which is a link');
    expect(await readdir(path.join(bench().folder, 'elsewhere'))).toEqual([]);
  });

  it('is not written when an archive for --archives cannot be had', async () => {
    const file = await saucer();
    const [place = ''] = bench().index.project('made-up-saucer', [file]);
    bench().server.on(place, { body: file.bytes }, { status: 404 });

    expect((await bench().run(['made-up-saucer', '-o', 'elsewhere'])).code).toBe(0);
    const { code, stderr } = await write('--archives', 'archives');
    expect(code).toBe(69);
    expect(stderr).toMatch(/^error: made_up_saucer-1\.0\.tar\.gz .*HTTP 404 \[E_FILE_MISSING\]$/mu);
    expect([...(await treeOf()).keys()]).toEqual([]);
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(path.join(bench().folder, 'out'), 'a file');
    const { code, stdout, stderr } = await write();
    expect({ code, stdout }).toEqual({ code: 73, stdout: '' });
    expect(stderr).toMatch(/^error: .*out is no folder \[E_CANNOT_WRITE\]$/mu);
  });
});

describeWithNix('what -o DIR wrote', () => {
  let store: NixStore;
  beforeEach(async () => {
    store = await openNixStore();
  });
  afterEach(() => store.remove());

  const out = (): string => path.join(bench().folder, 'out');
  // What a real package set has and the stand-in does not.
  const env = { STAND_IN_PLACEHOLDERS: 'colorama exceptiongroup pytest pyyaml setuptools simplejson six' };

  it('evaluates by default.nix: packages at the top, and a set for each interpreter that is there', async () => {
    await write();
    const value = await store.evaluate(
      `let set = import ${out()} { }; in {
        packages = builtins.filter (name: builtins.match "python.*" name == null) (builtins.attrNames set);
        versions = [ set.made-up-kettle.version set.made-up-saucer.version ];
        needs = builtins.filter (name: name != null) (map (input: input.pname or null) set.made-up-kettle.dependencies);
      }`,
      { env },
    );
    expect(value).toEqual({
      packages: ['made-up-kettle', 'made-up-saucer'],
      versions: ['1.0', '1.0'],
      needs: expect.arrayContaining(['made-up-saucer']),
    });
  });

  it('evaluates as an overlay of a Python package set', async () => {
    await write();
    const instantiated = await store.instantiate(
      `let python = (import <nixpkgs> { }).python3.override { packageOverrides = import ${out()}/overlay.nix; };
      in python.pkgs.made-up-kettle`,
      { env },
    );
    expect(instantiated).toMatchObject({ ok: true, stdout: expect.stringMatching(/made-up-kettle-1\.0\.drv\n$/u) });
  });

  it('evaluates in the form of nixpkgs 16.03', async () => {
    await bench().run(OLD);
    const value = await store.evaluate(
      `let set = import ${out()} { pkgs = import <nixpkgs> { }; };
      in map (package: package.name) [ set.made-up-pot set.made-up-saucer ]`,
      { env },
    );
    expect(value).toEqual([expect.stringContaining('made-up-pot-1.0'), expect.stringContaining('made-up-saucer-1.0')]);
  });
});
