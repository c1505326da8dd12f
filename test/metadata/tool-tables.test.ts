import { describe, expect, it } from 'vitest';
import type { SdistFacts } from '../../src/metadata/release-facts.ts';
import { factsOf, pkgInfo } from './support/facts.ts';

function read(files: Readonly<Record<string, string>>): Promise<SdistFacts> {
  return factsOf({ 'PKG-INFO': pkgInfo('2.1'), ...files });
}

function backend(name: string, ...lines: readonly string[]): string {
  return [`[build-system]\nrequires = []\nbuild-backend = "${name}"`, ...lines, ''].join('\n');
}

describe('the table of a build backend', () => {
  const KETTLE = { 'lib/kettle/__init__.py': '', 'lib/other/__init__.py': '' };

  it.each([
    [
      'setuptools, that searches in folders',
      backend('setuptools.build_meta', '[tool.setuptools.packages.find]\nwhere = ["lib"]\ninclude = ["ket*"]'),
    ],
    [
      'setuptools, that leaves packages out',
      backend(
        'setuptools.build_meta',
        '[tool.setuptools.packages.find]\nwhere = ["lib"]\nexclude = ["other", "other.*"]',
      ),
    ],
    [
      'setuptools, with patterns of other kinds',
      backend(
        'setuptools.build_meta',
        '[tool.setuptools.packages.find]\nwhere = ["lib"]\ninclude = ["kettl?"]\nexclude = ["other"]',
      ),
    ],
    ['hatch', backend('hatchling.build', '[tool.hatch.build.targets.wheel]\npackages = ["lib/kettle"]')],
    [
      'hatch, with sources',
      backend('hatchling.build', '[tool.hatch.build.targets.wheel]\nonly-include = ["lib/kettle"]\nsources = ["lib"]'),
    ],
    [
      'scikit-build-core',
      backend('scikit_build_core.build', '[tool.scikit-build.wheel]\npackages = ["./lib/kettle/"]'),
    ],
    ['poetry', backend('poetry.core.masonry.api', '[tool.poetry]\npackages = [{ include = "kettle", from = "lib" }]')],
  ])('tells where packages lie: %s', async (_what, pyproject) => {
    expect((await read({ ...KETTLE, 'pyproject.toml': pyproject })).modules).toEqual(['kettle']);
  });

  it('finds a package whose own module is compiled', async () => {
    const pyproject = backend('setuptools.build_meta', '[tool.setuptools.packages.find]\nwhere = ["lib"]');
    const files = { 'lib/kettle/__init__.pyx': '', 'lib/kettle/tea.py': '', 'pyproject.toml': pyproject };
    expect((await read(files)).modules).toEqual(['kettle']);
  });

  it('tells where packages lie: pdm', async () => {
    const pyproject = backend('pdm.backend', '[tool.pdm.build]\npackage-dir = "lib"');
    expect((await read({ 'lib/kettle/__init__.py': '', 'pyproject.toml': pyproject })).modules).toEqual(['kettle']);
  });

  it('tells the files that a plugin of hatch takes requirements from', async () => {
    const pyproject = `[project]
name = "sample"
dynamic = ["dependencies", "optional-dependencies"]
[tool.hatch.metadata.hooks.requirements_txt]
files = ["needs.txt"]
[tool.hatch.metadata.hooks.requirements_txt.optional-dependencies]
tea = ["tea.txt"]
`;
    const { pyproject: facts } = await read({
      'pyproject.toml': pyproject,
      'needs.txt': 'six>=1 # yes\n',
      'tea.txt': 'kettle\n',
    });
    expect([facts?.project?.dependencies, facts?.project?.optionalDependencies]).toMatchObject([
      { kind: 'known', value: ['six>=1'] },
      { kind: 'known', value: { tea: ['kettle'] } },
    ]);
  });

  it('sets options of Meson', async () => {
    const { native } = await read({
      'pyproject.toml': backend('mesonpy', '[tool.meson-python.args]\nsetup = ["-Dz=true", "-Dbz=disabled"]'),
      'meson.options': "option('z', type: 'boolean', value: false)\noption('bz', type: 'feature', value: 'enabled')\n",
      'meson.build':
        "project('it', 'c')\nif get_option('z')\n  dependency('zlib')\nendif\ndependency('bzip2', required: get_option('bz'))\n",
    });
    expect(native.evidence.map(({ name, when }) => `${name} ${when}`)).toEqual(['zlib always', 'bzip2 off']);
  });

  it('goes before project() of Meson, and that before the options themselves', async () => {
    const files = {
      'meson.options': "option('z', type: 'boolean', value: false)\n",
      'meson.build':
        "project('it', 'c', default_options: ['z=true', 'c_std=c99'])\nif get_option('z')\n  dependency('zlib')\nendif\n",
    };
    const when = async (more: Readonly<Record<string, string>>) =>
      (await read({ ...files, ...more })).native.evidence.map((one) => one.when);
    expect(await when({})).toEqual(['always']);
    expect(
      await when({ 'pyproject.toml': backend('mesonpy', '[tool.meson-python.args]\nsetup = ["-Dz=false"]') }),
    ).toEqual(['off']);
  });

  it.each([['"-DUSE_Z:BOOL=ON"'], ['"-D", "USE_Z=ON"']])('defines what CMake is called with: %s', async (args) => {
    const { native } = await read({
      'pyproject.toml': backend('scikit_build_core.build', `[tool.scikit-build]\ncmake.args = [${args}]`),
      'CMakeLists.txt': 'option(USE_Z "" OFF)\nif(USE_Z)\n  find_package(ZLIB REQUIRED)\nendif()\n',
    });
    expect(native.evidence.map(({ name, when }) => `${name} ${when}`)).toEqual(['ZLIB always']);
  });

  it.each([
    [
      'scikit-build-core',
      { 'pyproject.toml': backend('scikit_build_core.build', '[tool.scikit-build]\ncmake.source-dir = "./cpp"') },
    ],
    ['scikit-build', { 'setup.py': "from skbuild import setup\nsetup(name='sample', cmake_source_dir='cpp/')\n" }],
  ])('names the folder of the CMakeLists.txt that is built, for %s', async (_, files) => {
    const { native } = await read({
      ...files,
      'cpp/CMakeLists.txt': 'find_package(ZLIB REQUIRED)\nadd_subdirectory(src)\n',
      'cpp/src/CMakeLists.txt': 'find_package(BZip2 REQUIRED)\n',
    });
    expect(native.evidence.map(({ name, file }) => `${name} ${file}`)).toEqual([
      'ZLIB cpp/CMakeLists.txt',
      'BZip2 cpp/src/CMakeLists.txt',
    ]);
  });

  it('builds crates that link a library, whatever the sign in their names', async () => {
    const crate = (name: string) => `[[package]]\nname = "${name}"\nversion = "1.0.0"\n`;
    const { native } = await read({
      'pyproject.toml': backend('maturin', ''),
      'Cargo.toml': '[package]\nname = "it"\nversion = "1.0.0"\n[dependencies]\nonig_sys = "69"\nlibz-sys = "1"\n',
      'Cargo.lock': [crate('it'), crate('libz-sys'), crate('onig_sys'), crate('syst')].join('\n'),
    });
    expect(native.evidence.map(({ name }) => name)).toEqual(['libz-sys', 'onig_sys']);
  });
});

it('the old dev-requires of flit is the extra dev', async () => {
  const { pyproject } = await read({
    'pyproject.toml': backend(
      'flit_core.buildapi',
      '[tool.flit.metadata]\nmodule = "it"\nauthor = "x"\ndev-requires = ["mock"]\nrequires-extra = { doc = ["sphinx"] }',
    ),
  });
  expect(pyproject?.project?.optionalDependencies).toMatchObject({ value: { doc: ['sphinx'], dev: ['mock'] } });
});

describe('tox.toml', () => {
  it('has what tests need and how they are run', async () => {
    const facts = await read({
      'tox.toml':
        '[env_run_base]\ndeps = ["mock", { replace = "ref", of = ["x"] }]\ncommands = [["pytest", "tests"]]\n[env.lint]\ndeps = ["ruff"]\n[env.pyright]\ndeps = ["pyright"]\ncommands = [["pyright"]]\n[env.3-13]\ndeps = ["attrs"]\n',
      'tests/test_it.py': 'def test_it(x):\n    pass\n',
    });
    expect(facts.toxDeps).toEqual({ kind: 'known', value: ['mock', 'attrs'], place: { file: 'tox.toml' } });
    expect(facts.unknowns).toEqual([{ file: 'tox.toml', what: 'tox deps', why: 'some of them refer to other values' }]);
    expect(facts.tests.runner).toEqual({ name: 'pytest', evidence: 'the commands of tox or nox run pytest' });
  });

  it('may have requirements in one text', async () => {
    const facts = await read({ 'tox.toml': '[env_run_base]\ndeps = "mock\\nattrs"\n' });
    expect(facts.toxDeps).toEqual({ kind: 'known', value: ['mock', 'attrs'], place: { file: 'tox.toml' } });
  });

  it('that is no TOML is told', async () => {
    expect((await read({ 'tox.toml': '[env' })).unknowns).toEqual([
      { file: 'tox.toml', what: 'tox deps', why: 'it is no valid TOML' },
    ]);
  });
});

it('noxfile.py installs lists that it has given a name', async () => {
  const noxfile = `import nox

TESTS = ["pytest", "mock"]

@nox.session
def tests(session):
    session.install(*TESTS, "attrs")
    session.run("pytest")
`;
  expect((await read({ 'noxfile.py': noxfile })).noxDeps).toMatchObject({ value: ['pytest', 'mock', 'attrs'] });
});
