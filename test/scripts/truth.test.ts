import { describe, expect, it } from 'vitest';
import { comparedNames } from '../../scripts/support/attribute-names.ts';
import { broughtByFormat, compareLists, strictTallyOf, tallyOf } from '../../scripts/support/compare-lists.ts';
import { conditionalNames, emptyLists, listsOfTruth } from '../../scripts/support/project-lists.ts';
import { parseTruth } from '../../scripts/support/truth.ts';
import type { PythonInput } from '../../src/classify/package-facts.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import { pythonInput } from '../classify/support/package.ts';
import { emptyFacts } from './support/facts.ts';
import { truthEntry, truthRecord } from './support/records.ts';

describe('a truth file', () => {
  it.each([
    ['{}', 'is no list of records'],
    ['[]', 'is no list of records'],
    [JSON.stringify([truthEntry(), truthEntry({ pypi: '../x' })]), 'record 2: pypi: is no name of a project'],
    [
      JSON.stringify([truthEntry({ dependencies: 'six' })]),
      'record 1: dependencies: Invalid type: Expected Array but received "six"',
    ],
  ])('is refused with the place of the fault: %s', (text, message) => {
    expect(() => parseTruth(text)).toThrow(message);
  });
});

describe('the names that are compared', () => {
  it.each([
    ['the same name', ['six'], ['six']],
    ['an output', ['dbus.out', 'openssl.dev'], ['dbus', 'openssl']],
    ['an attribute of another set', ['blosc2.c-blosc2'], ['c-blosc2']],
    ['a major version', ['cython_0', 'openssl_1_1'], ['cython', 'openssl']],
    ['a hook that brings a project', ['pytestCheckHook', 'rustPlatform.maturinBuildHook'], ['maturin', 'pytest']],
    ['a hook that brings none', ['unittestCheckHook', 'writableTmpDirAsHomeHook'], []],
    ['a stub of a plugin', ['pytest-cov-stub'], ['pytest-cov']],
    ['a name of other releases', ['unixODBC'], ['unixodbc']],
  ])('%s', (_title, attributes, names) => {
    expect(comparedNames(attributes)).toEqual(names);
  });
});

describe('what nixpkgs has for a project', () => {
  it('divides build-system and nativeBuildInputs into Python packages and tools', () => {
    const { 'build-system': build, tools } = listsOfTruth(
      truthRecord({
        'build-system': ['setuptools', 'pkg-config', 'rustPlatform.cargoSetupHook'],
        nativeBuildInputs: ['cython', 'swig', 'sphinxHook'],
      }),
    );
    expect({ build, tools }).toEqual({
      build: ['cython', 'setuptools', 'sphinx'],
      tools: ['cargoSetupHook', 'pkg-config', 'swig'],
    });
  });

  it('counts both names of the lists of dependencies and of checks', () => {
    const { dependencies, tests } = listsOfTruth(
      truthRecord({
        dependencies: ['six'],
        propagatedBuildInputs: ['attrs'],
        nativeCheckInputs: ['pytestCheckHook'],
        checkInputs: ['mock'],
      }),
    );
    expect({ dependencies, tests }).toEqual({ dependencies: ['attrs', 'six'], tests: ['mock', 'pytest'] });
  });

  it('says nothing on tests, names to import and licence where the expression has none', () => {
    const { tests, imports, licence } = listsOfTruth(truthRecord({ pythonImportsCheck: null, license: null }));
    expect({ tests, imports, licence }).toEqual({ tests: null, imports: null, licence: null });
  });

  it('has extras by their normalized names', () => {
    const record = truthRecord({ 'optional-dependencies': { use_chardet: ['chardet'] } });
    expect(listsOfTruth(record)['optional-dependencies']).toEqual(['use-chardet:chardet']);
  });

  it('has one name for the ids of the same licence', () => {
    const licences = [
      { shortName: 'psfl', spdxId: 'Python-2.0' },
      { shortName: 'mine', spdxId: null },
    ];
    expect(listsOfTruth(truthRecord({ license: licences })).licence).toEqual(['mine', 'psfl']);
  });
});

describe('a comparison of build requirements', () => {
  const compare = (truth: readonly string[], here: readonly string[], format = 'pyproject') =>
    compareLists(
      'build-system',
      { truth: { ...emptyLists(), 'build-system': truth }, here: { ...emptyLists(), 'build-system': here } },
      {
        project: 'kettle',
        version: '1.0',
        brought: broughtByFormat(format),
        conditional: { 'build-system': new Set(['tomli']), tests: new Set(['tox']) },
      },
    );

  it.each([
    ['wheel beside setuptools', ['setuptools'], ['setuptools', 'wheel'], 'pyproject', 1, 0, 0],
    ['what a backend requires', ['meson-python'], ['meson', 'meson-python', 'ninja'], 'pyproject', 1, 0, 0],
    ['what a plugin of a backend brings', ['hatch-vcs'], ['hatch-vcs', 'hatchling'], 'pyproject', 1, 0, 0],
    ['setuptools of the old format', [], ['setuptools'], 'setuptools', 0, 0, 0],
    ['setuptools of the new format', [], ['setuptools'], 'pyproject', 0, 0, 1],
    ['what we have under a condition', [], ['tomli'], 'pyproject', 0, 0, 0],
    ['what we have under a condition elsewhere', [], ['tox'], 'pyproject', 0, 0, 1],
    ['what both have, we under a condition', ['tomli'], ['tomli'], 'pyproject', 1, 0, 0],
    ['a name that is missing', ['cython', 'setuptools'], ['setuptools'], 'pyproject', 1, 1, 0],
  ])('%s', (_title, truth, here, format, both, onlyTruth, onlyHere) => {
    const comparison = compare(truth, here, format);
    expect(comparison === null ? null : tallyOf(comparison)).toEqual({ both, onlyTruth, onlyHere });
  });

  it('counts what is implied when it is strict', () => {
    const comparison = compare(['hatch-vcs'], ['hatch-vcs', 'hatchling']);
    expect(comparison === null ? null : strictTallyOf(comparison)).toEqual({ both: 1, onlyTruth: 0, onlyHere: 1 });
  });
});

it.each([
  ['a marker that holds on some targets', { marker: parseMarker('python_version < "3.12"') }, ['cffi']],
  ['a marker that holds on all', { origins: [stated('cffi; implementation_name != "pypy"')] }, ['cffi']],
  ['one statement without a marker', { origins: [stated('cffi; os_name == "nt"'), stated('cffi')] }, []],
  ['the marker of an extra', { origins: [stated('cffi; extra == "test"')] }, []],
])('a name is conditional or not by %s', (_title, parts: Partial<PythonInput>, names) => {
  const facts = emptyFacts({ dependencies: [{ ...pythonInput('cffi'), ...parts }] });
  expect([...conditionalNames(facts).dependencies]).toEqual(names);
});

it('a member of an extra is conditional by its marker, and a tool by its own', () => {
  const udev = {
    kind: 'system',
    attribute: 'udev',
    origins: [],
    marker: parseMarker('sys_platform == "linux"'),
  } as const;
  const facts = {
    ...emptyFacts({ buildInputs: [udev] }),
    optionalDependencies: { a_b: [{ ...pythonInput('cffi'), marker: parseMarker('python_version < "3.12"') }] },
  };
  const { libraries, ...others } = conditionalNames(facts);
  expect([...libraries, ...others['optional-dependencies']]).toEqual(['udev', 'a-b:cffi']);
});

function stated(requirement: string): PythonInput['origins'][number] {
  return { kind: 'requirement', text: 'declared', requirement };
}

it('nothing is compared where nixpkgs says nothing', () => {
  const sides = { truth: { ...emptyLists(), tests: null }, here: { ...emptyLists(), tests: ['pytest'] } };
  expect(compareLists('tests', sides, { project: 'kettle', version: '1.0', brought: [], conditional: {} })).toBeNull();
});
