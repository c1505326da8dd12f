import { sortedUnique } from '../base/text.ts';
import { allImports, importedModules, readModules } from './python/import-scan.ts';
import { importingPart } from './python/importing-part.ts';
import { parsePython } from './python/syntax.ts';
import type { ImportStatement, TestFacts } from './release-facts.ts';
import { isCollectedByPytest, isDiscoveredByUnittest } from './test-collection.ts';
import { type TestCommand, testCommands } from './test-commands.ts';
import type { PytestConfiguration } from './test-configuration.ts';
import { filesThatNeed } from './test-file-needs.ts';
import { importTargets, quotedTargets, type ReachableFile, reachedFiles } from './test-file-reach.ts';
import { type TestKinds, testKinds } from './test-file-text.ts';
import { type FixtureUse, fixtureUse } from './test-fixtures.ts';

/** What one test file tells; small, so that its text need not be kept. */
export interface TestFileReading extends ReachableFile, TestKinds {
  readonly imports: readonly ImportStatement[];
  /** Paths without `.py` of what it imports from beside it whenever it is read, see importTargets(). */
  readonly imported: readonly string[];
  /** Whatever calls that run something name as a program. */
  readonly commands: readonly TestCommand[];
  readonly fixtures: FixtureUse;
  /** Names after `pytest.mark.`. */
  readonly marks: readonly string[];
}

const MAX_LISTED = 100;

/** Programs that tests may call and that a build has only where it asks for them. */
const PROGRAMS: ReadonlySet<string> = new Set(['git', 'openssl']);

/** What a test file may run is known when all of the sdist is read: the programs of the project itself count too. */
const ANY_PROGRAM = { has: () => true };

/** Whether a path is that of a test, or of a helper beside tests. */
export function isTestFile(path: string): boolean {
  if (!path.endsWith('.py')) return false;
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  if (folders.some((folder) => BUNDLED.test(folder))) return false;
  if (folders[0] !== undefined && NO_TESTS.test(folders[0])) return false;
  const at = folders.findIndex((folder) => TEST_FOLDER.test(folder));
  const below = at < 0 ? [] : folders.slice(at + 1);
  // A folder that cannot be a package holds what tests read, not what they are.
  if (below.some((folder) => !/^[A-Za-z_]\w*$/u.test(folder))) return false;
  if (isTestName(name)) return !below.some((folder) => DATA_ONLY.test(folder));
  return at >= 0 && !below.some((folder) => DATA_FOLDER.test(folder));
}

const TEST_FOLDER = /^(?:tests?|unit_?tests?|functional_?tests?)$/iu;
const DATA_FOLDER = /data|fixtures|samples|examples|resources|cases|roots|vendor/iu;
/** Folders whose files are material of tests even where they have the names of tests. */
const DATA_ONLY = /^(?:_?(?:tests?_?)?data|fixtures|resources|samples|_[a-z_]*examples)$/iu;
/** Folders with other projects. */
const BUNDLED = /^_?(?:vendor(?:ed)?(?:[-_].*)?|third[-_]?party|node_modules)$/iu;
/** Folders at the root whose tests are not those of the installed package. */
const NO_TESTS = /^(?:docs?|doc_src|examples?|benchmarks?|bench|tools|scripts|ci)$/iu;

/** Reads one test file: its imports by its syntax tree. */
export function readTestFile(path: string, text: string): TestFileReading {
  const source = parsePython(path, importingPart(text));
  const kinds = testKinds(text);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    path,
    isTest: (isTestName(name) && name !== 'conftest.py') || kinds.hasTestCase,
    imports: allImports(source),
    targets: [...importTargets(path, importedModules(source)), ...quotedTargets(path, text)],
    imported: importTargets(path, readModules(source)),
    commands: testCommands(path, text, { programs: ANY_PROGRAM }).slice(0, MAX_LISTED),
    fixtures: fixtureUse(text, kinds),
    marks: sortedUnique([...text.matchAll(/\bpytest\.mark\.([A-Za-z]\w{0,40})/gu)].map(([, name = '']) => name)),
    ...kinds,
    // What a package has beside its modules is no test: `test_suite()` and its like.
    hasBareTest: kinds.hasBareTest && name !== '__init__.py',
  };
}

/** Where the test runner is configured, and by what. */
export interface RunnerEvidence {
  readonly pytest: PytestConfiguration | null;
  /** Commands of tox and nox. */
  readonly commands: string;
}

export interface TestContext {
  /** Tells the modules that the sdist itself has, by their whole dotted names. */
  readonly isOwn: (module: string, file: string) => boolean;
  /** Whether the sdist has a file of this path. */
  readonly isFile: (path: string) => boolean;
  readonly evidence: RunnerEvidence;
  /** Names of the console scripts of the project; missing: none is known. */
  readonly scripts?: readonly string[];
}

/**
 * Puts the readings of all test files together, those left out that running the tests does not read. `count` is how many files there are.
 */
export function testFacts(all: readonly TestFileReading[], count: number, context: TestContext): TestFacts {
  const { pytest } = context.evidence;
  const reached = reachedFiles(all);
  const runner = runnerOf(reached, context);
  const isCollected = ({ path }: TestFileReading): boolean =>
    runner?.name === 'unittest' ? isDiscoveredByUnittest(path, context.isFile) : isCollectedByPytest(path, pytest);
  const collected = all.filter(isCollected);
  // What the runner does not collect, and what only that imports, is not run. Where it collects nothing by itself, somebody gives it the paths.
  const readings =
    collected.length === 0 ? reached : reachedFiles(all.map((file) => ({ ...file, isTest: isCollected(file) })));
  const paths = all.length === count ? collected.map(({ path }) => path) : null;
  return {
    files: readings.map(({ path }) => path).slice(0, MAX_LISTED),
    count: count - (all.length - readings.length),
    imports: strongestImports(readings, context.isOwn),
    runner,
    collected: paths,
    named:
      collected.length > 0
        ? []
        : reached.filter((file) => file.hasBareTest || file.hasTestCase).map(({ path }) => path),
    importers: filesThatNeed(
      readings.map(({ path, imports, imported }) => ({ path, imported, modules: firmModules(imports, context.isOwn) })),
      paths ?? [],
    ),
    commands: eachCommandOnce(readings, context.scripts ?? []),
    ...fixturesOf(readings, all),
    pytestOptions: pytest?.options ?? '',
    pytestNames: sortedUnique([...(pytest?.settings ?? []), ...readings.flatMap(({ marks }) => marks)]).slice(
      0,
      MAX_LISTED,
    ),
  };
}

function firmModules(imports: readonly ImportStatement[], isOwn: TestContext['isOwn']): string[] {
  return imports.filter((one) => isFirm(one) && !isOwn(one.module, one.file)).map(({ module }) => topLevelOf(module));
}

/** What tests ask for that no file beside them defines. */
function fixturesOf(
  readings: readonly TestFileReading[],
  all: readonly TestFileReading[],
): Pick<TestFacts, 'fixtures'> {
  const defined = new Set(all.flatMap(({ fixtures }) => fixtures.defined));
  const first = new Map<string, NonNullable<TestFacts['fixtures']>[number]>();
  for (const { path, fixtures } of readings) {
    for (const { name, line } of fixtures.asked)
      if (!defined.has(name) && !first.has(name)) first.set(name, { fixture: name, file: path, line });
  }
  return first.size === 0 ? {} : { fixtures: [...first.values()].slice(0, MAX_FIXTURES) };
}

const MAX_FIXTURES = 300;

function eachCommandOnce(readings: readonly TestFileReading[], scripts: readonly string[]): TestCommand[] {
  const first = new Map<string, TestCommand>();
  for (const one of readings.flatMap(({ commands }) => commands)) {
    const counts = PROGRAMS.has(one.command) || scripts.includes(one.command);
    if (counts && !first.has(one.command)) first.set(one.command, one);
  }
  return [...first.values()];
}

function topLevelOf(module: string): string {
  return module.split('.', 1)[0] ?? module;
}

function isTestName(name: string): boolean {
  return /^(?:test_.*|.*_tests?|tests?|conftest|test[A-Z].*)\.py$/u.test(name);
}

/** One statement for each top-level module: without a guard before guarded, at the top of a file before within a function. */
function strongestImports(
  readings: readonly TestFileReading[],
  isOwn: (module: string, file: string) => boolean,
): ImportStatement[] {
  const byModule = new Map<string, ImportStatement>();
  for (const one of readings.flatMap(({ imports }) => imports)) {
    // What a library has for another project may need that one, while the library does not.
    const module = FOR_ANOTHER.test(one.module) ? one.module : topLevelOf(one.module);
    if (isOwn(one.module, one.file)) continue;
    const before = byModule.get(module);
    if (before === undefined || weakness(one) < weakness(before)) byModule.set(module, one);
  }
  return [...byModule.values()].sort((a, b) => (a.module < b.module ? -1 : a.module > b.module ? 1 : 0));
}

const FOR_ANOTHER = /^\w+\.(?:contrib|extra|extras)\.\w+$/u;

function weakness(statement: ImportStatement): number {
  return (statement.guarded ? 2 : 0) + (statement.optional ? 1 : 0);
}

function isFirm(statement: ImportStatement): boolean {
  return !statement.guarded && !statement.optional;
}

/**
 * The program of the project itself that runs its tests. Its tests are often in a form that only it knows, so that what looks like tests of pytest
 * is none unless pytest is named somewhere.
 */
function ownRunner(
  readings: readonly TestFileReading[],
  isFile: (path: string) => boolean,
): NonNullable<TestFacts['runner']> | null {
  const program =
    OWN_RUNNERS.find(isFile) ??
    readings.find(({ path }) => /(?:^|\/)(?:run_?tests?|test_?all|all_?tests)\.py$/u.test(path))?.path;
  return program === undefined ? null : { name: 'own', evidence: `${program} runs them`, file: program };
}

const OWN_RUNNERS = ['runtests.py', 'run_tests.py', 'runtest.py', 'run_test.py', 'testrunner.py', 'test_runner.py'];

function runnerOf(
  readings: readonly TestFileReading[],
  { evidence, isFile }: Pick<TestContext, 'evidence' | 'isFile'>,
): TestFacts['runner'] {
  if (readings.length === 0) return null;
  const importer = (module: string) =>
    readings.find(({ imports }) => imports.some((one) => isFirm(one) && topLevelOf(one.module) === module))?.path;
  const pytest = importer('pytest');
  if (pytest !== undefined) return { name: 'pytest', evidence: `${pytest} imports pytest`, file: pytest };
  if (evidence.pytest !== null) {
    const { file } = evidence.pytest;
    return { name: 'pytest', evidence: `${file} configures pytest`, file };
  }
  if (/\b(?:py\.test|pytest)\b/u.test(evidence.commands))
    return { name: 'pytest', evidence: 'the commands of tox or nox run pytest' };
  const conftest = readings.find(({ path }) => path.endsWith('conftest.py'))?.path;
  if (conftest !== undefined) return { name: 'pytest', evidence: `${conftest} is there`, file: conftest };
  const nose = importer('nose');
  if (nose !== undefined) return { name: 'nose', evidence: `${nose} imports nose`, file: nose };
  const own = ownRunner(readings, isFile);
  const bare = readings.find(({ hasBareTest }) => hasBareTest)?.path;
  if (bare !== undefined && own !== null) return own;
  if (bare !== undefined)
    return { name: 'pytest', evidence: `${bare} has test functions outside of TestCase classes`, file: bare };
  const cases = readings.filter(({ hasTestCase }) => hasTestCase).map(({ path }) => path);
  const [first] = cases;
  if (first === undefined) return null;
  const lost = cases.find((path) => isCollectedByPytest(path, null) && !isDiscoveredByUnittest(path, isFile));
  if (lost !== undefined && own !== null) return own;
  if (lost !== undefined)
    return { name: 'pytest', evidence: `${lost} has TestCase classes that unittest does not discover`, file: lost };
  return { name: 'unittest', evidence: `${first} has TestCase classes`, file: first };
}
