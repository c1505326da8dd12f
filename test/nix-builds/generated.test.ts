import { expect, it } from 'vitest';
import { useCommandBench } from '../cli/support/run-command.ts';
import { describeWithNix } from '../support/nix.ts';
import { type PublishedProject, publish, useGeneratedBuilds } from './support/generated.ts';
import { itWithHeaders } from './support/host.ts';
import { builtBySetuptools } from './support/made-up-setuptools.ts';

const LEAF: PublishedProject = {
  name: 'leaf',
  files: { 'leaf/__init__.py': 'def colour():\n    return "green"\n' },
};

const BRANCH: PublishedProject = {
  name: 'the-branch',
  metadata: ['Requires-Dist: leaf<2,>=0.5'],
  files: { 'src/the_branch/__init__.py': 'import leaf\n\nCOLOUR = leaf.colour()\n' },
};

const SQUEEZED: PublishedProject = {
  name: 'squeezed',
  files: {
    'setup.py': `from setuptools import Extension, setup

setup(name="squeezed", version="1.0", ext_modules=[Extension("squeezed", ["squeezed.c"], libraries=["z"])])
`,
    'squeezed.c': `#include <Python.h>
#include <zlib.h>

static PyObject *answer(PyObject *self, PyObject *none) { return PyLong_FromLong(crc32(0, (const Bytef *)"a", 1)); }

static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "squeezed", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_squeezed(void) { return PyModule_Create(&module); }
`,
  },
};

describeWithNix('builds of what the program generates', () => {
  const bench = useCommandBench();
  const builds = useGeneratedBuilds();

  /** What an environment with some packages prints for a line of Python. */
  async function said(packages: string, script: string): Promise<string> {
    const built = await builds.build(bench(), `python.withPackages (ps: with ps; [ ${packages} ])`);
    expect(built.ok, built.stderr).toBe(true);
    const { stdout, stderr } = await builds.store.run(`${built.stdout.trim()}/bin/python3`, ['-c', script]);
    return stdout + stderr;
  }

  it('a package, its dependency, and the backend that builds itself and both of them', async () => {
    await publish(bench(), [LEAF, BRANCH]);
    await builds.generate(bench(), ['the-branch', '--no-checks']);
    expect(await said('the-branch', 'import the_branch; print(the_branch.COLOUR)')).toBe('green\n');
  });

  itWithHeaders({ 'python3*/Python.h': 'python3-dev', 'zlib.h': 'zlib1g-dev' })(
    'an extension module with the library that setup.py links',
    async () => {
      await publish(bench(), [SQUEEZED]);
      const { stdout } = await builds.generate(bench(), ['squeezed', '--no-checks']);
      expect(stdout).toContain('buildInputs = [ zlib ];');
      expect(await said('squeezed', 'import squeezed; print(squeezed.answer())')).toBe('3904355907\n');
    },
  );

  it('an extra that another package asks for comes with all that belongs to it', async () => {
    const orchard: PublishedProject = {
      name: 'orchard',
      metadata: ['Requires-Dist: tree[fruit,shade]'],
      files: { 'orchard/__init__.py': 'import tree\nimport leaf\n' },
    };
    const tree: PublishedProject = {
      name: 'tree',
      metadata: [
        'Provides-Extra: fruit',
        'Requires-Dist: leaf; extra == "fruit"',
        'Provides-Extra: shade',
        'Requires-Dist: leaf; python_version < "3" and extra == "shade"',
      ],
      files: { 'tree/__init__.py': '' },
    };
    await publish(bench(), [LEAF, orchard, tree]);
    const { stdout } = await builds.generate(bench(), ['orchard', '--no-checks', '--extras', 'none']);
    expect(stdout).toContain('dependencies = [ tree ] ++ tree.optional-dependencies.fruit;');
    expect(await said('orchard', 'import orchard; print(orchard.leaf.colour())')).toBe('green\n');
  });

  it('an extra that only a build requirement asks for is generated although the package itself is there before', async () => {
    const gardener: PublishedProject = {
      name: 'gardener',
      metadata: ['Requires-Dist: tree'],
      files: {
        'pyproject.toml': builtBySetuptools(['setuptools', 'tree[fruit]']),
        'setup.py': 'import leaf\nfrom setuptools import setup\n\nsetup(name="gardener")\n',
        'gardener/__init__.py': '',
      },
    };
    const tree: PublishedProject = {
      name: 'tree',
      metadata: ['Provides-Extra: fruit', 'Requires-Dist: leaf; extra == "fruit"'],
      files: { 'tree/__init__.py': '' },
    };
    await publish(bench(), [LEAF, tree, gardener]);
    await builds.generate(bench(), ['gardener', '--no-checks']);
    expect(await said('gardener', 'import gardener, tree; print("there")')).toBe('there\n');
  });

  it('build requirements that exclude each other are built with one version, and the bound that it breaks is not checked', async () => {
    const pinned: PublishedProject = {
      name: 'pinned',
      files: { 'pyproject.toml': builtBySetuptools(['setuptools<60']), 'pinned/__init__.py': '' },
    };
    const current: PublishedProject = {
      name: 'current',
      files: { 'pyproject.toml': builtBySetuptools(['setuptools>=61']), 'current/__init__.py': '' },
    };
    await publish(bench(), [pinned, current]);
    const { stdout, stderr } = await builds.generate(bench(), ['pinned', 'current', '--no-checks']);
    expect(stdout.match(/ *#.*\n *pypaBuildFlags.*/gu)).toEqual([
      '      # the build asks for setuptools<60, and 70.0 is used\n      pypaBuildFlags = [ "--skip-dependency-check" ];',
    ]);
    expect(stderr).toContain('warning: pinned: to be built it asks for setuptools<60, and 70.0 is used\n');
    expect(await said('pinned current', 'import pinned, current; print("both")')).toBe('both\n');
  });

  it('a requirement that only the build shows ends the build, and is named', async () => {
    const secretive: PublishedProject = {
      name: 'secretive',
      metadata: ['Dynamic: Requires-Dist'],
      files: {
        'setup.py': `from setuptools import setup

setup(name="secretive", version="1.0", install_requires=[chr(108) + "eaf"])
`,
        'secretive/__init__.py': '',
      },
    };
    await publish(bench(), [LEAF, secretive]);
    const { stderr } = await builds.generate(bench(), ['secretive', '--no-checks']);
    expect(stderr).toMatch(/^note: secretive: the run-time requirements could not be read/mu);
    const result = await builds.build(bench(), 'ps.secretive');
    expect(result.ok).toBe(false);
    expect(result.stderr).toContain('undeclared dependencies (Requires-Dist of the wheel):\n  leaf: not there\n');
  });

  it('a plugin of pytest finds the pytest that stands among its build inputs', async () => {
    const pytest: PublishedProject = { name: 'pytest', files: { 'pytest/__init__.py': '' } };
    const plugin: PublishedProject = {
      name: 'pytest-leaf',
      metadata: ['Classifier: Framework :: Pytest', 'Requires-Dist: pytest>=1'],
      files: { 'pytest_leaf/__init__.py': 'import pytest\n' },
    };
    await publish(bench(), [pytest, plugin]);
    const { stdout } = await builds.generate(bench(), ['pytest-leaf', '--no-checks']);
    expect(stdout).toContain('buildInputs = [ pytest ];');
    const result = await builds.build(bench(), 'ps.pytest-leaf');
    expect(result.ok, result.stderr).toBe(true);
  });

  it.each([
    ['the tests of a package run in its build', 'green', { ok: true, log: 'Ran 1 test in' }],
    ['a test that fails ends the build', 'blue', { ok: false, log: 'FAILED (failures=1)' }],
  ])('%s', async (_name, colour, expected) => {
    const tested: PublishedProject = {
      ...LEAF,
      files: {
        ...LEAF.files,
        'tests/__init__.py': '',
        'tests/test_leaf.py': `import unittest

import leaf


class TestLeaf(unittest.TestCase):
    def test_colour(self):
        self.assertEqual(leaf.colour(), "${colour}")
`,
      },
    };
    await publish(bench(), [tested]);
    await builds.generate(bench(), ['leaf']);
    const result = await builds.build(bench(), 'ps.leaf');
    expect({ ok: result.ok, log: result.stderr.includes(expected.log) }, result.stderr).toEqual({
      ok: expected.ok,
      log: true,
    });
  });

  it('a folder of expressions builds by its default.nix and as an overlay', async () => {
    await publish(bench(), [LEAF, BRANCH]);
    await builds.generate(bench(), ['the-branch', '--no-checks', '-o', 'repository']);
    const folder = `${bench().folder}/repository`;
    const result = await builds.store.build(`
      let
        pkgs = import <nixpkgs> { };
        python = pkgs.python3.override { packageOverrides = import ${folder}/overlay.nix; };
      in [ (import ${folder} { inherit pkgs; }).the-branch python.pkgs.the-branch ]`);
    expect(result.ok, result.stderr).toBe(true);
    const [first, second] = result.stdout.trim().split('\n');
    expect(first).toMatch(/-the-branch-1\.0$/u);
    expect(second).toBe(first);
  });
});
