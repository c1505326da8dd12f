import { describe, expect, it } from 'vitest';
import { isCollectedByPytest, isDiscoveredByUnittest } from '../../src/metadata/test-collection.ts';
import { factsOf } from './support/facts.ts';

async function testsOf(files: Readonly<Record<string, string>>) {
  return (await factsOf({ 'setup.py': '', ...files })).tests;
}

describe('the files that a runner collects', () => {
  it('are for pytest those with the names that it looks for', async () => {
    const { collected, imports } = await testsOf({
      'tests/test_a.py': 'import pytest\nimport a\n',
      'tests/b_test.py': 'import b\n',
      'tests/type_tests.py': 'import typed\n',
      'tests/conftest.py': 'import c\n',
    });
    expect(collected).toEqual(['tests/test_a.py', 'tests/b_test.py']);
    expect(imports.map(({ module }) => module)).toEqual(['a', 'b', 'c', 'pytest']);
  });

  it('are those that the project names', async () => {
    const files = { 'tests/check_a.py': 'import a\n', 'tests/test_b.py': 'import b\n' };
    const { collected, imports } = await testsOf({ ...files, 'pytest.ini': '[pytest]\npython_files = check_*.py\n' });
    expect(collected).toEqual(['tests/check_a.py']);
    expect(imports.map(({ module }) => module)).toEqual(['a']);
  });

  it.each([
    ['check_*.py', 'a/check_it.py', true],
    ['*.py', 'a/b.py', true],
    ['tests/*_t.py', 'tests/a_t.py', true],
    ['?.py', 'ab.py', false],
    [`${'*a'.repeat(30)}b`, `${'a'.repeat(200)}.py`, false],
  ])('with the pattern %s: %s %s', (pattern, path, expected) => {
    expect(isCollectedByPytest(path, { file: 'pytest.ini', options: '', settings: [], pythonFiles: [pattern] })).toBe(
      expected,
    );
  });

  it('are found by unittest in packages only', () => {
    const isFile = (path: string) => path === 'tests/__init__.py';
    expect(isDiscoveredByUnittest('tests/test_a.py', isFile)).toBe(true);
    expect(isDiscoveredByUnittest('test_a.py', isFile)).toBe(true);
    expect(isDiscoveredByUnittest('other/test_a.py', isFile)).toBe(false);
    expect(isDiscoveredByUnittest('tests/a_test.py', isFile)).toBe(false);
  });
});

describe('the runner of TestCase classes', () => {
  const CASE = 'import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n';

  it.each([
    ['unittest where its discovery finds them', { 'tests/__init__.py': '', 'tests/test_a.py': CASE }, 'unittest'],
    ['pytest where the folder is no package, so that discovery fails', { 'tests/test_a.py': CASE }, 'pytest'],
    ['pytest for names that discovery does not look for', { 'a_test.py': CASE }, 'pytest'],
    [
      'unittest in spite of a function that makes a suite',
      { 'test_a.py': CASE, 'tests/__init__.py': 'def test_suite():\n    return 1\n' },
      'unittest',
    ],
    [
      'unittest in spite of a helper with the name of a test',
      { 'test_a.py': `${CASE}def test_file(name, mode):\n    return name\n` },
      'unittest',
    ],
    [
      'unittest in spite of a package that runs its tests itself',
      { 'test_a.py': `${CASE}def test(verbose=False):\n    return 1\n` },
      'unittest',
    ],
    ['pytest for a function with a fixture', { 'test_a.py': `${CASE}def test_b(tmp_path):\n    pass\n` }, 'pytest'],
    [
      'pytest for a function with a decorator',
      { 'test_a.py': `${CASE}@given(x())\ndef test_b(x):\n    pass\n` },
      'pytest',
    ],
  ])('is %s', async (_, files, name) => {
    expect((await testsOf(files)).runner?.name).toBe(name);
  });
});

describe('which test files need a module', () => {
  it('is told with the files that import it, also by a helper, a conftest.py or the package around them', async () => {
    const { importers } = await testsOf({
      'tests/test_a.py': 'import pytest\nimport direct\n',
      'tests/test_b.py': 'from helper import x\n',
      'tests/helper.py': 'import helped\n',
      'tests/deep/conftest.py': 'import configured\n',
      'tests/deep/test_c.py': '',
      'tests/package/__init__.py': 'import packed\n',
      'tests/package/test_d.py': '',
    });
    expect(importers).toEqual({
      configured: ['tests/deep/test_c.py'],
      direct: ['tests/test_a.py'],
      helped: ['tests/test_b.py'],
      packed: ['tests/package/test_d.py'],
      pytest: ['tests/test_a.py'],
    });
  });

  it('leaves out what all need, and what a file can do without', async () => {
    const { importers } = await testsOf({
      'tests/conftest.py': 'import everywhere\n',
      'tests/test_a.py': 'try:\n    import guarded\nexcept ImportError:\n    pass\n',
      'tests/test_b.py': 'def test_b():\n    import optional\n',
    });
    expect(importers).toEqual({});
  });
});

describe('programs that tests run', () => {
  it.each([
    'subprocess.run(["git", "init"])',
    "subprocess.check_call(('git', 'init'))",
    'run("git init")',
    'shutil.which("git")',
    '_run_command("git", *args)',
  ])('are found: %s', async (call) => {
    const { commands } = await testsOf({ 'tests/test_a.py': `import subprocess\n\n${call}\n` });
    expect(commands).toEqual([{ command: 'git', file: 'tests/test_a.py', line: 3 }]);
  });

  it.each([
    'get("git")',
    'import git',
    'run("gitlab")',
    'mocked.assert_called_with(["git"])',
    'from unittest import mock; mock.call(["git"])',
    'pytest.importorskip("git")',
  ])('are not those of %s', async (call) => {
    expect((await testsOf({ 'tests/test_a.py': `${call}\n` })).commands).toEqual([]);
  });
});

describe('the options of pytest', () => {
  it.each([
    ['pytest.ini', '[pytest]\naddopts = -ra\n  --cov=it\n', '-ra --cov=it'],
    ['setup.cfg', '[tool:pytest]\naddopts = --cov\n', '--cov'],
    ['tox.ini', '[testenv]\ncommands = pytest --cov\n[pytest]\naddopts = -q\n', '-q'],
    ['tox.ini', '[testenv]\ncommands = pytest --cov\n', ''],
    ['pyproject.toml', '[tool.pytest.ini_options]\naddopts = ["-ra", "--cov"]\n', '-ra --cov'],
    ['pyproject.toml', '[tool.pytest]\naddopts = "--cov"\n', '--cov'],
  ])('stand in %s', async (file, text, options) => {
    expect((await testsOf({ 'test_a.py': '', [file]: text })).pytestOptions).toBe(options);
  });
});

describe('names that belong to plugins of pytest', () => {
  it('are those of the marks of tests and of the settings of the configuration', async () => {
    const { pytestNames } = await testsOf({
      'pytest.ini': '[pytest]\ntimeout = 60\naddopts = -ra\n',
      'tests/test_a.py':
        'import pytest\npytestmark = pytest.mark.asyncio\n@pytest.mark.flaky(reruns=2)\ndef test_a(): pass\n',
    });
    expect(pytestNames).toEqual(['addopts', 'asyncio', 'flaky', 'timeout']);
  });

  it('are those of the project itself too, by the names of its console scripts', async () => {
    const { commands } = await testsOf({
      'pyproject.toml': '[project]\nname = "kettle"\nversion = "1.0"\n[project.scripts]\nboil = "kettle:boil"\n',
      'tests/test_a.py': 'run(["boil", "--fast"])\nrun(["cool"])\nPopen([b"openssl", "x509"])\n',
    });
    expect(commands.map(({ command }) => command)).toEqual(['boil', 'openssl']);
  });
});

describe('fixtures', () => {
  it('count where no file beside the tests defines them', async () => {
    const { fixtures } = await testsOf({
      'tests/conftest.py': '@pytest.fixture\ndef benchmark():\n    pass\n',
      'tests/test_a.py': 'import pytest\n\ndef test_a(mocker, benchmark):\n    pass\n',
    });
    expect(fixtures).toEqual([{ fixture: 'mocker', file: 'tests/test_a.py', line: 3 }]);
  });
});

describe('packages without their compiled modules', () => {
  const setup = (name: string): string =>
    `from setuptools import setup, Extension\nsetup(name="kettle", packages=["kettle"], ext_modules=[Extension("${name}", ["a.c"])])\n`;
  const package_ = { 'kettle/__init__.py': '', 'src/kettle/other.py': '' };

  it.each([
    ['are those at the root that extensions lie in', 'kettle._steam', package_, ['kettle']],
    ['are none with extensions beside them', '_steam', package_, undefined],
    ['are none below src', 'kettle._steam', { 'src/kettle/__init__.py': '' }, undefined],
  ])('%s', async (_, extension, files, expected) => {
    expect((await factsOf({ 'setup.py': setup(extension), ...files })).uncompiled).toEqual(expected);
  });
});
