import { describe, expect, it } from 'vitest';
import { parseCargoLock } from '../../../src/metadata/native/cargo-lock.ts';
import { configPrograms, pkgConfigModules } from '../../../src/metadata/native/pkg-config-calls.ts';
import { parsePython } from '../../../src/metadata/python/syntax.ts';
import type { SdistFacts } from '../../../src/metadata/release-facts.ts';
import { factsOf, pkgInfo } from '../support/facts.ts';

function read(files: Readonly<Record<string, string>>): Promise<SdistFacts> {
  return factsOf({ 'PKG-INFO': pkgInfo('2.1'), ...files });
}

async function names(files: Readonly<Record<string, string>>): Promise<string[]> {
  return (await read(files)).native.evidence.map(({ kind, name }) => `${kind} ${name}`);
}

describe('what an sdist asks for', () => {
  it('are the headers of its sources, without those of the system, of tests, and of other projects in it', async () => {
    expect(
      await names({
        'src/a.c': '#include <stdio.h>\n#include <Python.h>\n#include <sys/types.h>\n#include <png.h>\n',
        'src/b.pyx': 'cdef extern from "zlib.h":\n    pass\n',
        'tests/t.c': '#include <jpeglib.h>\n',
        'vendor/v.c': '#include <tiff.h>\n',
        'copy/LICENSE': '',
        'copy/README': '',
        'copy/src/c.c': '#include <expat.h>\n',
      }),
    ).toEqual(['header png.h', 'header zlib.h']);
  });

  it('are no headers that stand beside the source, and copies elsewhere are told', async () => {
    const { native } = await read({
      'src/a.c': '#include "mine.h"\n#include <zstd.h>\n',
      'src/mine.h': '',
      'zstd/zstd.h': '',
      'win/jpeglib.h': '',
    });
    expect(native.evidence).toEqual([
      { kind: 'header', name: 'zstd.h', when: 'always', file: 'src/a.c', line: 2, bundled: 'zstd/zstd.h' },
    ]);
  });

  it('is what [external] of pyproject.toml names', async () => {
    const { native } = await read({
      'pyproject.toml':
        '[external]\nbuild-requires = ["dep:virtual/compiler/fortran"]\nhost-requires = ["dep:generic/libxml2@>=2", "pkg:generic/zlib", "nonsense"]\n',
    });
    expect(native.evidence.map(({ kind, name, line }) => [kind, name, line])).toEqual([
      ['external', 'libxml2', 1],
      ['external', 'zlib', 1],
    ]);
    expect(native.tools.map(({ name }) => name)).toEqual(['fortran']);
  });

  it('are libraries in tables of setuptools and in calls of set_source', async () => {
    expect(
      await names({
        'pyproject.toml': '[[tool.setuptools.ext-modules]]\nname = "x"\nsources = ["x.c"]\nlibraries = ["z"]\n',
        'build_it.py': 'ffi.set_source("_it", "", libraries=["sodium"])\n',
      }),
    ).toEqual(['link sodium', 'link z']);
  });

  it.each([
    ['a name for a text', "LIB = 'pq' if not WINDOWS else 'libpq'\n", 'libraries=[LIB]', ['link pq']],
    ['a name for a list', 'libraries = ["fuzzy", "z"]\n', 'libraries=libraries', ['link fuzzy', 'link z']],
    ['a name for what Windows has', "LIB = 'libpq' if WINDOWS else 'pq'\n", 'libraries=[LIB]', []],
    ['a name that is given anew', "LIB = 'a'\nLIB = 'b'\n", 'libraries=[LIB]', []],
    ['a name from elsewhere', '', 'libraries=[LIB]', []],
  ])('are libraries that a builder of cffi names by %s', async (_, before, argument, expected) => {
    expect(await names({ 'build_it.py': `${before}ffi.set_source("_it", "", ${argument})\n` })).toEqual(expected);
  });

  it('are libraries that a builder of cffi hands on', async () => {
    const text = 'def make(**more):\n    ffi.set_source("_it", "", **more)\n\nmake(libraries=["secp256k1"])\n';
    expect(await names({ 'build_it.py': text })).toEqual(['link secp256k1']);
  });

  it('are headers without an ending where they have a folder', async () => {
    expect(await names({ 'src/a.cpp': '#include <vector>\n#include <Eigen/Dense>\n' })).toEqual(['header Eigen/Dense']);
  });
});

describe('pkg-config in a Python program', () => {
  const ask = 'run(["pkg-config", "icu"])';
  it.each([
    [`if "--with-icu" in sys.argv:\n    ${ask}`, 'off'],
    [`if os.environ.get("ICU"):\n    ${ask}`, 'off'],
    [`icu = False\nif icu:\n    ${ask}`, 'off'],
    [
      `class B:\n    def a(self):\n        self.icu = None\n    def b(self):\n        if self.icu:\n            ${ask}`,
      'off',
    ],
    [`icu = False\nicu = has()\nif icu:\n    ${ask}`, 'always'],
    [`if not icu:\n    ${ask}`, 'always'],
    [`icu = False\nif icu:\n    pass\nelse:\n    ${ask}`, 'always'],
  ])('counts only where it is asked without an option: %j', (text, when) => {
    const found = pkgConfigModules(parsePython('setup.py', text)).map((one) => `${one.name} ${one.when}`);
    expect(found).toEqual([`icu ${when}`]);
  });

  it.each([
    ['subprocess.check_output(["pkg-config", "--libs", "libxml-2.0"])', ['libxml-2.0']],
    ['pkg_config = find()\nrun([pkg_config, option, "libffi"])', ['libffi']],
    ['pkgconfig.parse("hdf5")', ['hdf5']],
    ['os.popen("pkg-config --cflags libcurl")', ['libcurl']],
    ['def ask(name):\n    run(["pkg-config", name])\nask("zlib")\nother("no")', ['zlib']],
    ['print("pkg-config is missing, install it")', ['is', 'missing,', 'install', 'it']],
  ])('%s', (text, expected) => {
    const found = pkgConfigModules(parsePython('setup.py', text)).map(({ name }) => name);
    expect(found.every((name) => expected.includes(name))).toBe(true);
    if (!text.startsWith('print')) expect(found).toEqual(expected);
  });

  it('and other programs that tell how to link are named', () => {
    const text = 'a = f"pkg-config --exists {x}"\nb = os.environ.get("PG", "pg_config")\nc = "my config"\n';
    expect(configPrograms(parsePython('setup.py', text)).map(({ name, line }) => [name, line])).toEqual([
      ['pkg-config', 1],
      ['pg_config', 2],
    ]);
  });
});

describe('Cargo.lock', () => {
  const LOCK =
    'version = 3\n\n[[package]]\nname = "mine"\nversion = "1.0.0"\ndependencies = [\n "a-sys",\n "other 1.0",\n]\n\n[[package]]\nname = "a-sys"\nversion = "2.0.0"\nsource = "git+https://git.test/a?rev=1#2"\n\n[[package]]\nname = "b-sys"\nversion = "1.0.0"\n';

  it('has its crates with source and dependencies', () => {
    expect(parseCargoLock(LOCK)).toEqual([
      { name: 'mine', version: '1.0.0', source: null, line: 3, dependencies: ['a-sys', 'other'] },
      { name: 'a-sys', version: '2.0.0', source: 'git+https://git.test/a?rev=1#2', line: 11, dependencies: [] },
      { name: 'b-sys', version: '1.0.0', source: null, line: 16, dependencies: [] },
    ]);
  });

  it('is kept whole, and only crates count that the built one leads to', async () => {
    const { native } = await read({
      'pyproject.toml':
        '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[tool.maturin]\nmanifest-path = "rust/Cargo.toml"\n',
      'rust/Cargo.toml': '[package]\nname = "mine"\n',
      'rust/Cargo.lock': LOCK,
      'other/Cargo.lock': '',
    });
    expect(native.cargoLock).toEqual({ path: 'rust/Cargo.lock', text: LOCK, gitCrates: ['a-sys'] });
    expect(native.otherCargoLocks).toEqual(['other/Cargo.lock']);
    expect(native.evidence.map(({ name }) => name)).toEqual(['a-sys']);
  });

  it('counts no crate that an optional dependency brings whose feature is off', async () => {
    const manifest = (features: string) =>
      `[package]\nname = "mine"\n[dependencies]\na-sys = { version = "2", optional = true }\n[features]\n${features}`;
    const of = (features: string) => names({ 'Cargo.toml': manifest(features), 'Cargo.lock': LOCK });
    expect(await of('')).toEqual([]);
    expect(await of('default = ["dep:a-sys"]\n')).toEqual(['crate a-sys']);
  });
});

describe('the hook of a backend in the sdist', () => {
  const pyproject = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "backend"\nbackend-path = ["_build"]\n';
  const hook = async (backend: string) =>
    (await read({ 'pyproject.toml': pyproject, '_build/backend.py': backend })).native.hookRequires;

  it('is evaluated for what it asks for', async () => {
    const text =
      'from contextlib import suppress\nfrom setuptools import build_meta as orig\nimport os\n\ndef plain(settings):\n    with suppress(KeyError):\n        return settings["pure"]\n    return False\n\ndef get_requires_for_build_wheel(config_settings=None):\n    more = [] if plain(config_settings) else ["Cython>=3"]\n    return orig.get_requires_for_build_wheel(config_settings) + more\n';
    expect(await hook(text)).toEqual(['Cython>=3']);
  });

  it('is that of setuptools where the backend speaks of none', async () => {
    expect(await hook('from setuptools.build_meta import *\nfrom setuptools.build_meta import build_wheel\n')).toEqual(
      [],
    );
  });

  it('is not known where only running it would tell', async () => {
    expect(
      await hook('import secret\ndef get_requires_for_build_wheel(x=None):\n    return secret.ask()\n'),
    ).toBeNull();
  });
});

describe('noxfile.py', () => {
  const deps = async (text: string) => (await read({ 'noxfile.py': text })).noxDeps;

  it('names what the sessions that run tests install', async () => {
    const text =
      'import nox\n@nox.session(python=["3.12"])\ndef tests(session):\n    session.install("-e", ".", "pytest>=8", "hypothesis")\n    session.run("pytest")\n@nox.session\ndef lint(session):\n    session.install("ruff")\n    session.run("ruff")\n';
    expect(await deps(text)).toEqual({
      kind: 'known',
      value: ['pytest>=8', 'hypothesis'],
      place: { file: 'noxfile.py', line: 4 },
    });
  });

  it('says nothing where no session runs tests', async () => {
    expect(await deps('import nox\n@nox.session\ndef x(session):\n    session.install("a")\n')).toEqual({
      kind: 'absent',
    });
  });
});
