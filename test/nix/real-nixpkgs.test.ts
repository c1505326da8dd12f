import { expect, it } from 'vitest';
import { dialectFor } from '../../src/nix/dialect.ts';
import { repositoryFiles } from '../../src/nix/repository-files.ts';
import { type FileHeader, singleFile } from '../../src/nix/single-file.ts';
import licences from '../../src/nixpkgs/data/licences.json' with { type: 'json' };
import packages1603 from '../../src/nixpkgs/data/python-packages-16.03.json' with { type: 'json' };
import packages1803 from '../../src/nixpkgs/data/python-packages-18.03.json' with { type: 'json' };
import { licenceAttribute } from '../../src/nixpkgs/licence-names.ts';
import { packageFacts, python, system, toPrint } from './support/facts.ts';
import { evaluateNix } from './support/nix.ts';
import { aroundModern, describeWithNixpkgs, INPUTS_OF_OLD } from './support/real-nixpkgs.ts';
import { releaseNames } from './support/release-names.ts';
import { MODERN_PACKAGES, SEED_PACKAGES } from './support/seed-packages.ts';

const HEADER: FileHeader = { program: 'pypi2nix', command: 'pypi2nix', namesFrom: 'x', notChecked: [], use: [] };

function header(packages: readonly { readonly name: string }[]): FileHeader {
  return { ...HEADER, use: packages.map(({ name }) => name) };
}

describeWithNixpkgs('NIXPKGS_16_03', (checkout) => {
  const nixPath = `nixpkgs=${checkout}`;
  const dialect = dialectFor('16.03');
  const names = releaseNames('16.03');
  const packages = SEED_PACKAGES.map((facts) => toPrint(facts, names));
  const { text } = singleFile(packages, { dialect, header: header(SEED_PACKAGES) });

  it('makes of the four packages what their classification says', async () => {
    const all = SEED_PACKAGES.map(({ name }) => `${name} = inputsOf set.${name};`).join(' ');
    const value = await evaluateNix(`${INPUTS_OF_OLD} let set = import ./python-packages.nix { }; in { ${all} }`, {
      nixPath,
      files: new Map([['python-packages.nix', text]]),
    });
    expect(value).toEqual({
      toolz: { build: [], run: [] },
      datashape: { build: ['pytest'], run: ['dateutil', 'multipledispatch', 'numpy'] },
      lxml: { build: ['libxml2', 'libxslt'], run: [] },
      pyfftw: { build: ['fftw-double', 'fftw-long-double', 'fftw-single'], run: ['numpy', 'scipy'] },
    });
  });

  it('evaluates the line of the header', async () => {
    const line = /^# {3}nix-shell -E '(.*)'$/mu.exec(text)?.[1] ?? '';
    const value = await evaluateNix(`(${line}).drvPath`, { nixPath, files: new Map([['python-packages.nix', text]]) });
    expect(value).toMatch(/environment\.drv$/u);
  });

  it('evaluates the line of the header for Python 2.7, with the modules that are packages of their own', async () => {
    const file = singleFile(packages, { dialect, header: { ...HEADER, python: '2.7', use: ['toolz'] } }).text;
    const line = /^# {3}nix-shell -E '(.*)'$/mu.exec(file)?.[1] ?? '';
    const value = await evaluateNix(`[ (${line}).drvPath (import <nixpkgs> { }).python27.modules.sqlite3.drvPath ]`, {
      nixPath,
      files: new Map([['python-packages.nix', file]]),
    });
    expect(value).toEqual([
      expect.stringMatching(/python-2\.7\.\d+-environment\.drv$/u),
      expect.stringMatching(/-python-sqlite3-2\.7\.\d+\.drv$/u),
    ]);
  });

  it('makes the same derivations of the repository', async () => {
    const { files } = repositoryFiles(packages, { dialect, pythons: ['2.7', '3.5'], topPython: '3.5' });
    const value = await evaluateNix(
      `let
        one = import ./python-packages.nix { };
        repository = import ./default.nix { };
        old = import ./python-packages.nix { pythonPackages = (import <nixpkgs> { }).python27Packages; };
        same = a: b: map (name: a.\${name}.drvPath == b.\${name}.drvPath) [ "toolz" "datashape" "lxml" "pyfftw" ];
      in [ (same one repository) (same one repository.python35) (same old repository.python27) ]`,
      { nixPath, files: new Map([...files, ['python-packages.nix', text]]) },
    );
    expect(value).toEqual(new Array(3).fill(new Array(4).fill(true)));
  });

  it('follows the conditions on every interpreter', async () => {
    const facts = packageFacts({
      inputs: {
        nativeBuildInputs: [system('pkg-config')],
        dependencies: [
          python('six'),
          python('enum34', { marker: 'python_version < "3.4"' }),
          python('mock', { marker: 'python_version >= "3.4" and platform_python_implementation != "PyPy"' }),
          python('toolz', { marker: 'platform_python_implementation == "PyPy" or python_full_version >= "3.5.1"' }),
          python('docopt', { marker: 'sys_platform == "darwin"' }),
        ],
      },
      meta: { licences: [{ spdx: 'ZPL-2.1' }, { spdx: 'MIT' }], description: 'x' },
      disabled: { requiresPython: '!=3.3.*' },
    });
    const file = singleFile([toPrint(facts, names)], { dialect, header: HEADER }).text;
    const { files } = repositoryFiles([toPrint(facts, names)], { dialect, pythons: ['3.5'], topPython: '3.5' });
    const sets = ['python27', 'python34', 'python35', 'pypy'];
    const value = await evaluateNix(
      `${INPUTS_OF_OLD}
      let
        pkgs = import <nixpkgs> { };
        on = name: inputsOf (import ./python-packages.nix { pythonPackages = pkgs.\${name}; }).demo;
        excluded = (import ./python-packages.nix { pythonPackages = pkgs.python33Packages; }).demo;
      in {
        inputs = map on [ ${sets.map((name) => `"${name}Packages"`).join(' ')} ];
        excluded = (builtins.tryEval excluded.drvPath).success;
        meta = (import ./default.nix { }).demo.meta.license != [ ];
      }`,
      { nixPath, files: new Map([...files, ['python-packages.nix', file]]) },
    );
    const build = ['pkg-config'];
    expect(value).toEqual({
      inputs: [
        { build, run: ['enum34', 'six'] },
        { build, run: ['mock', 'six'] },
        { build, run: ['mock', 'six', 'toolz'] },
        { build, run: ['enum34', 'six', 'toolz'] },
      ],
      excluded: false,
      meta: true,
    });
  });

  it('has what the shipped lists name', async () => {
    const old = [
      'alsa-lib',
      'dbus-glib',
      'enchant2',
      'gobject-introspection',
      'krb5',
      'lapack',
      'libGL',
      'libX11',
      'libgpg-error',
      'libltdl',
    ];
    const system1603 = [...old, 'libmysqlclient', 'libpq', 'libxcb', 'mpi', 'pkg-config', 'sdl2', 'libxml2'].map(
      (name) => names.systemAttribute(name),
    );
    const value = await evaluateNix(
      `let
        pkgs = import <nixpkgs> { };
        lib = pkgs.lib;
        missing = set: builtins.filter (name: !(lib.hasAttrByPath (lib.splitString "." name) set));
      in [
        (missing pkgs.python35Packages ${nixList(Object.keys(packages1603.packages))})
        (missing lib.licenses ${nixList(licencesOf('16.03'))})
        (missing pkgs ${nixList(system1603)})
      ]`,
      { nixPath },
    );
    expect(value).toEqual([[], [], []]);
  });
});

describeWithNixpkgs('NIXPKGS_18_03', (checkout) => {
  it('has what the shipped lists name', async () => {
    const value = await evaluateNix(
      `let
        set = (import <nixpkgs> { }).python36Packages;
        missing = set: builtins.filter (name: !(set ? \${name}));
      in missing set ${nixList(Object.keys(packages1803.packages))} ++ missing (import <nixpkgs/lib>).licenses ${nixList(licencesOf('18.03'))}`,
      { nixPath: `nixpkgs=${checkout}` },
    );
    expect(value).toEqual([]);
  });
});

describeWithNixpkgs('NIXPKGS_MODERN', (checkout) => {
  const around = aroundModern(checkout, [
    'multipledispatch',
    'versioneer',
    'setuptools-git-versioning',
    'dask',
    'tomli',
    'appnope',
    'redis',
  ]);
  const dialect = dialectFor('24.05');
  const names = releaseNames('24.05');
  const packages = MODERN_PACKAGES.map((facts) => toPrint(facts, names));
  const { text } = singleFile(packages, { dialect, header: header(MODERN_PACKAGES) });
  const files = (more: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> =>
    new Map([
      ...more,
      ['nixpkgs/default.nix', around],
      ['python-packages.nix', more.get('python-packages.nix') ?? text],
    ]);
  const nixPath = 'nixpkgs=./nixpkgs';

  const INPUTS = `
    let
      python = (import <nixpkgs> { }).python3.override { packageOverrides = import ./python-packages.nix; };
      nameOf = input: input.pname or input.name;
      inputsOf = package:
        let checked = package.overridePythonAttrs { doCheck = true; }; in {
          build-system = map nameOf package.build-system;
          dependencies = map nameOf package.dependencies;
          buildInputs = map nameOf package.buildInputs;
          check = builtins.filter (name: builtins.elem name (map nameOf checked.nativeBuildInputs)) [ "pytest-check-hook" "pytest" ];
        };
    in
  `;

  it('makes of the packages what their classification says', async () => {
    const value = await evaluateNix(
      `${INPUTS} builtins.mapAttrs (_: inputsOf) { inherit (python.pkgs) toolz datashape; }`,
      { nixPath, files: files() },
    );
    expect(value).toEqual({
      toolz: {
        'build-system': ['setuptools', 'setuptools-git-versioning'],
        dependencies: [],
        buildInputs: [],
        check: ['pytest-check-hook'],
      },
      datashape: {
        'build-system': ['setuptools', 'versioneer'],
        dependencies: ['multipledispatch', 'numpy', 'python-dateutil'],
        buildInputs: [],
        check: ['pytest-check-hook'],
      },
    });
  });

  it('evaluates the line of the header', async () => {
    const lines = /^# {3}(let python = .*)\n# {3}(in .*)$/mu.exec(text) ?? [];
    const value = await evaluateNix(`(${lines[1] ?? ''} ${lines[2] ?? ''}).drvPath`, { nixPath, files: files() });
    expect(value).toMatch(/-env\.drv$/u);
  });

  it('makes the same derivations of the repository', async () => {
    const repository = repositoryFiles(packages, { dialect, pythons: ['3.13'], topPython: null }).files;
    const value = await evaluateNix(
      `${INPUTS}
      let repository = import ./default.nix { }; same = a: b: map (name: a.\${name}.drvPath == b.\${name}.drvPath) [ "toolz" "datashape" ];
      in [ (same python.pkgs repository) (same python.pkgs repository.python313) ]`,
      { nixPath, files: files(repository) },
    );
    expect(value).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  it('follows conditions, extras and libraries that have a Python namesake', async () => {
    const facts = packageFacts({
      inputs: {
        'build-system': [python('setuptools')],
        nativeBuildInputs: [system('pkg-config'), system('cmake')],
        buildInputs: [system('libxml2'), system('zlib')],
        dependencies: [
          python('dask', { extras: ['complete'] }),
          python('tomli', { marker: 'python_version < "3.11"' }),
          python('numpy', { marker: 'python_full_version >= "3.12.1" and sys_platform == "linux"' }),
          python('appnope', { marker: 'sys_platform == "darwin"' }),
        ],
      },
      optionalDependencies: { redis: [python('redis')] },
      env: { XML: [{ attribute: 'libxml2', output: 'dev' }, '/include'] },
      disabled: { requiresPython: '>=3.9.1,<4' },
      meta: { description: 'x', licences: [{ spdx: 'MIT' }, { spdx: 'PSF-2.0' }] },
    });
    const repository = repositoryFiles([toPrint(facts, names)], { dialect, pythons: ['3.13'], topPython: null }).files;
    const file = singleFile([toPrint(facts, names)], { dialect, header: HEADER }).text;
    const value = await evaluateNix(
      `${INPUTS}
      let demo = python.pkgs.demo; in {
        dependencies = map nameOf demo.dependencies;
        extras = builtins.mapAttrs (_: map nameOf) demo.optional-dependencies;
        system = map (input: builtins.elem input.drvPath (map (each: each.drvPath) demo.buildInputs)) [ (import <nixpkgs> { }).libxml2.dev (import <nixpkgs> { }).zlib.dev ];
        licence = map (each: each.spdxId) demo.meta.license;
        same = (import ./default.nix { }).demo.drvPath == demo.drvPath;
      }`,
      { nixPath, files: files(new Map([...repository, ['python-packages.nix', file]])) },
    );
    expect(value).toEqual({
      dependencies: ['dask', 'six', 'numpy'],
      extras: { redis: ['redis'] },
      system: [true, true],
      licence: ['MIT', 'Python-2.0'],
      same: true,
    });
  });

  it('has the licences that the shipped list names', async () => {
    const value = await evaluateNix(
      `let lib = (import <nixpkgs> { }).lib; in builtins.filter (name: !(lib.licenses ? \${name})) ${nixList(licencesOf('unstable'))}`,
      { nixPath, files: files() },
    );
    expect(value).toEqual([]);
  });
});

/** The names of all licences that a release has one for. */
function licencesOf(release: string): readonly string[] {
  return Object.keys(licences).flatMap((id) => licenceAttribute(id, release) ?? []);
}

function nixList(names: readonly string[]): string {
  return `[ ${names.map((name) => JSON.stringify(name)).join(' ')} ]`;
}
