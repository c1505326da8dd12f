import type { ArchiveMember } from '../archive/read-archive.ts';
import { joinWords, oneLine } from '../base/text.ts';
import { EXIT, UserError, userErrorsOf } from '../base/user-error.ts';
import { isLicenceFile, licenceOfText } from './licence-text.ts';
import { type CollectedNative, nativeCollector } from './native/collect-native.ts';
import type { LicenceFile, Place } from './release-facts.ts';
import { isRequirementFile } from './requirement-files.ts';
import { isTestFile, readTestFile, type TestFileReading } from './test-files.ts';

/** What one pass over the members of an sdist gathers. */
export interface CollectedMembers {
  /** All files in order, relative to the root folder. */
  readonly paths: readonly string[];
  /** Texts of the files that were kept, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Texts of other modules, by path: a setup.py or a backend of the sdist may import them from where it says. */
  readonly modules: ReadonlyMap<string, string>;
  readonly tests: readonly TestFileReading[];
  readonly testCount: number;
  readonly licences: readonly LicenceFile[];
  /** What sources and build files tell. */
  readonly native: CollectedNative;
  /** The size of all sources in C and C++ outside of tests, in bytes. */
  readonly compiledBytes: number;
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

/** Most bytes of a file that is read for itself (PKG-INFO holds the long description). */
const METADATA_BYTES = 4 << 20;
/** Files that setup.py may read are kept until the end, since setup.py may come after them: the limits keep that small. */
const KEPT_BYTES = 64 << 10;
const KEPT_FILES = 400;
const KEPT_TOTAL = 8 << 20;
/** Of modules in folders: those that a build imports are short, and lie not deep. */
const MODULE_BYTES = 48 << 10;
const MODULE_FILES = 400;
const MODULE_TOTAL = 4 << 20;
const MODULE_DEPTH = 4;
const TEST_FILES = 1000;
const TEST_BYTES = 2 << 20;
/** Of the texts of tests: what parsing reads in a second or two. */
const TEST_TOTAL = 6 << 20;
const LICENCE_FILES = 20;
const LICENCE_BYTES = 256 << 10;

/**
 * Reads what is needed of the members of an sdist, each while it is the current one. Throws UserError E_NOT_AN_SDIST where there is no
 * single root folder; errors of the archive pass.
 */
export async function collectMembers(
  members: AsyncIterable<ArchiveMember>,
  filename: string,
): Promise<CollectedMembers> {
  const paths: string[] = [];
  const texts = new Map<string, string>();
  const tests: TestFileReading[] = [];
  const licences: LicenceFile[] = [];
  const native = nativeCollector();
  const unknowns: (Place & { what: string; why: string })[] = [];
  const modules = new Map<string, string>();
  const totals = { kept: 0, keptFiles: 0, modules: 0, tests: 0, testCount: 0, compiled: 0, isFull: false };
  let root: string | null = null;
  for await (const member of members) {
    const { top, path } = split(member.path);
    if (isLeftover(member.path)) continue;
    if (path === '' && member.kind !== 'directory')
      throw notAnSdist(filename, `${oneLine(member.path)} lies outside of a folder`);
    root ??= top;
    if (top !== root)
      throw notAnSdist(filename, `it has the folders ${joinWords([root, top].map(oneLine))} at its top`);
    if (member.kind !== 'file' || path === '') continue;
    paths.push(path);

    const isTest = isTestFile(path);
    if (isTest) totals.testCount++;
    if (/\.(?:c|cc|cpp|cxx)$/iu.test(path) && !/(?:^|\/)tests?\//iu.test(path)) totals.compiled += member.size;
    const readsTest = isTest && tests.length < TEST_FILES && totals.tests < TEST_TOTAL && member.size <= TEST_BYTES;
    const limit = byteLimit(path, totals);
    const nativeLimit = native.limit(path, member.size);
    const readsModule =
      !isTest && limit === null && isModuleBelow(path, member.size, { ...totals, files: modules.size });
    if (limit === null && nativeLimit === null && !readsTest && !readsModule) {
      if (isTest && tests.length < TEST_FILES && member.size > TEST_BYTES)
        unknowns.push({ file: path, what: 'imports of a test', why: 'the file is too large' });
      continue;
    }
    const text = await readText(
      member,
      Math.max(limit ?? 0, nativeLimit ?? 0, readsTest ? TEST_BYTES : 0, readsModule ? MODULE_BYTES : 0),
    );
    if (text === null) {
      if (limit === METADATA_BYTES) unknowns.push({ file: path, what: path, why: 'the file is too large' });
      continue;
    }
    if (nativeLimit !== null) native.take(path, text);
    if (readsModule) {
      modules.set(path, text);
      totals.modules += text.length;
    }
    if (readsTest) {
      tests.push(readTestFile(path, text));
      totals.tests += text.length;
    }
    if (isLicenceFile(path) && licences.length < LICENCE_FILES) licences.push({ path, ...licenceOfText(text) });
    if (limit === METADATA_BYTES || (limit !== null && isKept(path) && text.length <= KEPT_BYTES)) {
      texts.set(path, text);
      totals.kept += text.length;
      totals.keptFiles++;
    }
  }
  if (root === null) throw notAnSdist(filename, 'it is empty');
  if (totals.testCount > tests.length && (tests.length >= TEST_FILES || totals.tests >= TEST_TOTAL)) {
    unknowns.push({
      file: '',
      what: 'imports of the tests',
      why: `only ${tests.length} of ${totals.testCount} test files were read`,
    });
  }
  return {
    paths,
    texts,
    modules,
    tests,
    testCount: totals.testCount,
    licences,
    native: native.collected,
    compiledBytes: totals.compiled,
    unknowns,
  };
}

export function notAnSdist(filename: string, why: string): UserError {
  return new UserError('E_NOT_AN_SDIST', `${oneLine(filename)} is no source distribution: ${why}`, {
    exit: EXIT.data,
    hint: 'ask for another version of the project, or take a wheel with --format wheel',
  });
}

/** Bytes to read of a file that is wanted for more than its imports; null for one that is not. */
function byteLimit(path: string, totals: { readonly kept: number; readonly keptFiles: number }): number | null {
  if (MAIN_FILES.has(path) || isEggInfo(path)) return METADATA_BYTES;
  const hasRoom = totals.keptFiles < KEPT_FILES && totals.kept < KEPT_TOTAL;
  if (isLicenceFile(path)) return LICENCE_BYTES;
  return isKept(path) && hasRoom ? KEPT_BYTES : null;
}

const MAIN_FILES: ReadonlySet<string> = new Set([
  'PKG-INFO',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'tox.ini',
  'pytest.ini',
]);

function isEggInfo(path: string): boolean {
  return /^(?:[^/]+\/)?[^/]+\.egg-info\/(?:requires|top_level)\.txt$/u.test(path);
}

/** Whether setup.py may read this file, or import it. */
function isKept(path: string): boolean {
  if (isRequirementFile(path)) return true;
  const depth = path.split('/').length - 1;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (depth === 0)
    return (
      /\.(?:txt|in|md|rst|cfg|toml|ini|json|py|pip)$/iu.test(name) ||
      /^[A-Z_]*(?:VERSION|README|INFO)[A-Z_]*$/iu.test(name)
    );
  if (depth > 3) return false;
  if (/^(?:reqs|deps|dependencies)\/[\w.-]+\.(?:txt|in|pip)$/iu.test(path)) return true;
  return (
    /^_{0,2}(?:init|version|about|meta|metadata|release|info|pkginfo|compat|constants)_{0,2}\.py$/u.test(name) ||
    /^version(?:\.txt)?$/iu.test(name) ||
    isBackend(path) ||
    /(?:^|_)(?:c?ffi|build)(?:_\w+)?\.py$/u.test(name) ||
    (depth < 3 && /req[\w-]*\.txt$/iu.test(name))
  );
}

/** Whether this is a module that a build may import once its folder is on `sys.path`, and there is room for it. */
function isModuleBelow(
  path: string,
  size: number,
  kept: { readonly files: number; readonly modules: number },
): boolean {
  return (
    path.endsWith('.py') &&
    size <= MODULE_BYTES &&
    path.split('/').length - 1 <= MODULE_DEPTH &&
    kept.files < MODULE_FILES &&
    kept.modules < MODULE_TOTAL &&
    !/(?:^|\/)(?:tests?|docs?|examples?|samples?|benchmarks?)\//u.test(path)
  );
}

/** Whether this is, by its name, a module of a build backend that the sdist brings along. */
function isBackend(path: string): boolean {
  return path.endsWith('.py') && path.split('/').some((part) => /backend|pep517/u.test(part));
}

function split(path: string): { top: string; path: string } {
  const at = path.indexOf('/');
  return at < 0 ? { top: path, path: '' } : { top: path.slice(0, at), path: path.slice(at + 1) };
}

/** What packing on macOS and git's archive leave behind. */
function isLeftover(path: string): boolean {
  return (
    /(?:^|\/)\._[^/]*$/u.test(path) ||
    path === 'pax_global_header' ||
    path.startsWith('__MACOSX/') ||
    path === '__MACOSX'
  );
}

/** The text of a member; null where it is larger than the limit. */
async function readText(member: ArchiveMember, limit: number): Promise<string | null> {
  if (member.size > limit) return null;
  try {
    return new TextDecoder().decode(await member.bytes(limit));
  } catch (error) {
    if (userErrorsOf(error)?.some(({ code }) => code === 'E_MEMBER_TOO_LARGE') === true) return null;
    throw error;
  }
}
