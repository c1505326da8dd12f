import { describe, expect, it } from 'vitest';
import { isTestFile, readTestFile } from '../../src/metadata/test-files.ts';
import { factsOf } from './support/facts.ts';

async function testsOf(files: Readonly<Record<string, string>>) {
  return (await factsOf({ 'setup.py': '', ...files })).tests;
}

async function importsOf(text: string, others: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { imports } = await testsOf({ 'tests/test_a.py': text, ...others });
  return imports.map(
    ({ module, guarded, optional }) => module + (guarded ? ' guarded' : '') + (optional ? ' optional' : ''),
  );
}

describe('test files', () => {
  it.each([
    ['test_a.py', true],
    ['pkg/tests/test_a.py', true],
    ['pkg/a_test.py', true],
    ['conftest.py', true],
    ['tests/helpers.py', true],
    ['test/unit/deep/util.py', true],
    ['pkg/core.py', false],
    ['pkg/testing/helpers.py', false],
    ['docs/test_docs.py', false],
    ['benchmarks/test_speed.py', false],
    ['tests/data/broken.py', false],
    ['tests/data/test_in_data.py', false],
    ['tests/examples/test_shown.py', true],
    ['vendored-other/tests/test_a.py', false],
    ['pkg/_vendor/tests/test_a.py', false],
    ['tests/roots/test-ext/conf.py', false],
    ['tests/a.txt', false],
  ])('%s: %s', (path, expected) => {
    expect(isTestFile(path)).toBe(expected);
  });
});

describe('imports of tests', () => {
  it.each([
    ['plain ones', 'import a.b, c as d\nfrom e.f import g\n', ['a.b', 'c', 'e.f']],
    ['not those of the standard library', 'import os, ConfigParser, imp\nfrom unittest import mock\n', []],
    ['not relative ones', 'from . import a\nfrom ..b import c\n', []],
    [
      'guarded ones',
      'try:\n    import a\nexcept ImportError:\n    import b\nelse:\n    import c\n',
      ['a guarded', 'b guarded', 'c guarded'],
    ],
    [
      'those of any try that catches the failure',
      'try:\n    import a\nexcept (ValueError, ModuleNotFoundError):\n    a = None\n',
      ['a guarded'],
    ],
    ['not guarded by another exception', 'try:\n    import a\nexcept ValueError:\n    pass\n', ['a']],
    ['for type checkers only', 'if TYPE_CHECKING:\n    import a\n', ['a guarded']],
    [
      'in functions and methods',
      'def f():\n    import a\nclass T:\n    def m(self):\n        import b\n',
      ['a optional', 'b optional'],
    ],
    ['in the body of a class', 'class T:\n    import a\n', ['a']],
    ['announced to be optional', 'a = pytest.importorskip("a.b")\n', ['a.b optional']],
    ['what a library has for another one too', 'import a\nimport a.b\nimport a.extra.c\n', ['a', 'a.extra.c']],
    ['the strongest of several', 'def f():\n    import a\nimport a\n', ['a']],
    ['in spite of Python 2 and errors', 'print "x"\nimport a\nexec "y" in z\nimport b\n)\nimport c\n', ['a', 'b', 'c']],
    ['not in texts', 's = """\nimport a\n"""\n', []],
  ])('are found: %s', async (_, text, expected) => {
    expect(await importsOf(text)).toEqual(expected);
  });

  it('leave out what the sdist itself has', async () => {
    const others = {
      'sample/__init__.py': '',
      'tests/helpers.py': '',
      'tests/sub/__init__.py': '',
      'runner.py': '',
      'src/more/__init__.py': '',
    };
    expect(await importsOf('import sample.x, helpers, sub, runner, more, tests.y, real\n', others)).toEqual(['real']);
  });

  it('leave out what lies beside a folder above the test, or in the folder of the build backend', async () => {
    const others = {
      'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["building"]\n',
      'building/own.py': '',
      'tests/__init__.py': '',
      'tests/docker/__init__.py': '',
      'tests/material/tool/helpers.py': '',
      'tests/material/test_b.py': 'import tool.helpers\n',
    };
    expect(await importsOf('import own, docker\n', others)).toEqual(['docker']);
  });

  it('leave out the names that only tests have', async () => {
    expect(await importsOf('import test_helpers.a, tests_common, helper, latest\n')).toEqual(['latest']);
  });

  it('are not those of files that no test reads', async () => {
    const { files, count, imports } = await testsOf({
      'tests/test_a.py': 'from . import helpers\nfrom tests.deep import (\n    tool,\n)\n',
      'tests/helpers.py': 'import a\n',
      'tests/deep/tool.py': 'import b\nfrom .more import x\n',
      'tests/deep/more.py': 'import c\n',
      'tests/conftest.py': "import d\nstart('server')\n",
      'tests/server.py': 'import d.more\n',
      'tests/fuzz.py': 'import e\n',
      'tests/material/conftest.py': 'import f\n',
    });
    expect(imports.map(({ module }) => module)).toEqual(['a', 'b', 'c', 'd']);
    expect(files).not.toContain('tests/fuzz.py');
    expect(files).toContain('tests/server.py');
    expect(count).toBe(6);
  });

  it('are those of all files where none has the name of a test', async () => {
    const { count, imports } = await testsOf({ 'tests/run.py': 'import a\n', 'tests/other.py': 'import b\n' });
    expect([count, imports.map(({ module }) => module)]).toEqual([2, ['a', 'b']]);
  });

  it('are found below a long text, with what guards them', async () => {
    const text = `x = 1\ndef f():\n    pass\n\ntry:\n    import a\n${'    pass\n'.repeat(50)}except ImportError:\n    a = None\n\ny = 2\n`;
    expect(await importsOf(text)).toEqual(['a guarded']);
  });

  it('keep a project for which the tests have a folder without code', async () => {
    expect(await importsOf('import docker\n', { 'docker/Dockerfile': '' })).toEqual(['docker']);
  });
});

describe('the runner of the tests', () => {
  it('is a program of the project where nothing names pytest', async () => {
    const files = { 'setup.py': '', 'runtests.py': '', 'tests/test_a.py': 'def test_a():\n    pass\n' };
    expect((await testsOf(files)).runner).toEqual({
      name: 'own',
      evidence: 'runtests.py runs them',
      file: 'runtests.py',
    });
    const named = { ...files, 'tox.ini': '[testenv]\ncommands = pytest\n' };
    expect((await testsOf(named)).runner?.name).toBe('pytest');
  });

  const CASE = 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n';
  const BARE = 'def test_a():\n    assert True\n';
  it.each([
    ['pytest where a test imports it', { 'test_a.py': 'import pytest\n' }, 'pytest', 'test_a.py imports pytest'],
    ['unittest where only TestCase classes are', { 'test_a.py': CASE }, 'unittest', 'test_a.py has TestCase classes'],
    [
      'pytest for bare functions',
      { 'test_a.py': BARE, 'test_b.py': CASE },
      'pytest',
      'test_a.py has test functions outside of TestCase classes',
    ],
    [
      'pytest for bare classes',
      { 'test_a.py': 'class TestA:\n    def test_a(self): pass\n' },
      'pytest',
      'test_a.py has test functions outside of TestCase classes',
    ],
    ['pytest where conftest.py is', { 'test_a.py': CASE, 'conftest.py': '' }, 'pytest', 'conftest.py is there'],
    [
      'pytest where it is configured',
      { 'test_a.py': CASE, 'setup.cfg': '[tool:pytest]\naddopts = -q\n' },
      'pytest',
      'setup.cfg configures pytest',
    ],
    [
      'pytest where tox runs it',
      { 'test_a.py': CASE, 'tox.ini': '[testenv]\ncommands = pytest\n' },
      'pytest',
      'the commands of tox or nox run pytest',
    ],
    ['nose where a test imports it', { 'test_a.py': `import nose\n${BARE}` }, 'nose', 'test_a.py imports nose'],
    [
      'unittest where pytest is imported for some only',
      { 'test_a.py': `try:\n    import pytest\nexcept ImportError:\n    pass\n${CASE}` },
      'unittest',
      'test_a.py has TestCase classes',
    ],
  ])('is %s', async (_, files, name, evidence) => {
    expect((await testsOf(files)).runner).toMatchObject({ name, evidence });
  });

  it('is none without tests', async () => {
    expect(await testsOf({ 'setup.cfg': '[tool:pytest]\n' })).toMatchObject({
      ...{ files: [], count: 0, imports: [], runner: null },
    });
  });

  it('does not depend on how deep a file is nested', () => {
    const deep = `${'('.repeat(5000)}1${')'.repeat(5000)}\nimport a\n`;
    expect(readTestFile('test_a.py', deep).imports.map(({ module }) => module)).toEqual(['a']);
  });
});
