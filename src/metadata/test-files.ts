import { allImports, importedModules } from './python/import-scan.ts';
import { parsePython } from './python/syntax.ts';
import type { ImportStatement, TestFacts } from './release-facts.ts';
import { importTargets, quotedTargets, type ReachableFile, reachedFiles } from './test-file-reach.ts';
import { importingPart, type TestKinds, testKinds } from './test-file-text.ts';

/** What one test file tells; small, so that its text need not be kept. */
export interface TestFileReading extends ReachableFile, TestKinds {
  readonly imports: readonly ImportStatement[];
}

const MAX_LISTED = 100;

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
    ...kinds,
  };
}

/** Where the test runner is configured, and by what. */
export interface RunnerEvidence {
  /** Files that configure pytest, for example `pytest.ini`. */
  readonly pytestConfiguration: string | null;
  /** Commands of tox. */
  readonly commands: string;
}

/**
 * Puts the readings of all test files together, those left out that running the tests does not read. `count` is how many files there are, `isOwn` tells the
 * modules that the sdist itself has, by their whole dotted names.
 */
export function testFacts(
  all: readonly TestFileReading[],
  count: number,
  options: { readonly isOwn: (module: string, file: string) => boolean; readonly evidence: RunnerEvidence },
): TestFacts {
  const readings = reachedFiles(all);
  return {
    files: readings.map(({ path }) => path).slice(0, MAX_LISTED),
    count: count - (all.length - readings.length),
    imports: strongestImports(readings, options.isOwn),
    runner: runnerOf(readings, options.evidence),
  };
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
    const module = one.module.split('.', 1)[0] ?? one.module;
    if (isOwn(one.module, one.file)) continue;
    const before = byModule.get(module);
    if (before === undefined || weakness(one) < weakness(before)) byModule.set(module, one);
  }
  return [...byModule.values()].sort((a, b) => (a.module < b.module ? -1 : a.module > b.module ? 1 : 0));
}

function weakness(statement: ImportStatement): number {
  return (statement.guarded ? 2 : 0) + (statement.optional ? 1 : 0);
}

function isFirm(statement: ImportStatement): boolean {
  return !statement.guarded && !statement.optional;
}

function runnerOf(readings: readonly TestFileReading[], evidence: RunnerEvidence): TestFacts['runner'] {
  if (readings.length === 0) return null;
  const importer = (module: string) =>
    readings.find(({ imports }) => imports.some((one) => isFirm(one) && one.module.split('.', 1)[0] === module))?.path;
  const pytest = importer('pytest');
  if (pytest !== undefined) return { name: 'pytest', evidence: `${pytest} imports pytest` };
  if (evidence.pytestConfiguration !== null)
    return { name: 'pytest', evidence: `${evidence.pytestConfiguration} configures pytest` };
  if (/\b(?:py\.test|pytest)\b/u.test(evidence.commands)) return { name: 'pytest', evidence: 'tox runs pytest' };
  const conftest = readings.find(({ path }) => path.endsWith('conftest.py'))?.path;
  if (conftest !== undefined) return { name: 'pytest', evidence: `${conftest} is there` };
  const nose = importer('nose');
  if (nose !== undefined) return { name: 'nose', evidence: `${nose} imports nose` };
  const bare = readings.find(({ hasBareTest }) => hasBareTest)?.path;
  if (bare !== undefined) return { name: 'pytest', evidence: `${bare} has test functions outside of TestCase classes` };
  const testCase = readings.find(({ hasTestCase }) => hasTestCase)?.path;
  return testCase === undefined ? null : { name: 'unittest', evidence: `${testCase} has TestCase classes` };
}
