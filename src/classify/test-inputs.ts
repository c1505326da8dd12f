import type { Note } from '../base/note.ts';
import { sortedUnique } from '../base/text.ts';
import type { ImportStatement, SdistFacts } from '../metadata/release-facts.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import { projectOfModule } from './module-projects.ts';
import type { Input, PackageFacts, PythonInput, SystemInput } from './package-facts.ts';
import { pluginOfFixture } from './pytest-fixtures.ts';
import { pythonInputs } from './python-inputs.ts';
import { type DemandOptions, declaredTestDemands, developmentDemands, environmentDemands } from './test-demands.ts';
import { isPluginInUse, OPTIONS_OF_PLUGIN, PLUGIN_OF_OPTION, pluginOfMark, wantsKnownMarks } from './test-plugins.ts';
import { testPreparation } from './test-preparation.ts';
import { withoutQuarrels } from './test-quarrels.ts';
import { isNeededToTest } from './test-tools.ts';
import { type Demand, demandsOf, nameOf, namesOf } from './why.ts';

export interface TestInputs {
  readonly runner: PackageFacts['check']['runner'];
  readonly inputs: readonly Input[];
  /** Paths of the test files that the runner collects, at least one; null where they are not all known. */
  readonly files: readonly string[] | null;
  /** Paths that pytest must be given, since no runner finds them by itself. */
  readonly named: readonly string[];
  /** Why the tests cannot be run; null where they can. */
  readonly obstacle: string | null;
  readonly preparation: NonNullable<PackageFacts['check']['preparation']>;
  readonly notes: readonly Note[];
}

export interface TestInputOptions extends DemandOptions {
  readonly name: string;
  readonly targets: readonly MarkerEnvironment[];
  /** Names of what is there anyway, to build or at run time. */
  readonly present: ReadonlySet<string>;
  /** Names of the console scripts of the project; missing: none. */
  readonly scripts?: readonly string[];
}

/**
 * What running the tests of an sdist needs beside its run-time requirements: what the test extras, dependency groups, tox environments, nox sessions and
 * `tests_require` name, without linters and coverage, the projects that test files import unconditionally, and the programs that they run.
 * Without tests in the sdist: nothing.
 */
export function testInputs(facts: SdistFacts, options: TestInputOptions): TestInputs {
  if (facts.tests.count === 0)
    return { runner: null, inputs: [], files: null, named: [], obstacle: null, preparation: [], notes: [] };

  const isWanted = wantedBy(facts);
  const ofTests = declaredTestDemands(facts, options).filter(isWanted);
  const environments = environmentDemands(facts).filter(isWanted);
  const developed = developmentDemands(facts, options);
  // Its own name is spoken of too: `libvirt` is a module of libvirt-python.
  const spokenOf = new Set([...namesOf([...ofTests, ...environments, ...developed]), options.name]);
  const used = usedBy(facts, spokenOf);
  const declared = ofTests.filter(({ text, isOptional }) => isOptional !== true || used(nameOf(text), isFirm));
  const prepared = withoutQuarrels(
    environments.filter(({ text }) => used(nameOf(text)) && isPluginInUse(nameOf(text), facts)),
    { declared, targets: options.targets },
  );
  const imported = importDemands(facts, spokenOf);
  const stated = [...declared, ...prepared.demands];
  const plugins = [
    ...(stated.length > 0 ? [] : pluginsAmong(developed, facts).filter(isWanted)),
    ...optionDemands(facts, stated),
    ...markDemands(facts, stated, spokenOf),
  ];
  plugins.push(...fixtureDemands(facts, [...stated, ...plugins], { spokenOf, name: options.name }));
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
    preparation: testPreparation(facts, options.scripts ?? []),
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

/**
 * The plugins whose fixtures the tests ask for. A plugin that is named after the project is made for those who use it: the project defines the same fixtures for itself, in
 * modules that are no tests.
 */
function fixtureDemands(
  { tests }: SdistFacts,
  stated: readonly Demand[],
  { spokenOf, name }: { readonly spokenOf: ReadonlySet<string>; readonly name: string },
): Demand[] {
  if (tests.runner?.name !== 'pytest') return [];
  const names = new Set(namesOf(stated));
  return (tests.fixtures ?? []).flatMap(({ fixture, ...place }): Demand[] => {
    const plugin = pluginOfFixture(fixture, (project) => spokenOf.has(project));
    if (plugin === null || names.has(plugin) || plugin.endsWith(`-${name}`)) return [];
    names.add(plugin);
    return [{ text: plugin, origin: { kind: 'inference', text: `a test asks for the fixture ${fixture}`, ...place } }];
  });
}

/** Plugins of pytest among what developers install, which nothing imports: where no group is for tests, these are what the tests run with. */
function pluginsAmong(developed: readonly Demand[], facts: SdistFacts): Demand[] {
  return developed.filter(({ text }) => {
    const name = nameOf(text) ?? '';
    return /^pytest-|-pytest$/u.test(name) && isPluginInUse(name, facts);
  });
}

/**
 * Whether the tests use a project that only tox or nox name. What these install prepares empty environments (pip, setuptools), measures, or belongs to commands that the
 * build does not run: it counts where a test file imports it in some way, or where it is a plugin of pytest, which nothing imports.
 */
function usedBy(
  facts: SdistFacts,
  spokenOf: ReadonlySet<string>,
): (name: string | null, counts?: (statement: ImportStatement) => boolean) => boolean {
  return (name, counts = () => true) =>
    name === null ||
    name.startsWith('pytest') ||
    facts.tests.imports.some((one) => counts(one) && projectOfModule(one.module, spokenOf) === name);
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
const PACKAGE_OF_PROGRAM: ReadonlyMap<string, string> = new Map([
  ['git', 'gitMinimal'],
  ['openssl', 'openssl'],
]);

function programInputs(facts: SdistFacts): SystemInput[] {
  return facts.tests.commands.flatMap(({ command, file, line }): SystemInput[] => {
    const attribute = PACKAGE_OF_PROGRAM.get(command);
    if (attribute === undefined) return [];
    const place = { file, ...(line === undefined ? {} : { line }) };
    return [{ kind: 'system', attribute, origins: [{ kind: 'inference', text: `a test runs ${command}`, ...place }] }];
  });
}

function importDemands(facts: SdistFacts, spokenOf: ReadonlySet<string>): Demand[] {
  return facts.tests.imports
    .filter((statement) => isFirm(statement) && isNeeded(statement, facts) && !isOfPytest(statement, facts))
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

/** pytest brings `py.path` and `py.error` itself, and before 7.2 required the project py. */
function isOfPytest({ module }: ImportStatement, { tests }: SdistFacts): boolean {
  return /^py(?:\.(?:path|error))?$/u.test(module) && tests.runner?.name === 'pytest';
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
