import { describe, expect, it } from 'vitest';
import { factsOf } from './support/facts.ts';

describe('modules of an sdist', () => {
  it.each([
    ['a package', { 'sample/__init__.py': '', 'sample/a.py': '' }, ['sample']],
    [
      'packages beside folders that are not installed',
      { 'sample/__init__.py': '', 'tests/__init__.py': '', 'docs/conf.py': '', 'examples/__init__.py': '' },
      ['sample'],
    ],
    ['src/', { 'src/sample/__init__.py': '', 'src/other/__init__.py': '' }, ['other', 'sample']],
    ['a single module', { 'sample.py': '', 'setup.py': '' }, ['sample']],
    ['a module of another name', { 'thing.py': '' }, ['thing']],
    [
      'top_level.txt',
      {
        'sample/__init__.py': '',
        'extra/__init__.py': '',
        'sample.egg-info/top_level.txt': 'sample\n_private\ntests\n',
      },
      ['sample'],
    ],
    [
      'top_level.txt that names folders of an earlier build',
      { 'sample/__init__.py': '', 'sample.egg-info/top_level.txt': 'build\ndist\nsample\n' },
      ['sample'],
    ],
    [
      'top_level.txt that names a folder of pictures',
      { 'sample/__init__.py': '', 'images/logo.png': '', 'sample.egg-info/top_level.txt': 'images\nsample\n' },
      ['sample'],
    ],
    [
      'top_level.txt that names what C sources may make',
      { 'sample/__init__.py': '', 'src/it.c': '', 'sample.egg-info/top_level.txt': 'made\nsample\n' },
      ['made', 'sample'],
    ],
    [
      'a package that is called build',
      { 'src/build/__init__.py': '', 'sample.egg-info/top_level.txt': 'build\n' },
      ['build'],
    ],
    [
      'a namespace package',
      { 'backports/sample/__init__.py': '', 'sample.egg-info/top_level.txt': 'backports\n' },
      ['backports.sample'],
    ],
    [
      'an old namespace package',
      {
        'src/zope/__init__.py': "__import__('pkg_resources').declare_namespace(__name__)\n",
        'src/zope/sample/__init__.py': '',
        'sample.egg-info/top_level.txt': 'zope\n',
      },
      ['zope.sample'],
    ],
    [
      'a namespace that the metadata names, although it has a module of its own',
      {
        'PKG-INFO': 'Metadata-Version: 2.5\nName: sample\nVersion: 1.0\nImport-Namespace: shared\n',
        'shared/__init__.py': 'x = 1\n',
        'shared/sample/__init__.py': '',
        'sample.egg-info/top_level.txt': 'shared\n',
      },
      ['shared.sample'],
    ],
    [
      'Import-Name without what is a namespace too',
      {
        'PKG-INFO':
          'Metadata-Version: 2.5\nName: sample\nVersion: 1.0\nImport-Name: shared\nImport-Name: shared.sample\nImport-Namespace: shared\n',
        'shared/sample/__init__.py': '',
      },
      ['shared.sample'],
    ],
    [
      'py_modules of setup.py',
      {
        'setup.py': "from setuptools import setup\nsetup(py_modules=['one', 'two'])\n",
        'one.py': '',
        'two.py': '',
        'tool.py': '',
      },
      ['one', 'two'],
    ],
    [
      'package_dir of setup.py',
      {
        'setup.py': "from setuptools import setup\nsetup(packages=['sample'], package_dir={'': 'lib'})\n",
        'lib/sample/__init__.py': '',
      },
      ['sample'],
    ],
    [
      'an extension module',
      {
        'setup.py':
          "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('fast', ['f.c']), Extension('_slow', ['s.c'])])\n",
      },
      ['fast'],
    ],
    [
      'packages of Poetry',
      {
        'pyproject.toml': '[tool.poetry]\nname = "x"\npackages = [{ include = "thing", from = "python" }]\n',
        'python/thing/__init__.py': '',
      },
      ['thing'],
    ],
    [
      'the module of flit',
      {
        'pyproject.toml': '[build-system]\nbuild-backend = "flit_core.buildapi"\n[tool.flit.module]\nname = "thing"\n',
        'thing/__init__.py': '',
      },
      ['thing'],
    ],
    [
      'packages of hatch',
      { 'pyproject.toml': '[tool.hatch.build.targets.wheel]\npackages = ["lib/thing"]\n', 'lib/thing/__init__.py': '' },
      ['thing'],
    ],
    [
      'maturin, with the folder of its Python sources',
      {
        'pyproject.toml':
          '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[tool.maturin]\npython-source = "py"\n',
        'py/sample/__init__.py': '',
      },
      ['sample'],
    ],
    [
      'Cargo.toml, where maturin has no Python sources',
      {
        'pyproject.toml': '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n',
        'Cargo.toml': '[package]\nname = "sample-py"\n[lib]\nname = "fast"\n',
      },
      ['fast'],
    ],
    ['a folder that only holds the package', { 'lib/sample/__init__.py': '', 'lib/other.txt': '' }, ['sample']],
    [
      'a namespace package without a declaration, private modules aside',
      { 'src/sample/__main__.py': '', 'src/sample/config/__init__.py': '' },
      ['sample.config'],
    ],
    [
      'nothing that could be code for Nix or a shell',
      { 'sample.egg-info/top_level.txt': 'a"b\n$(x)\nsample\n' },
      ['sample'],
    ],
  ])('come from %s', async (_, files, expected) => {
    expect(
      (await factsOf({ 'PKG-INFO': 'Metadata-Version: 1.0\nName: sample\nVersion: 1.0\n', ...files })).modules,
    ).toEqual(expected);
  });

  it('are not the bare namespace that the name of the project begins with', async () => {
    const facts = await factsOf(
      { 'setup.py': '', '__init__.py': '', 'sample_lib.egg-info/top_level.txt': '_sample_fast\nsample\n' },
      'sample-lib',
    );
    expect(facts.modules).toEqual(['_sample_fast']);
  });
});
