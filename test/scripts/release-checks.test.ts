import { describe, expect, it } from 'vitest';
import { buildSystemFaults, dependencyFaults, importFaults } from '../../scripts/support/release-checks.ts';
import type { PythonInput } from '../../src/classify/package-facts.ts';
import { markerEnvironments } from '../../src/nixpkgs/targets.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { emptyFacts, emptySdist } from './support/facts.ts';

const TARGETS = markerEnvironments(['3.11', '3.13'], ['x86_64-linux', 'aarch64-darwin']);

describe('run-time dependencies beside METADATA', () => {
  it.each([
    ['the same name', ['six'], ['six'], []],
    ['a marker in other words', ['tomli; python_version < "3.12"'], ["tomli; python_version <= '3.11'"], []],
    ['two markers that make one', ['a; sys_platform == "linux"', 'a; sys_platform == "darwin"'], ['a'], []],
    ['a marker that no target meets', ['colorama; sys_platform == "win32"'], [], []],
    ['a requirement of an extra', ['pytest; extra == "test"'], [], []],
    ['a missing name', ['six'], [], ['six: METADATA always, here never']],
    ['a name too many', [], ['six'], ['six: METADATA never, here always']],
    ['a lost extra', ['kombu[redis]'], ['kombu'], ['kombu: METADATA always with [redis], here always']],
    [
      'a lost marker',
      ['tomli; python_version < "3.12"'],
      ['tomli'],
      ['tomli: METADATA on 3.11-arm64-darwin 3.11-x86_64-linux, here always'],
    ],
  ])('%s', (_title, stated, inputs, faults) => {
    expect(faultsOf(stated, inputs, null)).toEqual(faults);
  });

  it('interpreters that the release excludes do not matter', () => {
    expect(faultsOf(['tomli; python_version < "3.12"'], [], '>=3.12')).toEqual([]);
  });

  it('the host of a plugin may stand among the libraries', () => {
    const facts = emptyFacts({ buildInputs: [pythonInput('pytest')] });
    const requirements = [parseRequirement('pytest')];
    expect(dependencyFaults(facts, { requirements, requiresPython: null }, TARGETS)).toEqual([]);
  });

  function faultsOf(stated: readonly string[], inputs: readonly string[], requiresPython: string | null) {
    const facts = emptyFacts({ dependencies: inputs.map(pythonInput) });
    return dependencyFaults(facts, { requirements: stated.map(parseRequirement), requiresPython }, TARGETS);
  }
});

describe('build requirements beside pyproject.toml', () => {
  it.each([
    ['the same', ['setuptools', 'cython'], ['setuptools', 'cython'], []],
    ['one for no target', ['setuptools', 'x; python_version < "3.8"'], ['setuptools'], []],
    ['one is missing', ['setuptools', 'cython'], ['setuptools'], ['cython is asked for and missing']],
    ['one too many', ['setuptools'], ['setuptools', 'wheel'], ['wheel is not asked for']],
    ['nothing is required', [], [], []],
  ])('%s', (_title, requires, inputs, faults) => {
    const sdist = emptySdist({ requires, backend: 'setuptools.build_meta' });
    const facts = emptyFacts({ 'build-system': inputs.map(pythonInput) });
    expect(buildSystemFaults(facts, sdist, TARGETS)).toEqual(faults);
  });

  it('a backend whose hooks ask for tools has them as tools', () => {
    const sdist = emptySdist({ requires: ['scikit-build-core'], backend: 'scikit_build_core.build' });
    const build = { 'build-system': [pythonInput('scikit-build-core')] };
    const tool = { kind: 'system', attribute: 'cmake', origins: [] } as const;
    expect(buildSystemFaults(emptyFacts({ ...build, nativeBuildInputs: [tool] }), sdist, TARGETS)).toEqual([
      'ninja is asked for and missing',
    ]);
  });

  it('a hook of nixpkgs stands for the backend that it brings', () => {
    const sdist = emptySdist({ requires: ['maturin'], backend: 'maturin' });
    const hook = { kind: 'system', attribute: 'rustPlatform.maturinBuildHook', origins: [] } as const;
    expect(buildSystemFaults(emptyFacts({ nativeBuildInputs: [hook] }), sdist, TARGETS)).toEqual([]);
  });

  it('setup_requires counts where setuptools builds', () => {
    const sdist = emptySdist({ requires: null, backend: null, setupRequires: ['cffi'] });
    const facts = emptyFacts({ 'build-system': [pythonInput('setuptools')] });
    expect(buildSystemFaults(facts, sdist, TARGETS)).toEqual(['cffi is asked for and missing']);
  });

  it('what setup.py imports may be there', () => {
    const imported: PythonInput = { ...pythonInput('numpy'), origins: [{ kind: 'inference', text: 'imports numpy' }] };
    const facts = emptyFacts({ 'build-system': [pythonInput('setuptools'), imported] });
    expect(buildSystemFaults(facts, emptySdist({ requires: null, backend: null }), TARGETS)).toEqual([]);
  });
});

describe('names to import beside the files of the wheel', () => {
  it.each([
    ['kettle', ['kettle/__init__.py'], []],
    ['kettle.spout', ['kettle/spout.py'], []],
    ['six', ['six.py', 'six-1.0.dist-info/METADATA'], []],
    ['kettle._fast', ['kettle/_fast.cpython-313-x86_64-linux-gnu.so'], []],
    ['kettle._rust', ['kettle/_rust.abi3.so'], []],
    ['kettle', ['kettle-1.0.data/platlib/kettle/__init__.py'], []],
    ['zope.kettle', ['zope/kettle/__init__.py'], []],
    ['Kettle', ['kettle/__init__.py'], ['Kettle is not in the wheel']],
    ['kettle.lid', ['kettle/__init__.py', 'kettle/lid.txt'], ['kettle.lid is not in the wheel']],
  ])('%s in %j', (module, paths, faults) => {
    expect(importFaults([module], paths)).toEqual(faults);
  });
});

function pythonInput(text: string): PythonInput {
  const { name, extras, marker } = parseRequirement(text);
  const origins = [{ kind: 'requirement', text: 'declared' }] as const;
  return { kind: 'python', name, extras, specifier: '', marker, origins };
}
