import { describe, expect, it } from 'vitest';
import { readPyproject } from '../../src/metadata/pyproject.ts';
import { poetrySpecifier, pythonMarker } from '../../src/pep/poetry-constraint.ts';

function read(text: string, files: Readonly<Record<string, string>> = {}) {
  return readPyproject(text, { text: (path) => (Object.hasOwn(files, path) ? (files[path] ?? null) : null) });
}

function facts(text: string, files: Readonly<Record<string, string>> = {}) {
  const { facts } = read(text, files);
  if (facts === null) throw new Error('no facts');
  return facts;
}

describe('pyproject.toml', () => {
  it('tells the build system and where it stands', () => {
    const found = facts(
      `[build-system]\nrequires = [\n  "flit_core >=3",\n]\nbuild-backend = "flit_core.buildapi"\nbackend-path = ["."]\n`,
    );
    expect(found.requires).toEqual({
      kind: 'known',
      value: ['flit_core >=3'],
      place: { file: 'pyproject.toml', line: 2 },
    });
    expect([found.buildBackend, found.backendPath]).toEqual(['flit_core.buildapi', ['.']]);
  });

  it('says nothing about the build system where the table is missing', () => {
    expect(facts('[tool.black]\nline-length = 88\n')).toMatchObject({
      requires: { kind: 'absent' },
      project: null,
      tools: ['black'],
    });
  });

  it('reads the [project] table', () => {
    const found = facts(`[project]
name = "x"
dependencies = ["a>=1", "b; os_name == 'nt'"]
requires-python = ">=3.9"
license = { text = "MIT" }
classifiers = ["A"]
[project.optional-dependencies]
test = ["pytest"]
[project.urls]
Home = "https://x.test"
[project.scripts]
run = "x:main"
`);
    expect(found.project).toEqual({
      table: 'project',
      dynamic: [],
      dependencies: {
        kind: 'known',
        value: ['a>=1', "b; os_name == 'nt'"],
        place: { file: 'pyproject.toml', line: 3 },
      },
      optionalDependencies: { kind: 'known', value: { test: ['pytest'] }, place: { file: 'pyproject.toml', line: 7 } },
      requiresPython: '>=3.9',
      description: null,
      license: 'MIT',
      classifiers: ['A'],
      urls: { Home: 'https://x.test' },
      scripts: ['run'],
    });
  });

  it('reads dynamic dependencies from the files that setuptools names', () => {
    const text = `[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["req.txt"] }\n`;
    expect(facts(text, { 'req.txt': 'a\nb>=2 # why\n' }).project?.dependencies).toMatchObject({
      kind: 'known',
      value: ['a', 'b>=2'],
    });
    expect(facts(text).project?.dependencies).toMatchObject({
      kind: 'unknown',
      why: 'it is in req.txt, which is not there or not kept',
    });
  });

  it('leaves dependencies unknown that a backend computes', () => {
    expect(facts(`[project]\nname = "x"\ndynamic = ["dependencies"]\n`).project?.dependencies).toEqual({
      kind: 'unknown',
      place: { file: 'pyproject.toml', line: 1 },
      why: 'it is dynamic: the build backend computes it',
    });
  });

  it('flattens dependency groups and notes those that are wrong', () => {
    const { facts, unknowns } = read(
      `[dependency-groups]\ntest = ["pytest", { include-group = "cov" }]\ncov = ["coverage"]\nbad = [{ include-group = "none" }]\n`,
    );
    expect(facts?.dependencyGroups).toEqual({ test: ['pytest', 'coverage'], cov: ['coverage'] });
    expect(unknowns).toMatchObject([{ file: 'pyproject.toml', line: 4, what: '[dependency-groups] bad' }]);
  });

  it('notes broken TOML with its line and never fails', () => {
    expect(read('[project]\nname = \n')).toMatchObject({
      facts: null,
      unknowns: [{ file: 'pyproject.toml', line: 2, what: 'pyproject.toml', why: 'it is no valid TOML' }],
    });
  });

  it.each([
    ['a [project] of another type', 'project = 3\n'],
    ['dependencies of another type', '[project]\nname = "x"\ndependencies = "a"\n'],
    ['a [tool.poetry] of another type', '[tool]\npoetry = []\n'],
  ])('notes %s', (_, text) => {
    expect(read(text).unknowns).toHaveLength(1);
  });

  it('collects the groups of tools that state test requirements', () => {
    const found = facts(`[tool.pdm.dev-dependencies]
test = ["pytest"]
[tool.hatch.envs.default]
dependencies = ["a"]
[tool.hatch.envs.docs]
dependencies = ["sphinx"]
[tool.hatch.envs.hatch-test]
extra-dependencies = ["b"]
[tool.poetry.group.qa.dependencies]
mypy = "*"
[tool.poetry.dev-dependencies]
nose = "^1"
`);
    expect(found.toolGroups).toEqual({
      test: ['pytest'],
      default: ['a'],
      'hatch-test': ['b'],
      dev: ['nose>=1,<2'],
      qa: ['mypy'],
    });
  });

  it('reads the table of flit', () => {
    const found = facts(`[tool.flit.metadata]
module = "x"
requires = ["a"]
home-page = "https://x.test"
[tool.flit.metadata.requires-extra]
test = ["pytest"]
[tool.flit.scripts]
x = "x:main"
`);
    expect(found.project).toMatchObject({
      table: 'tool.flit.metadata',
      dependencies: { value: ['a'] },
      optionalDependencies: { value: { test: ['pytest'] } },
      urls: { Homepage: 'https://x.test' },
      scripts: ['x'],
    });
  });
});

describe('the table of Poetry', () => {
  it('is translated to PEP 508', () => {
    const found = facts(`[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.8"
a = "^1.2.3"
b = { version = "~2.1", optional = true, extras = ["z"] }
c = { version = "*", python = "<3.10" }
d = { version = ">=1,<2", markers = "os_name == 'nt' or os_name == 'java'", platform = "win32" }
e = [{ version = "^1", python = "<3.9" }, { version = "^2", python = ">=3.9" }]
f = { git = "https://git.test/f.git", tag = "v1" }
g = { url = "https://files.test/g.zip" }
[tool.poetry.extras]
more = ["b"]
`);
    expect(found.project?.requiresPython).toBe('>=3.8,<4.0');
    expect(found.project?.dependencies).toMatchObject({
      value: [
        'a>=1.2.3,<2.0.0',
        'c; python_version < "3.10"',
        `d>=1,<2; sys_platform == "win32" and (os_name == 'nt' or os_name == 'java')`,
        'e>=1,<2; python_version < "3.9"',
        'e>=2,<3; python_version >= "3.9"',
        'f @ git+https://git.test/f.git@v1',
        'g @ https://files.test/g.zip',
      ],
    });
    expect(found.project?.optionalDependencies).toMatchObject({ value: { more: ['b[z]>=2.1,<2.2'] } });
  });

  it('is unknown where PEP 508 has no form for a constraint', () => {
    const text = `[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\na = "^1 || ^3"\n`;
    expect(facts(text).project?.dependencies).toMatchObject({
      kind: 'unknown',
      why: 'the constraint of a has no form in PEP 508',
    });
  });

  it('does not hide what [project] says', () => {
    const text = `[project]\nname = "x"\ndependencies = ["a"]\n[tool.poetry.dependencies]\nb = "*"\n`;
    expect(facts(text).project).toMatchObject({ table: 'project', dependencies: { value: ['a'] } });
  });

  it.each([
    ['*', ''],
    ['', ''],
    ['^1.2.3', '>=1.2.3,<2.0.0'],
    ['^1.2', '>=1.2,<2.0'],
    ['^0.2.3', '>=0.2.3,<0.3.0'],
    ['^0.0.3', '>=0.0.3,<0.0.4'],
    ['^0', '>=0,<1'],
    ['^0.0', '>=0.0,<0.1'],
    ['~1.2.3', '>=1.2.3,<1.3'],
    ['~1', '>=1,<2'],
    ['1.2.*', '==1.2.*'],
    ['1.2', '==1.2'],
    ['>= 1.2, < 2', '>=1.2,<2'],
    ['>=1.2 <2', '>=1.2,<2'],
    ['!=1.3', '!=1.3'],
    ['~=1.4', '~=1.4'],
    ['^1 | ^2', null],
    ['latest of all!', null],
  ])('has the constraint %j', (constraint, expected) => {
    expect(poetrySpecifier(constraint)).toBe(expected);
  });

  it.each([
    ['^3.6', 'python_version >= "3.6" and python_version < "4.0"'],
    ['>=3.6.2', 'python_full_version >= "3.6.2"'],
    [
      '^2.7 || ^3.5',
      '(python_version >= "2.7" and python_version < "3.0") or (python_version >= "3.5" and python_version < "4.0")',
    ],
    ['*', ''],
  ])('has the interpreters %j', (constraint, expected) => {
    expect(pythonMarker(constraint)).toBe(expected);
  });
});
