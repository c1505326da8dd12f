import { describe, expect, it } from 'vitest';
import { explainLog } from '../../src/check/explain-log.ts';
import { findingText } from '../../src/check/finding-text.ts';

/** What is said of a log, one line a finding. */
function said(log: string): readonly string[] {
  return explainLog(log).map((finding) => `${finding.stage}: ${findingText(finding)}`);
}

describe('what builds say of Python projects', () => {
  it.each([
    [
      'pypa/build before 2026',
      'Running phase: buildPhase\n* Getting build dependencies for wheel...\n\nERROR Missing dependencies:\n\tsetuptools-scm[toml]>=8\n\tmaturin<2,>=1.0\n',
      [
        'build: the build requirement setuptools-scm[toml]>=8 is missing, or there in another version',
        'build: the build requirement maturin<2,>=1.0 is missing, or there in another version',
      ],
    ],
    [
      'pypa/build of 2026',
      'ERROR Unmet dependencies (checked against /nix/store/x/bin/python3.13):\n    anndata>=0.7.4\n        wanted: >=0.7.4\n        found: not installed\n    matplotlib>=3.4 -> kiwisolver>=1.0.1\n        wanted: >=1.0.1\n        found: 1.0.0\n',
      [
        'build: the build requirement anndata>=0.7.4 is missing',
        'build: the build requirement kiwisolver>=1.0.1 is not met: 1.0.0 is there',
      ],
    ],
    [
      'pythonRuntimeDepsCheckHook',
      'srctools> Executing pythonRuntimeDepsCheck\nsrctools> Checking runtime dependencies for demo-1.0-py3-none-any.whl\nsrctools>   - useful-types not installed\nsrctools>   - rich<14 not satisfied by version 14.0.0\n',
      [
        'install: the requirement useful-types is missing',
        'install: the requirement rich<14 is not met: 14.0.0 is there',
      ],
    ],
    [
      'pip, where nixpkgs of 2020 installs a wheel',
      'installing\nExecuting pipInstallPhase\nERROR: Could not find a version that satisfies the requirement packaging<22 (from devpi-common) (from versions: none)\nERROR: No matching distribution found for packaging<22\n',
      ['install: the requirement packaging<22 is missing, or there in another version'],
    ],
    [
      'pip without isolation',
      "building\nERROR: Some build dependencies for file:///build/demo are missing: 'hatchling', 'hatch-vcs>=0.4'.\n",
      ['build: the build requirement hatchling is missing', 'build: the build requirement hatch-vcs>=0.4 is missing'],
    ],
    [
      'pkg_resources',
      "running tests\npkg_resources.DistributionNotFound: The 'mock>=1.0' distribution was not found and is required by the application\n",
      ['tests: the test requirement mock>=1.0 is missing'],
    ],
    [
      'setup_requires of setuptools',
      "building\ndistutils.errors.DistutilsError: Could not find suitable distribution for Requirement.parse('setuptools_scm>=3')\n",
      ['build: the build requirement setuptools_scm>=3 is missing'],
    ],
    [
      'a command of setuptools',
      "building\nerror: invalid command 'bdist_wheel'\n",
      ['build: the build requirement wheel is missing'],
    ],
    [
      'a plugin of hatchling',
      'Running phase: buildPhase\nhatchling.plugin.exceptions.UnknownPluginError: Unknown version source: vcs\n',
      ['build: the build requirement hatch-vcs is missing'],
    ],
    [
      'options of plugins of pytest',
      'Executing pytestCheckPhase\nERROR: usage: __main__.py [options] [file_or_dir]\n__main__.py: error: unrecognized arguments: --cov=demo --cov-report=term --timeout=5 tests\n',
      ['tests: the test requirement pytest-cov is missing', 'tests: the test requirement pytest-timeout is missing'],
    ],
    [
      'a fixture of a plugin of pytest',
      "Running phase: pytestCheckPhase\nE       fixture 'mocker' not found\n",
      ['tests: the test requirement pytest-mock is missing'],
    ],
    [
      'a check of a builder of its own',
      '== buildPhase\nundeclared build requirements ([build-system].requires of pyproject.toml):\n  cython>=3: not there\n  setuptools<70: 84.2.1 is there\n',
      [
        'build: the build requirement cython>=3 is missing',
        'build: the build requirement setuptools<70 is not met: 84.2.1 is there',
      ],
    ],
  ])('%s', (_, log, expected) => {
    expect(said(log)).toEqual(expected);
  });
});

describe('what builds say of Python modules', () => {
  it('a module that setup.py imports', () => {
    const log = `Running phase: buildPhase
Traceback (most recent call last):
  File "/nix/store/00000000000000000000000000000000-python3.13-setuptools-80.9.0/lib/python3.13/site-packages/setuptools/build_meta.py", line 317, in run_setup
    exec(code, locals())
  File "<string>", line 3, in <module>
ModuleNotFoundError: No module named 'Cython'
`;
    expect(said(log)).toEqual(['build: the Python module Cython is missing']);
  });

  it('a module that is missing when the package is imported', () => {
    const log = `Executing pythonImportsCheckPhase
Check whether the following modules can be imported: demo
  File "/nix/store/00000000000000000000000000000000-python3.13-demo-1.0/lib/python3.13/site-packages/demo/__init__.py", line 1, in <module>
    import yaml
ModuleNotFoundError: No module named 'yaml'
`;
    expect(said(log)).toEqual(['imports: the Python module yaml, which demo imports, is missing when it is imported']);
  });

  it('a module that a file of tests imports, beside the tests that cannot be read', () => {
    const log = `Executing pytestCheckPhase
============================= test session starts ==============================
______________ ERROR collecting tests/test_demo.py ______________
tests/test_demo.py:3: in <module>
    import hypothesis
E   ModuleNotFoundError: No module named 'hypothesis'
=========================== short test summary info ============================
ERROR tests/test_demo.py
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
=============================== 1 error in 0.12s ===============================
`;
    expect(said(log)).toEqual([
      'tests: the Python module hypothesis is missing in the tests',
      'tests: 1 test failed, 0 passed: tests/test_demo.py (cannot be read)',
    ]);
  });

  it('a module that Python has taken out of its library', () => {
    expect(said("Running phase: buildPhase\nModuleNotFoundError: No module named 'distutils'\n")).toEqual([
      'build: the Python module distutils is missing: Python 3.12 took it out of the standard library',
    ]);
  });
});

describe('what builds say of libraries and programs', () => {
  it.each([
    [
      'gcc',
      'src/a.c:2:10: fatal error: libxml/tree.h: No such file or directory',
      'the header libxml/tree.h is missing',
    ],
    ['clang', "a.c:1:10: fatal error: 'zlib.h' file not found", 'the header zlib.h is missing'],
    ['GNU ld', '/nix/store/x/bin/ld: cannot find -lpq: No such file or directory', 'the library pq is missing'],
    ['ld of macOS', 'ld: library not found for -lffi', 'the library ffi is missing'],
    [
      'the dynamic linker',
      'ImportError: libgeos_c.so.1: cannot open shared object file: No such file or directory',
      'the library geos_c is missing',
    ],
    [
      'autoPatchelfHook',
      'error: auto-patchelf could not satisfy dependency libz.so.1 wanted by /nix/store/x/a.so',
      'the library z is missing',
    ],
    ['a comparison of links', '  libz.so.1, needed by lib/python3.11/site-packages/a.so', 'the library z is missing'],
    [
      'pkg-config',
      'Package libffi was not found in the pkg-config search path.',
      'the pkg-config module libffi is missing',
    ],
    [
      'newer pkg-config',
      "Package 'openssl', required by 'virtual:world', not found",
      'the pkg-config module openssl is missing',
    ],
    [
      'Meson',
      '../meson.build:41:12: ERROR: Dependency "cairo" not found, tried pkgconfig and cmake',
      'the dependency cairo is missing',
    ],
    [
      'Meson, a compiler',
      "../meson.build:1:0: ERROR: Unknown compiler(s): [['cython'], ['cython3']]",
      'the program cython is missing',
    ],
    [
      'Meson, a program',
      "../meson.build:9:0: ERROR: Program 'bison' not found or not executable",
      'the program bison is missing',
    ],
    ['CMake', '  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)', 'the CMake package ZLIB is missing'],
    [
      'CMake, a configuration',
      '  Could not find a package configuration file provided by "Arrow" with any of',
      'the CMake package Arrow is missing',
    ],
    ['sh', '/bin/sh: line 1: pkg-config: command not found', 'the program pkg-config is missing'],
    ['make', 'make: swig: No such file or directory', 'the program swig is missing'],
    [
      'Python',
      "FileNotFoundError: [Errno 2] No such file or directory: 'mysql_config'",
      'the program mysql_config is missing',
    ],
    ['distutils', "error: command 'swig' failed: No such file or directory", 'the program swig is missing'],
    ['psycopg2', 'Error: pg_config executable not found.', 'the program pg_config is missing'],
    ['Pillow', '__main__.RequiredDependencyException: jpeg', 'the dependency jpeg is missing'],
    [
      'a crate',
      'The system library `openssl` required by crate `openssl-sys` was not found.',
      'the pkg-config module openssl is missing',
    ],
  ])('%s', (_, line, expected) => {
    expect(said(`Running phase: buildPhase\n${line}\nerror: command failed\n`)).toEqual([`build: ${expected}`]);
  });

  it('what CMake only looked for, and a header that was tried long before the end, are no causes', () => {
    const probes =
      'probe.c:1:10: fatal error: sys/epoll.h: No such file or directory\n-- Could NOT find OpenMP (missing: OpenMP_C_FLAGS)\n';
    const log = `Running phase: buildPhase\n${probes}${'compiling\n'.repeat(60)}a.c:1:10: fatal error: zlib.h: No such file or directory\n`;
    expect(said(log)).toEqual(['build: the header zlib.h is missing']);
  });

  it('what a build could do without is no cause of failing tests', () => {
    const log = `Running phase: buildPhase\nprobe.c:1:10: fatal error: epoll.h: No such file or directory\nRunning phase: pytestCheckPhase
=========================== short test summary info ============================
FAILED tests/test_a.py::test_sum - assert 1 == 2
==================== 1 failed, 3 passed in 0.10s ====================
`;
    expect(said(log)).toEqual(['tests: 1 test failed, 3 passed: test_sum']);
  });
});

describe('what tests say', () => {
  it('names of failed tests, without classes and parameters', () => {
    const log = `Executing pytestCheckPhase
=========================== short test summary info ============================
FAILED tests/test_net.py::TestGet::test_url[http://a b] - requests.exceptions.ConnectionError: HTTPSConnectionPool(host='demo.test', port=443): Max retries exceeded with url: /
FAILED tests/test_net.py::test_dates
==================== 2 failed, 14 passed in 0.12s ====================
`;
    expect(said(log)).toEqual([
      'tests: a test asks for the network (demo.test), which builds do not have',
      'tests: 2 tests failed, 14 passed: test_url and test_dates',
    ]);
  });

  it('unittest', () => {
    const log = `running tests
======================================================================
FAIL: test_one (tests.test_a.Sums.test_one)
----------------------------------------------------------------------
AssertionError: 1 != 2
----------------------------------------------------------------------
Ran 5 tests in 0.001s

FAILED (failures=1)
`;
    expect(said(log)).toEqual(['tests: 1 test failed, 4 passed: test_one']);
  });
});

describe('what Nix says', () => {
  it.each([
    [
      "error: function 'anonymous lambda' called without required argument 'foo'",
      'evaluate: the package set has no foo, which the expression takes as an argument',
    ],
    [
      'error: evaluation aborted with the following error message: \'lib.customisation.callPackageWith: Function called without required argument "foo" at /x/default.nix:3, did you mean "fo"?\'',
      'evaluate: the package set has no foo, which the expression takes as an argument',
    ],
    [
      'error: anonymous function at /x.nix:1:1 called without required argument ‘foo’, at /y.nix:2:3',
      'evaluate: the package set has no foo, which the expression takes as an argument',
    ],
    [
      'error: infinite recursion encountered, at undefined position',
      'evaluate: the evaluation goes round for ever: a package needs itself, most often through check inputs',
    ],
    ["error: syntax error, unexpected ';', expecting ID", "evaluate: Nix cannot read it: unexpected ';', expecting ID"],
    ["error: undefined variable 'lbi'", 'evaluate: the package set has no attribute lbi'],
  ])('%s', (log, expected) => {
    expect(said(log)).toEqual([expected]);
  });

  it('a digest that is another, in the words of new and old Nix', () => {
    const path = '/nix/store/00000000000000000000000000000000-a-1.tar.gz';
    const now = `error: hash mismatch in fixed-output derivation '${path}.drv':\n         specified: sha256-AAA=\n            got:    sha256-BBB=\n`;
    const before = `error: fixed-output derivation produced path ‘${path}’ with sha256 hash ‘bbb’ instead of the expected hash ‘aaa’\n`;
    expect(said(now)).toEqual(['source: a-1.tar.gz has the digest sha256-BBB=, not sha256-AAA=']);
    expect(said(before)).toEqual(['source: a-1.tar.gz has the digest bbb, not aaa']);
  });
});

describe('hostile logs', () => {
  it('escape sequences and control characters do not come through', () => {
    const [finding] = explainLog("\u001b[31mModuleNotFoundError\u001b[0m: No module named 'a'\u0007\u202e\r\n");
    expect(finding?.evidence).toBe("ModuleNotFoundError: No module named 'a'");
  });

  it('a long line and many lines are read in a moment', () => {
    const long = `ERROR: ${'a '.repeat(2_000_000)}\n${' - '.repeat(500_000)}`;
    expect(said(long)).toEqual([]);
    expect(said(`${'error: command\n'.repeat(150_000)}No module named 'a'\n`)).toEqual([
      'build: the Python module a is missing',
    ]);
  });

  it('a log without a cause that is known has no finding', () => {
    expect(said('Running phase: buildPhase\nsomething else\n')).toEqual([]);
  });
});
