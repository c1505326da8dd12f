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

  it('are programs that setup.py runs by name, and not those of other scripts', async () => {
    const setup = `import shutil\nimport subprocess\nsubprocess.check_call(["cmake", "--build", "."])\nproj = shutil.which("proj")\nprint("dot")\n`;
    const { native } = await read({ 'setup.py': setup, 'release.py': 'run(["protoc"])\n' });
    expect(native.tools.map(({ name, line }) => [name, line])).toEqual([
      ['cmake', 3],
      ['proj', 4],
    ]);
  });

  it.each([
    ['a docstring', '"""How to: run("protoc x")."""\n'],
    ['a comment', '# check_call(["cmake"])\n'],
    ['a message', 'raise SystemExit("call run(\'msgfmt\') first")\n'],
    ['a message with a value', 'raise SystemExit(f"{name}: call run(\'msgfmt\') first")\n'],
    ['a command of distutils', 'class build_it(build):\n    def run(self):\n        self.run_command("proj")\n'],
  ])('are no programs that setup.py only speaks of: %s', async (_what, setup) => {
    const { native } = await read({ 'setup.py': `${setup}from setuptools import setup\nsetup()\n` });
    expect(native.tools).toEqual([]);
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
    expect(await names({ 'src/a.tpp': '#include <unsupported/Eigen/FFT>\n#include <tr1/memory>\n' })).toEqual([
      'header unsupported/Eigen/FFT',
    ]);
  });

  it('are libraries that comments of Cython sources name, where cythonize() follows them', async () => {
    const source =
      '# cython: language_level=3\n# distutils: libraries = z, bz2\nimport x\n# distutils: libraries = c\n';
    expect(await names({ 'a.pyx': source, 'setup.py': 'setup(ext_modules=cythonize("a.pyx"))\n' })).toEqual([
      'link z',
      'link bz2',
    ]);
    expect(await names({ 'a.pyx': source })).toEqual([]);
  });

  it('are told as copies where these have no ending either', async () => {
    const { native } = await read({ 'src/a.cpp': '#include <Eigen/Dense>\n', 'eigen/Eigen/Dense': '' });
    expect(native.evidence).toEqual([
      {
        ...{ kind: 'header', name: 'Eigen/Dense', when: 'always', file: 'src/a.cpp', line: 1 },
        bundled: 'eigen/Eigen/Dense',
      },
    ]);
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
      'rust/Cargo.toml': '[package]\nname = "mine"\n[dependencies]\na-sys = "2"\n',
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

describe('the features of a crate', () => {
  const crate = (name: string, ...dependencies: string[]) =>
    `[[package]]\nname = "${name}"\nversion = "1.0.0"\n${name.startsWith('mine') ? '' : 'source = "registry+https://crates.test/"\n'}dependencies = [\n${dependencies.map((one) => ` "${one}",\n`).join('')}]\n`;
  const lock = [
    crate('mine', 'mine-core', 'openssl', 'windows'),
    crate('mine-core', 'zstd', 'bzip2', 'criterion'),
    crate('openssl', 'openssl-sys'),
    crate('openssl-sys'),
    crate('zstd', 'zstd-sys'),
    crate('zstd-sys'),
    crate('bzip2', 'bzip2-sys'),
    crate('bzip2-sys'),
    crate('criterion', 'plot-sys'),
    crate('plot-sys'),
    crate('windows', 'windows-sys'),
    crate('windows-sys'),
  ].join('\n');
  const files = (root: string, core: string) => ({
    'Cargo.lock': lock,
    'Cargo.toml': `[package]\nname = "mine"\n[workspace]\nmembers = ["crates/*"]\n[dependencies]\nmine-core = { path = "crates/core" }\nopenssl = { version = "1", optional = true }\n[target.'cfg(windows)'.dependencies]\nwindows = "1"\n${root}`,
    'crates/core/Cargo.toml': `[package]\nname = "mine-core"\n[dependencies]\nzstd = { version = "1", optional = true }\nbz = { package = "bzip2", version = "1", optional = true }\n[dev-dependencies]\ncriterion = "1"\n${core}`,
  });

  it.each([
    ['nothing that only tests, Windows or features need which are off', '', '', []],
    ['a default feature', '[features]\ndefault = ["tls"]\ntls = ["dep:openssl"]\n', '', ['crate openssl-sys']],
    ['a default feature of a member', '', '[features]\ndefault = ["bz"]\n', ['crate bzip2-sys']],
    ['a feature that is passed on', '[features]\ndefault = ["mine-core/zstd"]\n', '', ['crate zstd-sys']],
    [
      'a feature of several steps',
      '[features]\ndefault = ["all"]\nall = ["openssl", "mine-core/more"]\n',
      '[features]\nmore = ["zstd"]\n',
      ['crate openssl-sys', 'crate zstd-sys'],
    ],
    ['a feature of what is not on', '[features]\ndefault = ["openssl?/vendored"]\n', '', []],
    [
      'a feature of what another one turns on later',
      '[features]\ndefault = ["mine-core/more", "mine-core/later"]\n',
      '[features]\nmore = ["bz?/static"]\nlater = ["dep:bz", "zstd"]\n',
      ['crate zstd-sys', 'crate bzip2-sys'],
    ],
    [
      'a feature that has the name of the dependency',
      '[features]\ndefault = ["openssl/vendored"]\nopenssl = ["dep:openssl", "mine-core/zstd"]\n',
      '',
      ['crate openssl-sys', 'crate zstd-sys'],
    ],
  ])('that are on by default tell the crates: %s', async (_what, root, core, expected) => {
    expect(await names(files(root, core))).toEqual(expected);
  });

  it('may follow each other more often than calls nest', async () => {
    const name = (index: number) => `f${index.toString(36)}`;
    const chain = Array.from({ length: 15_000 }, (_, index) => `${name(index)}=["${name(index + 1)}"]\n`).join('');
    const root = `[features]\ndefault = ["f0"]\n${chain}${name(15_000)}=["dep:openssl"]\n`;
    expect(await names(files(root, ''))).toEqual(['crate openssl-sys']);
  });

  const TLS = '[features]\ndefault = ["mine-core/zstd"]\ntls = ["dep:openssl"]\n';

  it.each([
    ['maturin', '[tool.maturin]\nfeatures = ["tls"]\n', ['crate openssl-sys', 'crate zstd-sys']],
    ['maturin, without the default', '[tool.maturin]\nno-default-features = true\n', []],
    [
      'maturin, a feature of a dependency',
      '[tool.maturin]\nfeatures = ["openssl/vendored"]\n',
      ['crate openssl-sys', 'crate zstd-sys'],
    ],
    [
      'maturin, a feature for some interpreters',
      '[tool.maturin]\nfeatures = [{ feature = "tls", python-version = ">=3.11" }]\n',
      ['crate openssl-sys', 'crate zstd-sys'],
    ],
    [
      'maturin, by arguments',
      '[tool.maturin]\ncargo-extra-args = "--no-default-features --features tls"\n',
      ['crate openssl-sys'],
    ],
    [
      'setuptools-rust, of two modules',
      '[[tool.setuptools-rust.ext-modules]]\ntarget = "a"\nargs = ["--no-default-features"]\n[[tool.setuptools-rust.bins]]\ntarget = "b"\nargs = ["--features=tls"]\n',
      ['crate openssl-sys', 'crate zstd-sys'],
    ],
    ['maturin, all of them', '[tool.maturin]\nall-features = true\n', ['crate openssl-sys', 'crate zstd-sys']],
    [
      'setuptools-rust',
      '[[tool.setuptools-rust.ext-modules]]\ntarget = "it"\nfeatures = ["tls"]\nargs = ["--no-default-features"]\n',
      ['crate openssl-sys'],
    ],
  ])('that are asked for count: %s', async (_what, pyproject, expected) => {
    expect(await names({ ...files(TLS, ''), 'pyproject.toml': pyproject })).toEqual(expected);
  });

  it.each([
    ['a list', 'features=["tls"]', ['crate openssl-sys', 'crate zstd-sys']],
    ['a list behind a call', 'target(), features=["tls"]', ['crate openssl-sys', 'crate zstd-sys']],
    ['what cannot be read, as all of them', 'features=chosen()', ['crate openssl-sys', 'crate zstd-sys']],
    ['arguments', 'args=["--no-default-features", "--features", "tls"]', ['crate openssl-sys']],
    ['none', 'features=None', ['crate zstd-sys']],
  ])('that setup.py asks for count: %s', async (_what, args, expected) => {
    const setup = `from setuptools_rust import RustExtension\nsetup(rust_extensions=[RustExtension("it", path="Cargo.toml", ${args})])\n`;
    expect(await names({ ...files(TLS, ''), 'setup.py': setup })).toEqual(expected);
  });

  it.each([
    ['does not turn them on', 'false', '', []],
    ['turns them on', 'true', '', ['crate zstd-sys']],
    ['cannot turn off what its workspace has on', 'false', 'on', ['crate zstd-sys']],
  ])('of its workspace are on by default where the member %s', async (_what, isDefault, shared, expected) => {
    const table = shared === 'on' ? '' : ', default-features = false';
    const found = await names({
      'Cargo.lock': lock,
      'Cargo.toml': `[package]\nname = "mine"\n[workspace]\nmembers = ["core"]\n[workspace.dependencies]\nmine-core = { path = "core"${table} }\n[dependencies]\nmine-core = { workspace = true, default-features = ${isDefault} }\n`,
      'core/Cargo.toml':
        '[package]\nname = "mine-core"\n[dependencies]\nzstd = { version = "1", optional = true }\n[features]\ndefault = ["zstd"]\n',
      'apart/Cargo.toml': '[package]\nname = "apart"\n[workspace]\n',
    });
    expect(found).toEqual(expected);
  });
});

describe('the hook of a backend in the sdist', () => {
  const pyproject = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "backend"\nbackend-path = ["_build"]\n';
  const hook = async (backend: string, more: Readonly<Record<string, string>> = {}) =>
    (await read({ 'pyproject.toml': pyproject, '_build/backend.py': backend, ...more })).native.hookRequires;

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

  it.each([
    ['a literal list', 'def get_requires_for_build_wheel(config_settings=None):\n    return ["cffi>=1"]\n'],
    [
      'a name that is defined before',
      'REQUIRES = ["cffi>=1"]\ndef get_requires_for_build_wheel(config_settings=None):\n    return list(REQUIRES)\n',
    ],
    [
      'more than setuptools does',
      'from setuptools.build_meta import *\nfrom setuptools import build_meta as _orig\ndef get_requires_for_build_wheel(config_settings=None):\n    return _orig.get_requires_for_build_wheel(config_settings) + ["cffi>=1"]\n',
    ],
    [
      'a list that grows',
      'import os\nfrom setuptools.build_meta import get_requires_for_build_wheel as base\ndef get_requires_for_build_wheel(config_settings=None):\n    requires = base(config_settings)\n    if not os.environ.get("NO_CFFI"):\n        requires.append("cffi>=1")\n    return requires\n',
    ],
    [
      'another name for the hook',
      'def ask(config_settings=None):\n    return ["cffi>=1"]\nget_requires_for_build_wheel = ask\n',
    ],
    [
      'a helper beside it',
      'from helper import ask\ndef get_requires_for_build_wheel(config_settings=None):\n    return ask()\n',
    ],
  ])('is read where it asks for %s', async (_what, text) => {
    expect(await hook(text, { '_build/helper.py': 'def ask():\n    return ["cffi>=1"]\n' })).toEqual(['cffi>=1']);
  });

  it('is that of the object which build-backend names', async () => {
    const { native } = await read({
      'pyproject.toml': pyproject.replace('"backend"', '"backend:build"'),
      '_build/backend.py':
        'class build:\n    @staticmethod\n    def get_requires_for_build_wheel(config_settings=None):\n        return ["cffi"]\n',
    });
    expect(native.hookRequires).toEqual(['cffi']);
  });

  it('is not known where only running it would tell, and the line says why', async () => {
    const text = 'import secret\n\ndef get_requires_for_build_wheel(x=None):\n    return secret.ask()\n';
    const { native } = await read({ 'pyproject.toml': pyproject, '_build/backend.py': text });
    expect({ asks: native.hookRequires, unread: native.hookUnread }).toEqual({
      asks: null,
      unread: { file: '_build/backend.py', line: 4, why: 'comes from secret.ask()' },
    });
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
