import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CacheStore, createCacheStore } from '../../src/cache/store.ts';
import { evaluatedSet } from '../../src/nixpkgs/evaluated-set.ts';
import type { PackageSetNames } from '../../src/nixpkgs/package-set.ts';
import { type Nixpkgs, readNixpkgs } from '../../src/nixpkgs/read-nixpkgs.ts';
import { describeWithNix } from '../support/nix.ts';
import { writeMadeUpNixpkgs } from './support/made-up-nixpkgs.ts';

let root: string;
let folder: string;
let cache: CacheStore;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'read-nixpkgs-'));
  folder = path.join(root, 'nixpkgs');
  cache = createCacheStore({ folder: path.join(root, 'cache'), onNote: () => undefined });
});

afterEach(() => rm(root, { recursive: true, force: true }));

const read = (environment: NodeJS.ProcessEnv = process.env): Promise<Nixpkgs> =>
  readNixpkgs(folder, { environment, cache, onProgress: () => undefined });

/** The names for Python 3.13, which decides, and 3.12. */
async function names(): Promise<PackageSetNames> {
  const nixpkgs = await read();
  const interpreters = nixpkgs.interpreters
    .filter(({ implementation }) => implementation === 'cpython')
    .sort((a, b) => (a.version < b.version ? 1 : -1));
  const records = await nixpkgs.pythonSets(interpreters);
  await cache.settled();
  const sets = records.flatMap((record, index) => {
    const interpreter = interpreters[index];
    return interpreter === undefined ? [] : [{ interpreter, binds: index === 0, record }];
  });
  return evaluatedSet({ ...nixpkgs, sets });
}

describeWithNix('a nixpkgs that is read', () => {
  it('tells its release, its interpreters and which one is python3', async () => {
    await writeMadeUpNixpkgs(folder, { packages: '' });
    const nixpkgs = await read();
    expect(nixpkgs.release).toEqual({ release: '25.11', isBefore: false });
    expect(nixpkgs.title).toMatch(/^nixpkgs 25\.11 \(files [0-9a-f]{12}\)$/u);
    expect(nixpkgs.interpreters.map(({ attribute, version }) => `${attribute} ${version}`)).toEqual([
      'python312 3.12',
      'python313 3.13',
      'pypy 2.7',
    ]);
    expect(nixpkgs.python3).toBe('3.13');
  });

  it('tells of a channel that it came before its release', async () => {
    await writeMadeUpNixpkgs(folder, { packages: '', suffix: 'pre142648.0123abc' });
    expect((await read()).release).toEqual({ release: '25.11', isBefore: true });
  });

  it('without the file `.version` is asked for its release', async () => {
    await writeMadeUpNixpkgs(folder, { packages: '', release: null, systems: 'lib.trivial.release = "24.11";' });
    expect((await read()).release).toEqual({ release: '24.11', isBefore: false });
  });

  it('has packages by the projects that they fetch, with version and extras', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: `
        dateutil = package {
          pname = "dateutil"; version = "2.9.0";
          src.urls = [ "mirror://pypi/p/python-dateutil/python-dateutil-2.9.0.tar.gz" ];
          optional-dependencies = { Time_Zones = [ ]; };
        };`,
    });
    const set = await names();
    expect(set.attributeOf('python-dateutil')).toMatchObject({
      attribute: 'dateutil',
      version: '2.9.0',
      extras: ['time-zones'],
      broken: false,
      disabled: false,
    });
    expect(set.attributeForGenerated('python-dateutil')).toBe('dateutil');
    // The attribute belongs to another project, which must not be replaced.
    expect(set.attributeForGenerated('dateutil')).toBe('python-dateutil');
  });

  it('gives of several attributes the PEP 503 name, else the shortest', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: `
        made-up = package { pname = "made_up"; version = "2"; };
        a = package { pname = "made.up"; version = "1"; };
        other_1 = package { pname = "other"; version = "1"; };
        otherx = package { pname = "other"; version = "2"; };
        "3to2" = package { pname = "3to2"; version = "1.1"; };`,
    });
    const set = await names();
    expect(set.attributeOf('made-up')?.attribute).toBe('made-up');
    expect(set.attributeOf('other')?.attribute).toBe('otherx');
    expect(set.attributeOf('3to2')?.attribute).toBe('3to2');
  });

  it('is read without its aliases, which its own expressions must not use', async () => {
    const aliases = 'if config.allowAliases or true then';
    await writeMadeUpNixpkgs(folder, {
      packages: `
        python-dateutil = package { pname = "python-dateutil"; version = "2.9.0"; };
        \${${aliases} "dateutil" else null} = final.python-dateutil;
        pyyaml_6 = package { pname = "pyyaml"; version = "6.0"; };
        \${${aliases} "pyyaml" else null} = final.pyyaml_6;`,
    });
    const set = await names();
    expect(['python-dateutil', 'pyyaml'].map((project) => set.attributeOf(project)?.attribute)).toEqual([
      'python-dateutil',
      'pyyaml_6',
    ]);
    expect([set.has('dateutil'), set.has('pyyaml')]).toEqual([false, false]);
  });

  it('tells what is broken, and what an interpreter cannot have', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: `
        broken = package { pname = "broken"; version = "1"; meta.broken = true; };
        off = package { pname = "off"; version = "1"; disabled = python.pythonVersion == "3.13"; };
        old_name = only [ "3.12" ] (package { pname = "old.project"; version = "1"; });
        nothing = null;`,
    });
    const set = await names();
    expect(set.attributeOf('broken')).toMatchObject({ broken: true, version: null });
    expect(set.attributeOf('off')).toMatchObject({ disabled: true });
    // What 3.13 refuses to name, 3.12 tells: the attribute is that of another project.
    expect(set.attributeOf('old-project')).toMatchObject({ attribute: 'old_name', disabled: true });
    expect(set.attributeOf('old-name')).toBeNull();
    expect(set.attributeOf('nothing')).toMatchObject({ disabled: true });
    expect([...set.projects()].sort()).toEqual(['setuptools']);
  });

  it.each([
    ['an abort', 'abort "no"'],
    ['a missing attribute', '{ }.missing'],
    ['infinite recursion', 'let x = x; in x'],
    ['a wrong argument', '({ a }: a) { }'],
  ])('is not spoilt by %s in one attribute', async (_name, fault) => {
    await writeMadeUpNixpkgs(folder, {
      packages: `
        aaa = package { pname = "aaa"; version = "1"; };
        bad = ${fault};
        zzz = package { pname = "zzz"; version = "1"; };`,
    });
    const set = await names();
    expect([...set.versions()]).toEqual([
      ['aaa', '1'],
      ['setuptools', '80.9.0'],
      ['zzz', '1'],
    ]);
    expect(set.attributeOf('bad')).toMatchObject({ disabled: true });
  });

  it('tells which licences it has names for', async () => {
    await writeMadeUpNixpkgs(folder, { packages: '', systems: 'lib.licenses = { mit = { }; bsd3 = { }; };' });
    const set = await names();
    expect(['mit', 'bsd3', 'mit-cmu'].map((attribute) => set.hasLicence(attribute))).toEqual([true, true, false]);
  });

  it('has every attribute of every set once, whatever Nix gives up on between them', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: `
        aaa = package { pname = "aaa"; version = "1"; };
        bad = abort "no";
        half = package { pname = "half"; version = "1"; buildInputs = abort "no"; };
        worse = if python.pythonVersion == "3.12" then abort "no" else package { pname = "worse"; version = "1"; };
        zzz = package { pname = "zzz"; version = "1"; };`,
    });
    const nixpkgs = await read();
    const sets = await nixpkgs.pythonSets(nixpkgs.interpreters);
    expect(sets.map(({ packages }) => packages.map(({ attribute }) => attribute).sort())).toEqual(
      Array.from({ length: 3 }, () => ['aaa', 'bad', 'half', 'setuptools', 'worse', 'zzz']),
    );
    expect(sets.map(({ unreadable }) => unreadable)).toEqual([['bad', 'worse'], ['bad'], ['bad']]);
  });

  it('has the same sets in whatever order they are asked for', async () => {
    await writeMadeUpNixpkgs(folder, { packages: 'six = package { pname = "six"; version = python.pythonVersion; };' });
    const nixpkgs = await read();
    const [one, two] = nixpkgs.interpreters;
    if (one === undefined || two === undefined) throw new Error('two interpreters are wanted');
    const forwards = await nixpkgs.pythonSets([one, two]);
    expect(await nixpkgs.pythonSets([two, one])).toEqual([...forwards].reverse());
  });

  it('keeps a package of which only the inputs cannot be evaluated', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: 'half = package { pname = "half"; version = "1"; buildInputs = abort "no"; };',
    });
    const set = await names();
    expect(set.attributeOf('half')?.version).toBe('1');
    expect(set.needsOf('half')).toBeNull();
    expect(set.needsOf('setuptools')).toEqual([]);
  });

  it('tells what packages need, also by hooks, and what they have in a form of their own', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: `
        pytestCheckHook = { type = "derivation"; name = "pytest-check-hook"; propagatedBuildInputs = [ final.pytest final.setuptools ]; };
        pytest = package { pname = "pytest"; version = "9"; buildInputs = [ (final.hypothesis // { doCheck = false; }) ]; };
        hypothesis = package { pname = "hypothesis"; version = "6"; };
        six = package { pname = "six"; version = "1"; nativeBuildInputs = [ final.setuptools final.pytestCheckHook null (throw "no") ]; };`,
    });
    const set = await names();
    expect(set.needsOf('six')).toEqual(['pytest', 'setuptools']);
    expect(set.needsOf('pytest')).toEqual(['hypothesis']);
    expect(set.certainNeedsOf('pytest')).toEqual([]);
  });

  it('leaves out names and versions that could not be written', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: String.raw`
        "evil\${x}" = package { pname = "evil"; version = "1"; };
        worse = package { pname = "wor se"; version = "1"; };
        odd = package { pname = "odd"; version = "1\n; rm"; };`,
    });
    const set = await names();
    expect(set.attributeOf('evil')).toBeNull();
    expect([...set.projects()].sort()).toEqual(['odd', 'setuptools']);
    expect(set.attributeOf('odd')?.version).toBeNull();
  });

  it('knows system libraries by the name that it has for them', async () => {
    await writeMadeUpNixpkgs(folder, {
      packages: 'zlib = package { pname = "zlib"; version = "1"; };',
      systems: 'xorg.libX11 = { };',
    });
    const set = await names();
    expect(['zlib', 'pkg-config', 'libX11', 'libxml2'].map(set.systemAttribute)).toEqual([
      'zlib',
      'pkgconfig',
      'xorg.libX11',
      null,
    ]);
    expect([set.shadowedByPython('zlib'), set.shadowedByPython('pkgconfig')]).toEqual([true, false]);
  });

  it('is evaluated once, and again after a change', async () => {
    await writeMadeUpNixpkgs(folder, { packages: 'six = package { pname = "six"; version = "1"; };' });
    expect((await names()).attributeOf('six')?.version).toBe('1');
    await cache.settled();
    // With no Nix at all: everything comes from the cache.
    const withoutNix = await read({ PATH: root });
    expect((await withoutNix.pythonSets(withoutNix.interpreters.slice(0, 2))).length).toBe(2);
    await writeMadeUpNixpkgs(folder, { packages: 'six = package { pname = "six"; version = "2"; };' });
    expect((await names()).attributeOf('six')?.version).toBe('2');
  });

  it.each([
    ['a folder without default.nix', async () => void (await mkdir(folder))],
    ['a folder that is missing', async () => undefined],
    [
      'a set without interpreters',
      async () => {
        await mkdir(folder);
        await writeFile(path.join(folder, 'default.nix'), '{ }: { zlib = { }; }');
      },
    ],
  ])('is not %s', async (_name, make) => {
    await make();
    await expect(read()).rejects.toMatchObject({ code: 'E_BAD_NIXPKGS', hint: expect.stringContaining('--nixpkgs') });
  });

  it('is told to be missing, or a file, in plain words', async () => {
    await expect(read()).rejects.toThrow(`${folder} is no nixpkgs: there is no such folder`);
    await writeFile(folder, '{ }: { }');
    await expect(read()).rejects.toThrow(`${folder} is no nixpkgs: it is no folder`);
    await rm(folder);
    await mkdir(folder);
    await expect(read()).rejects.toThrow(`${folder} is no nixpkgs: there is no default.nix in it`);
  });

  it('with a path of blanks and quotes is read all the same', async () => {
    folder = path.join(root, 'a "b" ${c} \'d\'');
    await writeMadeUpNixpkgs(folder, { packages: 'six = package { pname = "six"; version = "1"; };' });
    expect((await names()).attributeOf('six')?.version).toBe('1');
  });
});

describe('a nixpkgs without Nix', () => {
  it('is told with how to get Nix', async () => {
    await writeMadeUpNixpkgs(folder, { packages: '' });
    await expect(read({ PATH: root })).rejects.toMatchObject({ code: 'E_NIX_MISSING', exit: 69 });
  });
});
