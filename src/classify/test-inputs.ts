import type { Note } from '../base/note.ts';
import type { RequirementGroups, SdistFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { formatRequirement, tryParseRequirement } from '../pep/requirement.ts';
import type { ExtraMembers } from './extra-members.ts';
import { projectOfModule } from './module-projects.ts';
import type { PackageFacts, PythonInput } from './package-facts.ts';
import { pythonInputs } from './python-inputs.ts';
import { statedText } from './stated-text.ts';
import { isNeededToTest, isTestGroup } from './test-tools.ts';
import { type Demand, declaredAt, demandsOf, namesOf } from './why.ts';

export interface TestInputs {
  readonly runner: PackageFacts['check']['runner'];
  readonly inputs: readonly PythonInput[];
  readonly notes: readonly Note[];
}

export interface TestInputOptions {
  readonly name: string;
  readonly targets: readonly MarkerEnvironment[];
  /** Names of what is there at run time anyway. */
  readonly runtime: ReadonlySet<string>;
  /** The requirements of the release by extra. */
  readonly members: ExtraMembers;
}

/**
 * What running the tests of an sdist needs beside its run-time requirements: what the test extras, dependency groups, tox environments and
 * `tests_require` name, without linters and coverage, and the projects that test files import unconditionally. Without tests in the sdist: nothing.
 */
export function testInputs(facts: SdistFacts, options: TestInputOptions): TestInputs {
  if (facts.tests.count === 0) return { runner: null, inputs: [], notes: [] };

  const declared = declaredTestDemands(facts, options.members);
  const spokenOf = namesOf([...declared, ...developmentDemands(facts)]);
  const imported = importDemands(facts, spokenOf);
  const wanted = [...declared, ...imported].filter(({ text }) => {
    const requirement = tryParseRequirement(text);
    return requirement === null || (requirement.name !== options.name && isNeededToTest(requirement.name));
  });
  const { inputs, notes } = pythonInputs(wanted, options.targets);
  const needed = inputs.filter((input) => !options.runtime.has(input.name));
  return { runner: runnerOf(facts, needed), inputs: needed, notes: [...notes, ...unreadNotes(facts)] };
}

function declaredTestDemands(facts: SdistFacts, members: ExtraMembers): Demand[] {
  const pyproject = facts.pyproject;
  return [
    ...groupDemands(pyproject?.dependencyGroups ?? {}, 'the dependency group', 'pyproject.toml'),
    ...groupDemands(pyproject?.toolGroups ?? {}, 'the group', 'pyproject.toml'),
    ...extraDemands(members),
    ...(facts.setupScript === null ? [] : demandsOf(facts.setupScript.testsRequire, 'tests_require')),
    ...(facts.setupCfg === null ? [] : demandsOf(facts.setupCfg.testsRequire, 'tests_require')),
    ...demandsOf(facts.toxDeps, 'the tox environments'),
  ];
}

function groupDemands(groups: RequirementGroups, what: string, file: string): Demand[] {
  return Object.entries(groups)
    .filter(([group]) => isTestGroup(group))
    .flatMap(([group, texts]) =>
      texts.map((text) => ({ text, origin: declaredAt(`${what} ${group}`, { file }, text) })),
    );
}

/** Requirements of test extras, which stand in the metadata as `name; extra == "test"`. */
function extraDemands(members: ExtraMembers): Demand[] {
  return members.extras.filter(isTestGroup).flatMap((extra) =>
    members.membersOf(extra).map(({ requirement, stated }): Demand => {
      const origin = { kind: 'requirement', text: `declared in the extra ${extra}` } as const;
      return { text: formatRequirement(requirement), origin: { ...origin, requirement: statedText(stated) } };
    }),
  );
}

/** What other groups name: not taken as inputs, but it tells which project has a module that the tests import. */
function developmentDemands(facts: SdistFacts): Demand[] {
  const groups = { ...(facts.pyproject?.toolGroups ?? {}), ...(facts.pyproject?.dependencyGroups ?? {}) };
  const files = facts.requirementFiles.flatMap((file) =>
    file.requirements.map((text) => ({ text, origin: declaredAt(file.path, { file: file.path }, text) })),
  );
  const grouped = Object.entries(groups).flatMap(([group, texts]) =>
    texts.map((text) => ({ text, origin: declaredAt(group, { file: 'pyproject.toml' }, text) })),
  );
  return [...grouped, ...files];
}

function importDemands(facts: SdistFacts, spokenOf: ReadonlySet<string>): Demand[] {
  return facts.tests.imports
    .filter((statement) => !statement.guarded && !statement.optional)
    .map((statement) => ({
      text: projectOfModule(statement.module, spokenOf),
      origin: {
        kind: 'inference',
        text: `a test imports ${statement.module}`,
        file: statement.file,
        ...(statement.line === undefined ? {} : { line: statement.line }),
      },
    }));
}

function runnerOf(facts: SdistFacts, inputs: readonly PythonInput[]): PackageFacts['check']['runner'] {
  if (inputs.some((input) => input.name === 'pytest')) return 'pytest';
  if (facts.tests.runner === null) return null;
  // nose ends with Python 3.9; pytest runs what nose ran, as far as it needs no plugin.
  return facts.tests.runner.name === 'unittest' ? 'unittest' : 'pytest';
}

function unreadNotes(facts: SdistFacts): Note[] {
  const readings = [
    { what: 'tests_require', reading: facts.setupScript?.testsRequire },
    { what: 'tests_require', reading: facts.setupCfg?.testsRequire },
    { what: 'deps of the tox environments', reading: facts.toxDeps },
  ];
  return readings.flatMap(({ what, reading }): Note[] =>
    reading?.kind === 'unknown'
      ? [{ kind: 'unknown', text: `${what} could not be read: ${reading.why}`, ...reading.place }]
      : [],
  );
}
