import type { Note } from '../base/note.ts';
import type { RequirementGroups, SdistFacts } from '../metadata/release-facts.ts';
import type { Marker, MarkerEnvironment } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import { formatRequirement, type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import { projectOfModule } from './module-projects.ts';
import type { PackageFacts, PythonInput } from './package-facts.ts';
import { pythonInputs } from './python-inputs.ts';
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
  /** Run-time requirements of the release with those of its extras. */
  readonly requirements: readonly Requirement[];
}

/**
 * What running the tests of an sdist needs beside its run-time requirements: what the test extras, dependency groups, tox environments and
 * `tests_require` name, without linters and coverage, and the projects that test files import unconditionally. Without tests in the sdist: nothing.
 */
export function testInputs(facts: SdistFacts, options: TestInputOptions): TestInputs {
  if (facts.tests.count === 0) return { runner: null, inputs: [], notes: [] };

  const declared = declaredTestDemands(facts, options.requirements);
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

function declaredTestDemands(facts: SdistFacts, requirements: readonly Requirement[]): Demand[] {
  const pyproject = facts.pyproject;
  return [
    ...groupDemands(pyproject?.dependencyGroups ?? {}, 'the dependency group', 'pyproject.toml'),
    ...groupDemands(pyproject?.toolGroups ?? {}, 'the group', 'pyproject.toml'),
    ...extraDemands(requirements),
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
function extraDemands(requirements: readonly Requirement[]): Demand[] {
  return requirements.flatMap((requirement): Demand[] => {
    const extra = extraOf(requirement);
    if (extra === null || !isTestGroup(extra)) return [];
    const text = formatRequirement({ ...requirement, marker: withoutExtra(requirement.marker) });
    return [{ text, origin: { kind: 'requirement', text: `declared in the extra ${extra}`, requirement: text } }];
  });
}

/** The condition that is left when the extra is asked for. */
function withoutExtra(marker: Marker | null): Marker | null {
  if (marker === null || marker.kind !== 'and') return null;
  const rest = marker.operands.filter((part) => !isExtraComparison(part));
  const [first] = rest;
  return first === undefined ? null : rest.length === 1 ? first : { ...marker, operands: rest };
}

function isExtraComparison(marker: Marker): boolean {
  return (
    marker.kind === 'compare' &&
    [marker.left, marker.right].some((operand) => operand.kind === 'variable' && operand.name === 'extra')
  );
}

/** The extra that a requirement belongs to, null for none. */
export function extraOf(requirement: Requirement): string | null {
  const { marker } = requirement;
  if (marker === null) return null;
  const comparisons = marker.kind === 'and' ? marker.operands : [marker];
  for (const part of comparisons) {
    if (part.kind !== 'compare' || part.operator !== '==') continue;
    const { left, right } = part;
    if (left.kind === 'variable' && left.name === 'extra' && right.kind === 'literal')
      return normalizeName(right.value);
    if (right.kind === 'variable' && right.name === 'extra' && left.kind === 'literal')
      return normalizeName(left.value);
  }
  return null;
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
