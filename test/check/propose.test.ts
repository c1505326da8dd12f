import { describe, expect, it } from 'vitest';
import { explain } from '../../src/check/explain.ts';
import type { ProposeContext } from '../../src/check/propose.ts';

const CONTEXT: ProposeContext = {
  project: 'demo',
  version: '1.0',
  inputs: new Set(['setuptools', 'rich']),
  ownModules: ['demo', 'zope.interface'],
  isKnown: (name) => ['pyyaml', 'attrs', 'hypothesis', 'zope-event', 'six', 'python-foo', 'numpy'].includes(name),
  isOurs: (name) => ['demo', 'six'].includes(name),
};

/** What is proposed for a log, one list a finding. */
function proposed(log: string, context: Partial<ProposeContext> = {}): readonly (readonly string[])[] {
  const all = explain(log, { context: { ...CONTEXT, ...context }, otherwise: 'build' });
  return all.map(({ proposals }) => proposals.map(({ proposal, text }) => `${proposal.project}: ${text}`));
}

const BUILD = 'Running phase: buildPhase\n';
const TESTS = 'Running phase: pytestCheckPhase\n';
const INSTALLED = '/lib/python3.13/site-packages/';

/** A trace whose innermost frame is in a package of the store. */
function traceIn(name: string, module: string): string {
  const file = `/nix/store/${'0'.repeat(32)}-python3.13-${name}-1.0${INSTALLED}${name}/__init__.py`;
  return `Traceback (most recent call last):\n  File "${file}", line 1, in <module>\nModuleNotFoundError: No module named '${module}'\n`;
}

describe('rules for Python modules', () => {
  it.each([
    ['in the build', `${BUILD}ModuleNotFoundError: No module named 'yaml'\n`, ['demo: add pyyaml to build-system']],
    [
      'of a backend',
      `${BUILD}ModuleNotFoundError: No module named 'mesonpy'\n`,
      ['demo: add meson-python to build-system'],
    ],
    [
      'when imported',
      `importing demo\nModuleNotFoundError: No module named 'attr'\n`,
      ['demo: add attrs to dependencies'],
    ],
    [
      'in the tests',
      `${TESTS}E   ModuleNotFoundError: No module named 'hypothesis'\n`,
      ['demo: add hypothesis to nativeCheckInputs'],
    ],
    [
      'of a namespace that is shared',
      `importing zope.interface\nModuleNotFoundError: No module named 'zope.event'\n`,
      ['demo: add zope-event to dependencies'],
    ],
    ['of installed code, where no phase is told', traceIn('demo', 'yaml'), ['demo: add pyyaml to dependencies']],
    [
      'of another package of the repository',
      `importing demo\n${traceIn('six', 'yaml')}`,
      ['six: add pyyaml to dependencies'],
    ],
    ['of a package that is not of the repository', `importing demo\n${traceIn('requests', 'yaml')}`, []],
    ['that the package has itself', `importing demo\nModuleNotFoundError: No module named 'demo._version'\n`, []],
    [
      'that Python took out of its library',
      `${BUILD}ModuleNotFoundError: No module named 'distutils'\n`,
      ['demo: add setuptools to build-system'],
    ],
    ['that is gone without a successor', `${BUILD}ModuleNotFoundError: No module named 'imp'\n`, []],
    [
      'of a project with another name',
      `${BUILD}ModuleNotFoundError: No module named 'foo'\n`,
      ['demo: add python-foo to build-system', 'demo: add foo to build-system'],
    ],
  ])('a module %s', (_, log, expected) => {
    expect(proposed(log)).toEqual([expected]);
  });
});

describe('rules for requirements', () => {
  it.each([
    [
      'a build requirement',
      `ERROR Missing dependencies:\n\tcython<3.1,>=3.0\n`,
      ['demo: add cython<3.1,>=3.0 to build-system'],
    ],
    [
      'its extras',
      `ERROR Missing dependencies:\n\tsetuptools_scm[toml] >= 8\n`,
      ['demo: add setuptools-scm[toml]>=8 to build-system'],
    ],
    [
      'a build requirement that is there',
      `ERROR Missing dependencies:\n\tsetuptools<=75.3.0,>=66.1.0\n`,
      [
        "demo: change the sources before the build (postPatch: sed -i 's/setuptools<=75\\.3\\.0,>=66\\.1\\.0/setuptools/' pyproject.toml)",
      ],
    ],
    ['a dependency', '  - six not installed\n', ['demo: add six to dependencies']],
    [
      'a dependency that is there',
      '  - rich<14 not satisfied by version 14.0.0\n',
      ['demo: relax rich (pythonRelaxDeps)'],
    ],
    [
      'a dependency that pip does not find, and is there',
      'installing\nERROR: No matching distribution found for rich<14\n',
      ['demo: relax rich (pythonRelaxDeps)'],
    ],
    ['the package itself', '  - demo not installed\n', []],
    ['an address', 'ERROR Missing dependencies:\n\tdemo2 @ https://demo.test/a.zip\n', []],
    ['no requirement at all', 'ERROR Missing dependencies:\n\t$(rm -rf /)\n', []],
  ])('%s', (_, log, expected) => {
    expect(proposed(log)).toEqual([expected]);
  });
});

describe('rules for libraries and programs', () => {
  it.each([
    ['a.c:1:10: fatal error: libxml/tree.h: No such file or directory', ['demo: add libxml2 to buildInputs']],
    ['a.c:1:10: fatal error: numpy/arrayobject.h: No such file or directory', ['demo: add numpy to build-system']],
    ['a.c:1:10: fatal error: generated_by_us.h: No such file or directory', []],
    ['/bin/ld: cannot find -lffi: No such file or directory', ['demo: add libffi to buildInputs']],
    ['/bin/ld: cannot find -lm', []],
    ['  libyaml-0.so.2, needed by lib/demo.so', ['demo: add libyaml to buildInputs']],
    ['  libldap-2.5.so.0, needed by lib/demo.so', ['demo: add openldap to buildInputs']],
    ['  libleveldb.so.1d, needed by lib/demo.so', ['demo: add leveldb to buildInputs']],
    ['  libvirt-qemu.so.0, needed by lib/demo.so', ['demo: add libvirt to buildInputs']],
    ['  libmade-up-2.0.so.1, needed by lib/demo.so', []],
    ['gcc: error: demo/_speed.c: No such file or directory', ['demo: add cython to build-system']],
    ["error: unknown file type '.pyx' (from 'demo/_speed.pyx')", ['demo: add cython to build-system']],
    ['sh: 1: cython: not found', ['demo: add cython to build-system']],
    ['sh: 1: cmake: not found', ['demo: add cmake to nativeBuildInputs']],
    [
      'Error: pg_config executable not found.',
      ['demo: add libpq.pg_config to nativeBuildInputs, add libpq to buildInputs'],
    ],
    ['sh: 1: frobnicate: not found', []],
  ])('%s', (line, expected) => {
    expect(proposed(`${BUILD}${line}\n`)).toEqual([expected]);
  });

  it('nothing that is among the inputs already', () => {
    const log = `${BUILD}a.c:1:10: fatal error: zlib.h: No such file or directory\n`;
    expect(proposed(log, { inputs: new Set(['zlib']) })).toEqual([[]]);
  });
});

describe('rules for versions', () => {
  const log = 'the wheel is of version 0.0.0, the expression says 1.0\n';

  it('plugins of the backend that make a version of none, the usual one first', () => {
    expect(proposed(log)[0]?.slice(0, 2)).toEqual([
      'demo: add setuptools-scm to build-system',
      'demo: add pbr to build-system',
    ]);
    expect(proposed(log, { inputs: new Set(['poetry-core']) })).toEqual([
      ['demo: add poetry-dynamic-versioning to build-system'],
    ]);
    expect(proposed(log, { inputs: new Set(['hatchling']) })).toEqual([[]]);
  });

  it('the version itself where the plugin is there and finds none', () => {
    expect(proposed(log, { inputs: new Set(['setuptools', 'setuptools-scm']) })).toEqual([
      ['demo: set SETUPTOOLS_SCM_PRETEND_VERSION to 1.0 in env'],
    ]);
  });

  it('none for a version that somebody wrote', () => {
    expect(proposed(log.replace('0.0.0', '0.9.1'))).toEqual([[]]);
  });
});

describe('rules for what setuptools passes over', () => {
  it('the plugin that would have built what cannot be imported', () => {
    const log = `${BUILD}UserWarning: Unknown distribution option: 'cffi_modules'\nimporting demo\nModuleNotFoundError: No module named 'demo._native'\n`;
    expect(proposed(log)).toEqual([['demo: add cffi to build-system'], []]);
  });
});

describe('rules for tests', () => {
  const summary = (lines: readonly string[], passed: number): string =>
    `${TESTS}=========================== short test summary info ============================\n${lines.join('\n')}\n=== ${lines.length} failed, ${passed} passed in 1.00s ===\n`;

  it('tests that failed by name are left out', () => {
    expect(proposed(summary(['FAILED tests/a.py::T::test_b[1]', 'FAILED tests/a.py::test_a - x'], 5))).toEqual([
      ['demo: add test_a, test_b to disabledTests'],
    ]);
  });

  it('files that cannot be read are left out by their path', () => {
    expect(proposed(summary(['ERROR tests/slow.py - RuntimeError: x'], 5))).toEqual([
      ['demo: add tests/slow.py to disabledTestPaths'],
    ]);
  });

  it.each([
    ['most of them failed', summary(['FAILED tests/a.py::test_a', 'FAILED tests/a.py::test_b'], 1)],
    [
      'too many failed',
      summary(
        Array.from({ length: 21 }, (_, n) => `FAILED tests/a.py::test_${n}`),
        900,
      ),
    ],
    ['unittest ran them', 'running tests\nFAIL: test_one (tests.a.T.test_one)\nRan 5 tests in 1.0s\n'],
    ['a name is none', summary(["FAILED tests/a.py::test_a' or true - x"], 5)],
  ])('nothing where %s', (_, log) => {
    expect(proposed(log).flat()).toEqual([]);
  });
});
