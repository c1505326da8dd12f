import { describe, expect, it } from 'vitest';
import { type ExtraMembers, extraMembers } from '../../src/classify/extra-members.ts';
import { type TestInputOptions, testInputs } from '../../src/classify/test-inputs.ts';
import { isDevelopmentGroup, isNeededToTest, isTestGroup } from '../../src/classify/test-tools.ts';
import type { ImportStatement, SdistFacts } from '../../src/metadata/release-facts.ts';
import { parseRequirement, type Requirement } from '../../src/pep/requirement.ts';
import { sdistFacts, setupScript, someTests } from './support/facts.ts';

const LINUX = { python_version: '3.13', python_full_version: '3.13.0', sys_platform: 'linux', os_name: 'posix' };

function membersOf(requirements: readonly Requirement[]): ExtraMembers {
  return extraMembers({ project: 'it', requirements, provided: [], targets: [LINUX] });
}

const NO_MEMBERS = membersOf([]);

function namesFor(facts: SdistFacts, options: Partial<TestInputOptions> = {}): string[] {
  return testInputs(facts, {
    name: 'it',
    targets: [LINUX],
    present: new Set(),
    members: NO_MEMBERS,
    ...options,
  }).inputs.map((input) => (input.kind === 'python' ? input.name : `the tool ${input.attribute}`));
}

/** Imports that a test file can do without. */
function guardedImports(...modules: readonly string[]): ImportStatement[] {
  return modules.map((module) => ({ file: 'tests/test_a.py', line: 1, module, guarded: true, optional: false }));
}

describe('test inputs', () => {
  it('are the projects that test files import', () => {
    expect(namesFor(sdistFacts({ tests: someTests(['pytest', 'yaml', 'numpy.linalg']) }))).toEqual([
      'numpy',
      'pytest',
      'pyyaml',
    ]);
  });

  it('are the projects for which a library has a module of its own, where the sdist names them', () => {
    const tests = someTests(['hypothesis.extra.pytz', 'hypothesis.extra.numpy']);
    const requirementFiles = [{ path: 'dev-requirements.txt', requirements: ['pytz'] }];
    expect(namesFor(sdistFacts({ tests, requirementFiles }))).toEqual(['hypothesis', 'pytz']);
  });

  it('are plugins that only change how tests run, where tox names them and something asks for them', () => {
    const toxDeps = {
      kind: 'known',
      value: ['pytest', 'pytest-xdist', 'pytest-timeout', 'pytest-sugar', 'pytest-asyncio'],
      place: { file: 'tox.ini' },
    } as const;
    const asked = someTests(['pytest'], { pytestOptions: '-n auto', pytestNames: ['timeout'] });
    expect(namesFor(sdistFacts({ tests: someTests(['pytest']), toxDeps }))).toEqual(['pytest', 'pytest-asyncio']);
    expect(namesFor(sdistFacts({ tests: asked, toxDeps }))).toEqual([
      'pytest',
      'pytest-asyncio',
      'pytest-timeout',
      'pytest-xdist',
    ]);
  });

  it('are the plugins whose options the configuration of pytest has, whether something names them or not', () => {
    const tests = someTests(['pytest'], { pytestOptions: '-ra --cov=it --timeout 60 -n auto' });
    expect(namesFor(sdistFacts({ tests }))).toEqual(['pytest', 'pytest-cov', 'pytest-timeout', 'pytest-xdist']);
  });

  it('are the plugins whose marks the tests have, where pytest refuses marks that it does not know', () => {
    const dev = [{ path: 'requirements-dev.txt', requirements: ['sphinx', 'pytest-codspeed'] }];
    const strict = someTests(['pytest'], {
      pytestOptions: '--strict-markers',
      pytestNames: ['benchmark', 'mine', 'timeout', 'trio'],
    });
    expect(namesFor(sdistFacts({ tests: strict, requirementFiles: dev }))).toEqual([
      'pytest',
      'pytest-codspeed',
      'pytest-trio',
    ]);
    const setting = someTests(['pytest'], { pytestNames: ['strict_markers', 'trio'] });
    expect(namesFor(sdistFacts({ tests: setting }))).toEqual(['pytest', 'pytest-trio']);
    expect(namesFor(sdistFacts({ tests: someTests(['pytest'], { pytestNames: ['trio'] }) }))).toEqual(['pytest']);
  });

  it('keep the bounds of tox that only other interpreters contradict', () => {
    const value = ["pytest<5; python_version < '3'", 'pytest>=7'];
    const toxDeps = { kind: 'known', value, place: { file: 'tox.ini', line: 1 } } as const;
    const { inputs, notes } = testInputs(sdistFacts({ tests: someTests(['pytest']), toxDeps }), {
      name: 'it',
      targets: [LINUX],
      present: new Set(),
      members: NO_MEMBERS,
    });
    expect(inputs.map((input) => (input.kind === 'python' ? `${input.name}${input.specifier}` : ''))).toEqual([
      'pytest>=7',
    ]);
    expect(notes).toEqual([]);
  });

  it('have no bounds where the environments of tox contradict each other, with a note', () => {
    const toxDeps = {
      kind: 'known',
      value: ['pytest==7.4.4', 'pytest==8.3.4', 'pytest-mock<4'],
      place: { file: 'tox.ini', line: 1 },
    } as const;
    const { inputs, notes } = testInputs(sdistFacts({ tests: someTests(['pytest', 'pytest_mock']), toxDeps }), {
      name: 'it',
      targets: [LINUX],
      present: new Set(),
      members: NO_MEMBERS,
    });
    const bounds = inputs.map((input) => (input.kind === 'python' ? `${input.name}${input.specifier}` : ''));
    expect(bounds).toEqual(['pytest', 'pytest-mock<4']);
    expect(notes.map(({ kind, text }) => [kind, text])).toEqual([
      [
        'omitted',
        'the bounds of pytest for tests contradict each other, and those of tox and nox are left out: pytest==7.4.4 and pytest==8.3.4',
      ],
    ]);
  });

  it('are the plugins of pytest that developers install, where nothing is stated for tests alone', () => {
    const dev = [
      { path: 'requirements-dev.txt', requirements: ['pytest-asyncio', 'steam-pytest', 'sphinx', 'pytest-cov'] },
    ];
    const facts = sdistFacts({ tests: someTests(['pytest']), requirementFiles: dev });
    expect(namesFor(facts)).toEqual(['pytest', 'pytest-asyncio', 'steam-pytest']);
    const stated = sdistFacts({
      tests: someTests(['pytest']),
      requirementFiles: dev,
      setupScript: setupScript({
        testsRequire: { kind: 'known', value: ['lid'], place: { file: 'setup.py', line: 1 } },
      }),
    });
    expect(namesFor(stated)).toEqual(['lid', 'pytest']);
  });

  it('are the plugins of pytest in an extra for developers, where nothing is stated for tests alone', () => {
    const members = membersOf(
      ['pytest-mock; extra == "devenv"', 'zest-releaser; extra == "devenv"'].map((text) => parseRequirement(text)),
    );
    expect(namesFor(sdistFacts({ tests: someTests(['pytest']) }), { members })).toEqual(['pytest', 'pytest-mock']);
  });

  it('of a group that more tests need are plugins of pytest and what the tests import without a guard', () => {
    const requires = { kind: 'absent' } as const;
    const pyproject = {
      ...{ requires, buildBackend: null, backendPath: [], project: null, toolGroups: {}, tools: [] },
      dependencyGroups: { 'test-extras': ['numpy', 'pandas', 'dirty-equals', 'pytest-mpl'] },
    };
    const tests = someTests(['pytest', 'dirty_equals']);
    const facts = sdistFacts({
      tests: { ...tests, imports: [...tests.imports, ...guardedImports('numpy')] },
      pyproject,
    });
    expect(namesFor(facts)).toEqual(['dirty-equals', 'pytest', 'pytest-mpl']);
  });

  it('leave out py, which pytest brings', () => {
    expect(namesFor(sdistFacts({ tests: someTests(['pytest', 'py']) }))).toEqual(['pytest']);
    expect(namesFor(sdistFacts({ tests: someTests(['pytest', 'py.code']) }))).toEqual(['py', 'pytest']);
  });

  it('leave out imports that the tests can do without', () => {
    const tests = someTests([], {
      imports: [
        { file: 'tests/test_a.py', line: 3, module: 'mock', guarded: true, optional: false },
        { file: 'tests/test_a.py', line: 9, module: 'scipy', guarded: false, optional: true },
      ],
    });
    expect(namesFor(sdistFacts({ tests }))).toEqual([]);
  });

  it('leave out what is there at run time', () => {
    expect(namesFor(sdistFacts({ tests: someTests(['pytest', 'numpy']) }), { present: new Set(['numpy']) })).toEqual([
      'pytest',
    ]);
  });

  it('come from test extras, groups, tox and tests_require, without linters and coverage', () => {
    const facts = sdistFacts({
      tests: someTests(),
      pyproject: {
        requires: { kind: 'absent' },
        buildBackend: null,
        backendPath: [],
        project: null,
        dependencyGroups: { test: ['pytest', 'coverage', 'pycodestyle'], docs: ['sphinx'] },
        toolGroups: {},
        tools: [],
      },
      setupScript: setupScript({
        testsRequire: { kind: 'known', value: ['hypothesis>=6'], place: { file: 'setup.py', line: 4 } },
      }),
      toxDeps: { kind: 'known', value: ['pytest-mock', 'flake8-docstrings'], place: { file: 'tox.ini', line: 2 } },
    });
    const requirements = [
      parseRequirement('responses; extra == "tests"'),
      parseRequirement('uvloop; extra == "speed"'),
    ];
    expect(namesFor(facts, { members: membersOf(requirements) })).toEqual([
      'hypothesis',
      'pytest',
      'pytest-mock',
      'responses',
    ]);
  });

  it('of a test extra are told with the whole requirement, and those of extras that it includes are among them', () => {
    const members = membersOf([
      parseRequirement('it[speed]; extra == "test"'),
      parseRequirement('uvloop>=2; extra == "speed"'),
    ]);
    const { inputs } = testInputs(sdistFacts({ tests: someTests() }), {
      name: 'it',
      targets: [LINUX],
      present: new Set(),
      members,
    });
    expect(inputs).toMatchObject([
      {
        name: 'uvloop',
        marker: null,
        origins: [{ text: 'declared in the extra test', requirement: 'uvloop>=2; extra == "speed"' }],
      },
    ]);
  });

  it('are none when the sdist has no tests, whatever it declares', () => {
    const facts = sdistFacts({
      setupScript: setupScript({ testsRequire: { kind: 'known', value: ['pytest'], place: { file: 'setup.py' } } }),
    });
    expect(testInputs(facts, { name: 'it', targets: [LINUX], present: new Set(), members: NO_MEMBERS })).toEqual({
      runner: null,
      inputs: [],
      files: null,
      named: [],
      obstacle: null,
      preparation: [],
      notes: [],
    });
  });

  it('keep a condition that holds on some targets and drop one that holds on none', () => {
    const facts = sdistFacts({
      tests: someTests([], { imports: guardedImports('tomli', 'winpty') }),
      toxDeps: {
        kind: 'known',
        value: ['tomli; python_version < "3.11"', 'winpty; sys_platform == "win32"'],
        place: { file: 'tox.ini' },
      },
    });
    const targets = [LINUX, { ...LINUX, python_version: '3.10', python_full_version: '3.10.0' }];
    const { inputs } = testInputs(facts, { name: 'it', targets, present: new Set(), members: NO_MEMBERS });
    expect(inputs).toMatchObject([{ name: 'tomli', marker: { kind: 'compare' } }]);
  });

  it('tell in a note what could not be read', () => {
    const facts = sdistFacts({
      tests: someTests(),
      setupScript: setupScript({
        testsRequire: { kind: 'unknown', place: { file: 'setup.py', line: 7 }, why: 'calls get_tests()' },
      }),
    });
    const { notes } = testInputs(facts, { name: 'it', targets: [LINUX], present: new Set(), members: NO_MEMBERS });
    expect(notes).toEqual([
      { kind: 'unknown', text: 'tests_require could not be read: calls get_tests()', file: 'setup.py', line: 7 },
    ]);
  });

  it('say for each where it comes from', () => {
    const { inputs } = testInputs(sdistFacts({ tests: someTests(['pytest']) }), {
      name: 'it',
      targets: [LINUX],
      present: new Set(),
      members: NO_MEMBERS,
    });
    expect(inputs[0]?.origins).toEqual([
      { kind: 'inference', text: 'a test imports pytest', file: 'tests/test_it.py', line: 1 },
    ]);
  });

  it('have pytest-cov only where every run of pytest asks for it', () => {
    const toxDeps = { kind: 'known', value: ['pytest', 'pytest-cov'], place: { file: 'tox.ini' } } as const;
    expect(namesFor(sdistFacts({ tests: someTests(), toxDeps }))).toEqual(['pytest']);
    const tests = someTests([], { pytestOptions: '-ra --cov=it' });
    expect(namesFor(sdistFacts({ tests, toxDeps }))).toEqual(['pytest', 'pytest-cov']);
  });

  it('leave out what only tox and nox install, unless a test imports it in some way or it is a plugin of pytest', () => {
    const place = { file: 'tox.ini' };
    const facts = {
      toxDeps: { kind: 'known', value: ['pip', 'wheel', 'pytest-mock'], place },
      noxDeps: { kind: 'known', value: ['setuptools', 'virtualenv', 'mock'], place },
    } as const;
    const imports = [...someTests(['wheel']).imports, ...guardedImports('mock')];
    expect(namesFor(sdistFacts({ ...facts, tests: someTests([], { imports }) }))).toEqual([
      'mock',
      'pytest-mock',
      'wheel',
    ]);
  });

  it('leave out what only a helper imports that no collected file reads', () => {
    const tests = someTests(['quart'], { collected: ['tests/test_a.py'], importers: { quart: [] } });
    expect(namesFor(sdistFacts({ tests }))).toEqual([]);
  });

  it('keep a linter that the tests themselves import', () => {
    expect(namesFor(sdistFacts({ tests: someTests(['pyflakes']) }))).toEqual(['pyflakes']);
  });

  it('leave out what builds the project, since the tests have it too', () => {
    const requires = { kind: 'known', value: ['maturin>=1'], place: { file: 'pyproject.toml' } } as const;
    const pyproject = {
      ...{ requires, buildBackend: 'maturin', backendPath: [], project: null, toolGroups: {}, tools: [] },
      dependencyGroups: { testing: ['maturin', 'dirty-equals'] },
    };
    expect(namesFor(sdistFacts({ tests: someTests(), pyproject }))).toEqual(['dirty-equals']);
  });

  it('have the packages of the programs that the tests run', () => {
    const commands = [{ command: 'git', file: 'tests/test_it.py', line: 3 }];
    expect(namesFor(sdistFacts({ tests: someTests([], { commands }) }))).toEqual(['the tool gitMinimal']);
  });

  it('know which files need them, where the others can be read without', () => {
    const tests = someTests(['yaml', 'numpy'], {
      collected: ['tests/test_a.py', 'tests/test_b.py'],
      importers: { yaml: ['tests/test_b.py'] },
    });
    const { inputs, files } = testInputs(sdistFacts({ tests }), {
      name: 'it',
      targets: [LINUX],
      present: new Set(),
      members: NO_MEMBERS,
    });
    expect(files).toEqual(['tests/test_a.py', 'tests/test_b.py']);
    expect(inputs).toMatchObject([{ name: 'numpy' }, { name: 'pyyaml', neededBy: ['tests/test_b.py'] }]);
    expect(inputs[0]).not.toHaveProperty('neededBy');
  });

  it.each([
    ['pytest', '', 'pytest does not find the tests by itself'],
    ['unittest', '', 'unittest does not find the tests by itself'],
    ['pytest', '--doctest-modules', null],
  ] as const)('cannot be used where %s collects nothing (%j)', (name, pytestOptions, obstacle) => {
    const tests = someTests([], { collected: [], pytestOptions, runner: { name, evidence: '' } });
    const found = testInputs(sdistFacts({ tests }), {
      ...{ name: 'it', targets: [LINUX], present: new Set<string>(), members: NO_MEMBERS },
    });
    expect(found.obstacle).toBe(obstacle);
  });

  it('are run by pytest with the paths of files that no runner finds by itself', () => {
    const tests = (named: readonly string[]) =>
      someTests([], { collected: [], named, runner: { name: 'unittest', evidence: '' } });
    const found = (named: readonly string[]) =>
      testInputs(sdistFacts({ tests: tests(named) }), {
        ...{ name: 'it', targets: [LINUX], present: new Set<string>(), members: NO_MEMBERS },
      });
    expect(found(['it/tests.py'])).toMatchObject({ runner: 'pytest', named: ['it/tests.py'], obstacle: null });
    expect(found(['it/$(x).py'])).toMatchObject({ runner: 'unittest', named: [], obstacle: expect.any(String) });
  });

  it('run with unittest when the tests have nothing but TestCase classes', () => {
    const tests = someTests([], { runner: { name: 'unittest', evidence: 'TestCase classes only' } });
    expect(
      testInputs(sdistFacts({ tests }), { name: 'it', targets: [LINUX], present: new Set(), members: NO_MEMBERS })
        .runner,
    ).toBe('unittest');
  });
});

describe('names of groups and tools', () => {
  it.each(['test', 'tests', 'testing', 'unit-tests', 'test-deps', 'Tests', 'testing-extra', 'tests_all'])(
    '%s is a group for tests',
    (name) => {
      expect(isTestGroup(name)).toBe(true);
    },
  );

  it.each(['dev', 'docs', 'lint', 'typing', 'developer', 'code-style', 'rtd'])(
    '%s is a group for developers',
    (name) => {
      expect(isDevelopmentGroup(name)).toBe(true);
    },
  );

  it.each(['test-docs', 'test-arrow', 'tests-mypy', 'testing_gpu'])(
    '%s holds something else than what all tests need',
    (name) => {
      expect(isTestGroup(name)).toBe(false);
    },
  );

  it.each(['redis', 'security', 'testcontainers'])('%s is a group for users', (name) => {
    expect([isTestGroup(name), isDevelopmentGroup(name)]).toEqual([false, false]);
  });

  it.each(['flake8', 'flake8-bugbear', 'types-requests', 'ruff', 'coverage'])(
    '%s is not needed to run tests',
    (name) => {
      expect(isNeededToTest(name)).toBe(false);
    },
  );

  it.each(['pytest', 'hypothesis', 'mock'])('%s may be needed to run tests', (name) => {
    expect(isNeededToTest(name)).toBe(true);
  });

  const asking = (...fixtures: readonly string[]): SdistFacts =>
    sdistFacts({
      tests: someTests(['pytest'], { fixtures: fixtures.map((fixture) => ({ fixture, file: 'tests/test_it.py' })) }),
    });

  it('are the plugins whose fixtures tests ask for', () => {
    expect(namesFor(asking('kettle', 'mocker', 'benchmark', '__proto__'))).toEqual([
      'pytest',
      'pytest-benchmark',
      'pytest-mock',
    ]);
  });

  it('are plugins with fixtures of usual names only where the sdist speaks of them', () => {
    expect(namesFor(asking('db', 'check'))).toEqual(['pytest']);
    const requirementFiles = [{ path: 'dev-requirements.txt', requirements: ['pytest-django'] }];
    expect(namesFor({ ...asking('db', 'check'), requirementFiles })).toEqual(['pytest', 'pytest-django']);
  });

  it('are no plugins that are named after the project', () => {
    expect(namesFor(asking('aiohttp_client'), { name: 'aiohttp' })).toEqual(['pytest']);
  });
});
