import { describe, expect, it } from 'vitest';
import { type ExtraMembers, extraMembers } from '../../src/classify/extra-members.ts';
import { type TestInputOptions, testInputs } from '../../src/classify/test-inputs.ts';
import { isDevelopmentGroup, isNeededToTest, isTestGroup } from '../../src/classify/test-tools.ts';
import type { SdistFacts } from '../../src/metadata/release-facts.ts';
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
    runtime: new Set(),
    members: NO_MEMBERS,
    ...options,
  }).inputs.map((input) => input.name);
}

describe('test inputs', () => {
  it('are the projects that test files import', () => {
    expect(namesFor(sdistFacts({ tests: someTests(['pytest', 'yaml', 'numpy.linalg']) }))).toEqual([
      'numpy',
      'pytest',
      'pyyaml',
    ]);
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
    expect(namesFor(sdistFacts({ tests: someTests(['pytest', 'numpy']) }), { runtime: new Set(['numpy']) })).toEqual([
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
      toxDeps: { kind: 'known', value: ['freezegun', 'flake8-docstrings'], place: { file: 'tox.ini', line: 2 } },
    });
    const requirements = [
      parseRequirement('responses; extra == "tests"'),
      parseRequirement('uvloop; extra == "speed"'),
    ];
    expect(namesFor(facts, { members: membersOf(requirements) })).toEqual([
      'freezegun',
      'hypothesis',
      'pytest',
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
      runtime: new Set(),
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
    expect(testInputs(facts, { name: 'it', targets: [LINUX], runtime: new Set(), members: NO_MEMBERS })).toEqual({
      runner: null,
      inputs: [],
      notes: [],
    });
  });

  it('keep a condition that holds on some targets and drop one that holds on none', () => {
    const facts = sdistFacts({
      tests: someTests(),
      toxDeps: {
        kind: 'known',
        value: ['tomli; python_version < "3.11"', 'winpty; sys_platform == "win32"'],
        place: { file: 'tox.ini' },
      },
    });
    const targets = [LINUX, { ...LINUX, python_version: '3.10', python_full_version: '3.10.0' }];
    const { inputs } = testInputs(facts, { name: 'it', targets, runtime: new Set(), members: NO_MEMBERS });
    expect(inputs.map(({ name, marker }) => [name, marker !== null])).toEqual([['tomli', true]]);
  });

  it('tell in a note what could not be read', () => {
    const facts = sdistFacts({
      tests: someTests(),
      setupScript: setupScript({
        testsRequire: { kind: 'unknown', place: { file: 'setup.py', line: 7 }, why: 'calls get_tests()' },
      }),
    });
    const { notes } = testInputs(facts, { name: 'it', targets: [LINUX], runtime: new Set(), members: NO_MEMBERS });
    expect(notes).toEqual([
      { kind: 'unknown', text: 'tests_require could not be read: calls get_tests()', file: 'setup.py', line: 7 },
    ]);
  });

  it('say for each where it comes from', () => {
    const { inputs } = testInputs(sdistFacts({ tests: someTests(['pytest']) }), {
      name: 'it',
      targets: [LINUX],
      runtime: new Set(),
      members: NO_MEMBERS,
    });
    expect(inputs[0]?.origins).toEqual([
      { kind: 'inference', text: 'a test imports pytest', file: 'tests/test_it.py', line: 1 },
    ]);
  });

  it('run with unittest when the tests have nothing but TestCase classes', () => {
    const tests = someTests([], { runner: { name: 'unittest', evidence: 'TestCase classes only' } });
    expect(
      testInputs(sdistFacts({ tests }), { name: 'it', targets: [LINUX], runtime: new Set(), members: NO_MEMBERS })
        .runner,
    ).toBe('unittest');
  });
});

describe('names of groups and tools', () => {
  it.each(['test', 'tests', 'testing', 'unit-tests', 'test-deps', 'Tests'])('%s is a group for tests', (name) => {
    expect(isTestGroup(name)).toBe(true);
  });

  it.each(['dev', 'docs', 'lint', 'typing'])('%s is a group for developers', (name) => {
    expect(isDevelopmentGroup(name)).toBe(true);
  });

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
});
