import type { Note } from '../base/note.ts';
import { sortedUnique } from '../base/text.ts';
import type { ImportStatement, RequirementGroups, SdistFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { formatRequirement, tryParseRequirement } from '../pep/requirement.ts';
import type { ExtraMembers } from './extra-members.ts';
import { projectOfModule } from './module-projects.ts';
import type { Input, PackageFacts, PythonInput, SystemInput } from './package-facts.ts';
import { pythonInputs } from './python-inputs.ts';
import { statedText } from './stated-text.ts';
import { isPluginInUse, OPTIONS_OF_PLUGIN, PLUGIN_OF_OPTION, pluginOfMark, wantsKnownMarks } from './test-plugins.ts';
import { withoutQuarrels } from './test-quarrels.ts';
import { isNeededToTest, isTestGroup } from './test-tools.ts';
import { type Demand, declaredAt, demandsOf, namesOf } from './why.ts';

export interface TestInputs {
  readonly runner: PackageFacts['check']['runner'];
  readonly inputs: readonly Input[];
  /** Paths of the test files that the runner collects, at least one; null where they are not all known. */
  readonly files: readonly string[] | null;
  /** Paths that pytest must be given, since no runner finds them by itself. */
  readonly named: readonly string[];
  /** Why the tests cannot be run; null where they can. */
  readonly obstacle: string | null;
  readonly notes: readonly Note[];
}

export interface TestInputOptions {
  readonly name: string;
  readonly targets: readonly MarkerEnvironment[];
  /** Names of what is there anyway, to build or at run time. */
  readonly present: ReadonlySet<string>;
  /** The requirements of the release by extra. */
  readonly members: ExtraMembers;
  /** Where the requirements of extras stand. */
  readonly extrasFrom?: { readonly file?: string; readonly line?: number };
}

/**
 * What running the tests of an sdist needs beside its run-time requirements: what the test extras, dependency groups, tox environments, nox sessions and
 * `tests_require` name, without linters and coverage, the projects that test files import unconditionally, and the programs that they run.
 * Without tests in the sdist: nothing.
 */
export function testInputs(facts: SdistFacts, options: TestInputOptions): TestInputs {
  if (facts.tests.count === 0) return { runner: null, inputs: [], files: null, named: [], obstacle: null, notes: [] };

  const isWanted = wantedBy(facts);
  const declared = declaredTestDemands(facts, options).filter(isWanted);
  const environments = environmentDemands(facts).filter(isWanted);
  // Its own name is spoken of too: `libvirt` is a module of libvirt-python.
  const spokenOf = new Set([...namesOf([...declared, ...environments, ...developmentDemands(facts)]), options.name]);
  const used = usedBy(facts, spokenOf);
  const prepared = withoutQuarrels(
    environments.filter(({ text }) => used(nameOf(text)) && isPluginInUse(nameOf(text), facts)),
    { declared, targets: options.targets },
  );
  const imported = importDemands(facts, spokenOf);
  const stated = [...declared, ...prepared.demands];
  const plugins = [
    ...(stated.length > 0 ? [] : developmentPlugins(facts).filter(isWanted)),
    ...optionDemands(facts, stated),
    ...markDemands(facts, stated, spokenOf),
  ];
  const wanted = [...stated, ...plugins, ...imported].filter(({ text }) => nameOf(text) !== options.name);
  // Those of them that are no packages of the set, since hooks stand for them, are there too.
  const backends = namesOf(demandsOf(facts.pyproject?.requires ?? { kind: 'absent' }, 'build-system.requires'));
  const { inputs, notes } = pythonInputs(wanted, options.targets);
  const needed = inputs
    .filter((input) => !options.present.has(input.name) && !backends.has(input.name))
    .map((input) => withFiles(input, facts, spokenOf));
  const { collected } = facts.tests;
  const usual = runnerOf(facts, needed);
  const obstacle = obstacleTo(usual, facts);
  const named = obstacle === null || facts.tests.runner?.name === 'own' ? [] : nameable(facts.tests.named);
  return {
    // unittest takes no paths of files in folders that are no packages.
    runner: named.length > 0 ? 'pytest' : usual,
    inputs: [...needed, ...programInputs(facts)],
    files: collected === null || collected.length === 0 ? null : collected,
    named,
    obstacle: named.length > 0 ? null : obstacle,
    notes: [...prepared.notes, ...notes, ...unreadNotes(facts)],
  };
}

/** Whether a declared project is one that running the tests needs. A text that is no requirement is kept, so that a note tells it. */
function wantedBy(facts: SdistFacts): (demand: Demand) => boolean {
  return ({ text }) => {
    const name = nameOf(text);
    if (name === null) return true;
    const option = OPTIONS_OF_PLUGIN.get(name);
    if (option !== undefined) return option.test(facts.tests.pytestOptions);
    return isNeededToTest(name);
  };
}

/** The plugins whose options the configuration of pytest has, beside those that are stated. */
function optionDemands({ tests }: SdistFacts, stated: readonly Demand[]): Demand[] {
  const names = namesOf(stated);
  return [...PLUGIN_OF_OPTION].flatMap(([plugin, option]): Demand[] => {
    const given = option.exec(tests.pytestOptions)?.[0].trim();
    if (given === undefined || names.has(plugin)) return [];
    return [
      { text: plugin, origin: { kind: 'inference', text: `the configuration of pytest has the option ${given}` } },
    ];
  });
}

/** The plugins whose marks the tests have, where pytest refuses unknown ones. */
function markDemands(facts: SdistFacts, stated: readonly Demand[], spokenOf: ReadonlySet<string>): Demand[] {
  if (!wantsKnownMarks(facts)) return [];
  const names = namesOf(stated);
  return (facts.tests.pytestNames ?? []).flatMap((mark): Demand[] => {
    const plugin = pluginOfMark(mark, (project) => spokenOf.has(project));
    if (plugin === null || names.has(plugin)) return [];
    return [
      {
        text: plugin,
        origin: { kind: 'inference', text: `tests have the mark ${mark}, which pytest refuses without it` },
      },
    ];
  });
}

/** Plugins of pytest among what developers install, which nothing imports: where no group is for tests, these are what the tests run with. */
function developmentPlugins(facts: SdistFacts): Demand[] {
  return developmentDemands(facts).filter(({ text }) => {
    const name = nameOf(text) ?? '';
    return /^pytest-|-pytest$/u.test(name) && isPluginInUse(name, facts);
  });
}

/**
 * Whether the tests use a project that only tox or nox name. What these install prepares empty environments (pip, setuptools), measures, or belongs to commands that the
 * build does not run: it counts where a test file imports it in some way, or where it is a plugin of pytest, which nothing imports.
 */
function usedBy(facts: SdistFacts, spokenOf: ReadonlySet<string>): (name: string | null) => boolean {
  const imported = new Set(facts.tests.imports.map(({ module }) => projectOfModule(module, spokenOf)));
  return (name) => name === null || name.startsWith('pytest') || imported.has(name);
}

function nameOf(text: string): string | null {
  return tryParseRequirement(text)?.name ?? null;
}

/** Adds which test files need an input, where some can be read without it. */
function withFiles(input: PythonInput, facts: SdistFacts, spokenOf: ReadonlySet<string>): PythonInput {
  const { imports, importers, collected } = facts.tests;
  const modules = imports
    .filter((one) => isFirm(one) && projectOfModule(one.module, spokenOf) === input.name)
    .map(({ module }) => module.split('.', 1)[0] ?? module);
  const files = modules.map((module) => (Object.hasOwn(importers, module) ? importers[module] : undefined));
  if (collected === null || collected.length === 0 || files.length === 0 || files.includes(undefined)) return input;
  return { ...input, neededBy: sortedUnique(files.flatMap((paths) => paths ?? [])) };
}

/** The packages of programs that tests run, in the smallest form that nixpkgs has. By program. */
const PACKAGE_OF_PROGRAM: ReadonlyMap<string, string> = new Map([['git', 'gitMinimal']]);

function programInputs(facts: SdistFacts): SystemInput[] {
  return facts.tests.commands.flatMap(({ command, file, line }): SystemInput[] => {
    const attribute = PACKAGE_OF_PROGRAM.get(command);
    if (attribute === undefined) return [];
    const place = { file, ...(line === undefined ? {} : { line }) };
    return [{ kind: 'system', attribute, origins: [{ kind: 'inference', text: `a test runs ${command}`, ...place }] }];
  });
}

function declaredTestDemands(facts: SdistFacts, options: TestInputOptions): Demand[] {
  const pyproject = facts.pyproject;
  return [
    ...groupDemands(pyproject?.dependencyGroups ?? {}, 'the dependency group', pyproject?.groupLines),
    ...groupDemands(pyproject?.toolGroups ?? {}, 'the group', pyproject?.groupLines),
    ...extraDemands(options),
    ...(facts.setupScript === null ? [] : demandsOf(facts.setupScript.testsRequire, 'tests_require')),
    ...(facts.setupCfg === null ? [] : demandsOf(facts.setupCfg.testsRequire, 'tests_require')),
  ];
}

function environmentDemands(facts: SdistFacts): Demand[] {
  return [...demandsOf(facts.toxDeps, 'the tox environments'), ...demandsOf(facts.noxDeps, 'the sessions of nox')];
}

function groupDemands(groups: RequirementGroups, what: string, lines: Readonly<Record<string, number>> = {}): Demand[] {
  return Object.entries(groups)
    .filter(([group]) => isTestGroup(group))
    .flatMap(([group, texts]) => {
      const line = Object.hasOwn(lines, group) ? lines[group] : undefined;
      const place = { file: 'pyproject.toml', ...(line === undefined ? {} : { line }) };
      return texts.map((text) => ({ text, origin: declaredAt(`${what} ${group}`, place, text) }));
    });
}

/** Requirements of test extras, which stand in the metadata as `name; extra == "test"`. */
function extraDemands({ members, extrasFrom: { file, line } = {} }: TestInputOptions): Demand[] {
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
  return members.extras.filter(isTestGroup).flatMap((extra) =>
    members.membersOf(extra).map(({ requirement, stated }): Demand => {
      const origin = { kind: 'requirement', text: `declared in the extra ${extra}`, ...place } as const;
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
    .filter((statement) => isFirm(statement) && isNeeded(statement, facts))
    .flatMap((statement) => {
      const origin = {
        kind: 'inference',
        text: `a test imports ${statement.module}`,
        file: statement.file,
        ...(statement.line === undefined ? {} : { line: statement.line }),
      } as const;
      const projects = [projectOfModule(statement.module, spokenOf), ...partnerOf(statement.module, spokenOf)];
      return projects.map((text) => ({ text, origin }));
    });
}

/** The project for which a library has a module of its own (`hypothesis.extra.pytz`), where the sdist names it too: the library does not require it. */
function partnerOf(module: string, spokenOf: ReadonlySet<string>): readonly string[] {
  const partner = /^\w+\.(?:contrib|extra|extras)\.(\w+)$/u.exec(module)?.[1];
  if (partner === undefined) return [];
  const project = projectOfModule(partner, spokenOf);
  return spokenOf.has(project) ? [project] : [];
}

/** Not where only helpers import it that no test reads whenever it is collected. */
function isNeeded({ module }: ImportStatement, { tests }: SdistFacts): boolean {
  const top = module.split('.', 1)[0] ?? module;
  return !Object.hasOwn(tests.importers, top) || tests.importers[top]?.length !== 0;
}

/** A module whose name begins with `_` is of CPython itself, or what a project has for itself, unless its project is known. */
function isFirm(statement: ImportStatement): boolean {
  if (statement.guarded || statement.optional) return false;
  return !projectOfModule(statement.module, new Set()).startsWith('-');
}

function runnerOf(facts: SdistFacts, inputs: readonly PythonInput[]): PackageFacts['check']['runner'] {
  if (inputs.some((input) => input.name === 'pytest')) return 'pytest';
  if (facts.tests.runner === null || facts.tests.runner.name === 'own') return null;
  // nose ends with Python 3.9; pytest runs what nose ran, as far as it needs no plugin.
  return facts.tests.runner.name === 'unittest' ? 'unittest' : 'pytest';
}

/** A runner that finds no test fails. What is collected by other names than those of files (doctests) is not known here. */
function obstacleTo(runner: TestInputs['runner'], { tests }: SdistFacts): string | null {
  if (runner === null && tests.runner?.name === 'own')
    return `a program of the project runs them (${tests.runner.evidence.replace(/ runs them$/u, '')}), and nothing names pytest`;
  if (runner === null || tests.collected === null || tests.collected.length > 0) return null;
  if (runner === 'pytest' && /doctest/u.test(tests.pytestOptions)) return null;
  return `${runner} does not find the tests by itself`;
}

/** Paths that may stand in a variable of the shell; none where there are too many to name, or one is unusual. */
function nameable(paths: readonly string[]): readonly string[] {
  return paths.length <= MOST_NAMED && paths.every((path) => /^\w[\w./+-]*$/u.test(path)) ? paths : [];
}

const MOST_NAMED = 10;

function unreadNotes(facts: SdistFacts): Note[] {
  const readings = [
    { what: 'tests_require', reading: facts.setupScript?.testsRequire },
    { what: 'tests_require', reading: facts.setupCfg?.testsRequire },
    { what: 'deps of the tox environments', reading: facts.toxDeps },
    { what: 'what the nox sessions install', reading: facts.noxDeps },
  ];
  return readings.flatMap(({ what, reading }): Note[] =>
    reading?.kind === 'unknown'
      ? [{ kind: 'unknown', text: `${what} could not be read: ${reading.why}`, ...reading.place }]
      : [],
  );
}
