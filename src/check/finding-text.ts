import { countOf, joinWords, oneLine } from '../base/text.ts';
import type { Cause, FailedTest, Finding } from './finding.ts';
import { goneModule } from './standard-modules.ts';

/** More names than these are counted. */
const MOST_NAMES = 8;

/** What a finding says, as a sentence without final full stop. */
export function findingText({ cause, stage }: Finding): string {
  const where = stage === 'tests' ? ' in the tests' : stage === 'imports' ? ' when it is imported' : '';
  switch (cause.kind) {
    case 'module':
      return moduleText(cause, where);
    case 'requirement':
      return requirementText(cause, stage);
    case 'library':
      return `${LANGUAGE_WORDS[cause.language]} ${cause.name} is missing${where}`;
    case 'program':
      return `the program ${cause.name} is missing${where}`;
    case 'tests':
      return testsText(cause);
    case 'network':
      return `${stage === 'tests' ? 'a test' : stage === 'source' ? 'the source' : 'the build'} asks for the network${cause.what === null ? '' : ` (${cause.what})`}, ${stage === 'source' ? 'and does not get it' : 'which builds do not have'}`;
    case 'version':
      return `the build has version ${cause.built}, the expression ${cause.stated}`;
    case 'scm-version':
      return 'the version is taken from version control, which an sdist does not have';
    case 'cargo-lock':
      return 'Cargo has no Cargo.lock that fits, so the crates that it needs cannot be fetched before the build';
    case 'hash':
      return `${cause.what} has the digest ${cause.got}${cause.stated === null ? '' : `, not ${cause.stated}`}`;
    case 'removed':
      return `${cause.by} took ${cause.name} out of ${cause.list}`;
    case 'formal':
      return `the package set has no ${cause.name}, which the expression takes as an argument`;
    case 'attribute':
      return `the package set has no attribute ${cause.name}`;
    case 'recursion':
      return 'the evaluation goes round for ever: a package needs itself, most often through check inputs';
    case 'syntax':
      return `Nix cannot read it: ${cause.what}`;
    case 'refused':
      return `nixpkgs refuses it: ${oneLine(cause.what)}`;
  }
}

/** What a user can do where no rule is proposed, or instead of it; null: nothing is known. */
export function adviceText({ cause, stage }: Finding): string | null {
  switch (cause.kind) {
    case 'network':
      return stage === 'tests' ? 'leave the tests that need it out, with disabledTests in a rule' : null;
    case 'formal':
      return `generate it too (--deps missing with the user's own --nixpkgs, or --deps all), or remove it by a rule`;
    case 'recursion':
      return 'remove the input that closes the round by a rule; nix-instantiate --show-trace shows the way';
    case 'cargo-lock':
      return 'take the wheel (format = "wheel" in a rule), or a release whose sdist has a Cargo.lock';
    case 'hash':
      return 'generate the expression again; if the digest stays another, the file has been replaced';
    case 'requirement':
      return cause.found === null
        ? null
        : `or pin it: generate again with the requirement ${cause.requirement} besides`;
    case 'tests':
      return cause.runner === 'unittest'
        ? 'unittest cannot leave out tests by name: set checkPhase, or doCheck, in a rule'
        : null;
    case 'library':
      return cause.language === 'load'
        ? 'it is looked for by name when it runs, which finds nothing in a Nix store: put its path into the sources, with postPatch in a rule'
        : null;
    case 'version':
      return 'its version is told by a plugin or by version control: add the plugin to build-system, or set the version by a rule';
    default:
      return null;
  }
}

const LANGUAGE_WORDS = {
  link: 'the library',
  load: 'the library',
  'pkg-config': 'the pkg-config module',
  meson: 'the dependency',
  cmake: 'the CMake package',
  crate: 'the library of the crate',
  header: 'the header',
} as const;

function moduleText({ module, inside }: Extract<Cause, { readonly kind: 'module' }>, where: string): string {
  const gone = goneModule(module);
  const by = inside === null ? '' : `, which ${inside} imports,`;
  if (gone !== null)
    return `the Python module ${module}${by} is missing${where}: Python ${gone.since} took it out of the standard library`;
  return `the Python module ${module}${by} is missing${where}`;
}

function requirementText(
  { requirement, found, isMissing }: Extract<Cause, { readonly kind: 'requirement' }>,
  stage: Finding['stage'],
): string {
  const what =
    stage === 'build' ? 'the build requirement' : stage === 'tests' ? 'the test requirement' : 'the requirement';
  if (found !== null) return `${what} ${requirement} is not met: ${found} is there`;
  return `${what} ${requirement} is ${isMissing ? 'missing' : 'missing, or there in another version'}`;
}

function testsText({ tests, passed }: Extract<Cause, { readonly kind: 'tests' }>): string {
  const names = tests.map(nameOfTest);
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  const list = more === 0 ? joinWords(shown) : `${shown.join(', ')} and ${more} more`;
  return `${countOf(tests.length, 'test')} failed${passed === null ? '' : `, ${passed} passed`}: ${list}`;
}

function nameOfTest({ file, name }: FailedTest): string {
  return name === null ? `${file ?? 'a file'} (cannot be read)` : name;
}
