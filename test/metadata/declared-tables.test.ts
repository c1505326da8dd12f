import { describe, expect, it } from 'vitest';
import { factsOf } from './support/facts.ts';

const SETUP = 'from setuptools import setup\nsetup()\n';

describe('packages that setuptools looks for', () => {
  it('stand beside the modules that setup.cfg lists', async () => {
    const facts = await factsOf({
      'setup.py': SETUP,
      'setup.cfg':
        '[options]\npackages = find:\npackage_dir =\n  = src\npy_modules = single\n[options.packages.find]\nwhere = src\n',
      'src/pkg/__init__.py': '',
      'src/single.py': '',
    });
    expect(facts.modules).toEqual(['pkg', 'single']);
  });

  it('stand beside the modules that pyproject.toml lists', async () => {
    const facts = await factsOf({
      'pyproject.toml':
        '[project]\nname = "sample"\n[tool.setuptools]\npy-modules = ["single"]\n[tool.setuptools.packages.find]\nwhere = ["."]\n',
      'pkg/__init__.py': '',
      'single.py': '',
    });
    expect(facts.modules).toEqual(['pkg', 'single']);
  });

  it.each([
    ['exclude =\n    extra*\n    other', ['kept', 'sample']],
    ['include = sample*', ['sample']],
    ['include =\n    sample\n    [ko]*\nexclude = other', ['kept', 'sample']],
  ])('are those that setup.cfg asks for: %j', async (patterns, modules) => {
    const facts = await factsOf({
      'setup.py': SETUP,
      'setup.cfg': `[options]\npackages = find:\n[options.packages.find]\n${patterns}\n`,
      'sample/__init__.py': '',
      'kept/__init__.py': '',
      'extras1/__init__.py': '',
      'other/__init__.py': '',
    });
    expect(facts.modules).toEqual(modules);
  });
});

describe('tables of tools', () => {
  it('a group of Poetry that cannot be translated is unknown, not absent', async () => {
    const facts = await factsOf({
      'pyproject.toml':
        '[tool.poetry]\nname = "sample"\n[tool.poetry.group.test.dependencies]\nodd = "not a version!"\n',
    });
    expect(facts.unknowns).toEqual([
      {
        file: 'pyproject.toml',
        line: 3,
        what: 'the group test of [tool.poetry]',
        why: 'the constraint of odd has no form in PEP 508',
      },
    ]);
  });

  it('a group that a session of nox installs is no project', async () => {
    const facts = await factsOf({
      'setup.py': SETUP,
      'noxfile.py':
        'import nox\n@nox.session\ndef tests(session):\n    session.install("--group", "test", "-c", "cons", "mock")\n    session.run("pytest")\n',
    });
    expect(facts.noxDeps).toMatchObject({ kind: 'known', value: ['mock'] });
  });

  it('the scripts of pbr are read from their own section', async () => {
    const facts = await factsOf({
      'setup.py': SETUP,
      'setup.cfg':
        '[metadata]\nname = sample\n[files]\npackages = x\n[entry_points]\nconsole_scripts =\n  tool = x:main\n',
    });
    expect(facts.setupCfg?.consoleScripts).toMatchObject({ kind: 'known', value: ['tool'] });
  });

  it('a library of [external] keeps its condition', async () => {
    const facts = await factsOf({
      'pyproject.toml': `[project]\nname = "sample"\n[external]\nhost-requires = ["dep:generic/libffi; sys_platform == 'linux'"]\n`,
    });
    expect(facts.native.evidence).toMatchObject([{ name: 'libffi', marker: "sys_platform == 'linux'" }]);
  });
});
