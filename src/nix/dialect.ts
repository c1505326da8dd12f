import { EXIT, UserError } from '../base/user-error.ts';
import type { InputListName } from '../classify/package-facts.ts';
import { COLUMNS } from './dialect-columns.ts';
import type { HashForm } from './hash.ts';

/**
 * How the expressions of a generation of nixpkgs are spelled: one column of the table in dialect-columns.ts. A wrong spelling is silent: an argument that the
 * builder does not know becomes an environment variable. So every attribute that may be written is named here.
 */
export interface Dialect {
  /** The first release that is spelled so, `24.05`: the name of the column. */
  readonly generation: string;
  /** All releases that are spelled so, in order. */
  readonly releases: readonly string[];
  /** The one of them that was asked for. */
  readonly release: string;
  /** `name = "x-${version}"`; `pname` and `version`; or these and a `name` of both, which the builder does not make itself. */
  readonly naming: 'name' | 'pname and name' | 'pname';
  /** Names of derivations are freed of what no store path can be called by, such as the `!` of an epoch; else the expression has to. */
  readonly cleansNames: boolean;
  /** How an expression names its own attributes: `buildPythonPackage rec { ... }`, or `buildPythonPackage (finalAttrs: { ... })`. */
  readonly ownAttributes: 'rec' | 'finalAttrs';
  readonly fetcher: 'fetchurl' | 'fetchPypi';
  /** `fetchPypi` takes the `extension` of an sdist that is no `.tar.gz`. */
  readonly sdistExtension: boolean;
  /** `fetchPypi` takes `dist`, the folder of a wheel; else the tag of the interpreter stands for it. An argument that it does not know fails. */
  readonly wheelDist: boolean;
  /** The form of digests unless the user asks for another. */
  readonly hash: HashForm;
  /** The attribute for SRI digests; null where the fetcher cannot read them. */
  readonly sriAttribute: 'hash' | null;
  /** Which attribute each list of inputs goes to. */
  readonly lists: Readonly<Record<InputListName, string>>;
  /** Build requirements (PEP 503 names) that the builder brings itself. */
  readonly impliedBuildSystem: readonly string[];
  /** `format = "wheel"` exists. */
  readonly formats: boolean;
  /**
   * How a project that is built by its own backend (PEP 517) is told: not at all, because the builder runs `setup.py` only; by `format = "pyproject"` where the
   * backend is not setuptools, which is the default; by `format = "pyproject"` always; or by `pyproject = true`.
   */
  readonly backend: 'setup.py' | 'format unless setuptools' | 'format' | 'pyproject';
  /** Where the extras of a package stand; null where packages have none. */
  readonly optionalDependencies:
    | readonly ['optional-dependencies']
    | readonly ['passthru', 'optional-dependencies']
    | null;
  /** Packages of the set have their extras there, too. */
  readonly setHasExtras: boolean;
  readonly importsCheck: boolean;
  /** Who reads `pythonRelaxDeps` and `pythonRemoveDeps`: nobody, a hook that has to be among the inputs, or the builder. */
  readonly relaxDeps: 'hook' | 'builder' | null;
  /** The flag that keeps the builder from checking the bounds of build requirements; null where it checks none. */
  readonly skipBuildBounds: string | null;
  /** Who runs the tests: a hook among the inputs; a `checkPhase` that is written out; or `setup.py test`, which the builder does by itself. */
  readonly testRunner: Readonly<Record<'pytest' | 'unittest', TestRunner>>;
  /** What leaves out files of tests: the attribute of that name, flags of the hook, or the command of a `checkPhase`; null for nothing, so that all run. */
  readonly disabledTestPaths: 'disabledTestPaths' | 'pytestFlagsArray' | 'checkPhase' | null;
  /** How files and flags are named to pytest: by PYTEST_ADDOPTS among the variables, or by `enabledTestPaths` and `pytestFlags`. */
  readonly testPaths: 'env' | 'enabledTestPaths';
  /** What `rustPlatform` has; null without `importCargoLock` and the hooks that use it. */
  readonly rust: {
    /** It takes the text of a lock file (`lockFileContents`), else only a file. */
    readonly lockFileContents: boolean;
    /** It lets Nix fetch crates from git (`allowBuiltinFetchGit`), else it asks for their hashes. */
    readonly gitCrates: boolean;
  } | null;
  /** `autoPatchelfHook`, which lets compiled files find the libraries that they link. */
  readonly patchelfHook: boolean;
  /** CMake brings a hook that configures, unless it is told not to. */
  readonly cmakeHook: boolean;
  /** Tests that the build does not run can be run by `passthru.tests`. */
  readonly passthruTests: boolean;
  /** Environment variables stand in a set `env`, or among the attributes. */
  readonly env: 'set' | 'attributes';
  /** `substituteInPlace` has `--replace-fail`; before, `--replace` does the same and is content where nothing is found. */
  readonly replaceFail: boolean;
  /** Libraries have their headers and objects in outputs of their own. */
  readonly splitOutputs: boolean;
  /** Python 2.7 has modules of its standard library in packages of their own, `python27.modules.sqlite3`; `python27Full` has them all. */
  readonly interpreterModules: boolean;
  /** `pythonOlder "3.9"`, or `lib.versionOlder python.pythonVersion "3.9"`. */
  readonly versionTest: 'pythonOlder' | 'versionOlder';
  /** Where flags of the platform are: `stdenv.hostPlatform.isDarwin` or `stdenv.isDarwin`. */
  readonly platform: readonly string[];
  /** The argument of a package function, and the path in it, that is the whole Python set. */
  readonly pythonSet: readonly ['python', 'pkgs'] | readonly ['pythonPackages'];
  /** Packages reach the set as an overlay, or by a set that is built on it. */
  readonly packageSet: 'overlay' | 'set';
  /** What calls a package of a folder can pass libraries of nixpkgs, `inherit (final.pkgs) libxml2`; else the function takes `pkgs`. */
  readonly callHasPkgs: boolean;
  /** What an environment with packages can be made with. */
  readonly environments: {
    /** `python.withPackages (ps: [ ... ])`; else `python.buildEnv.override { extraLibs = [ ... ]; }`. */
    readonly withPackages: boolean;
    readonly mkShell: boolean;
    /** `myEnvFun`, for environments of `nix-env`. */
    readonly myEnvFun: boolean;
    /** Overlays of all Python sets at once; else one `packageOverrides` for each interpreter. */
    readonly pythonPackagesExtensions: boolean;
  };
  /** `stated`: a description is written as the metadata has it; `styled`: without an article, with a capital, as nixpkgs wants it since 2024. */
  readonly description: 'stated' | 'styled';
  /** Attributes in the order in which they are written; a blank line between groups. `ENV` stands for the variables of `env: 'attributes'`. */
  readonly groups: readonly (readonly string[])[];
  /** The same for `meta`. `sourceProvenance` and `platforms` are those of wheels that are compiled. */
  readonly meta: readonly MetaAttribute[];
}

/** What the argument of a package with `ownAttributes: 'finalAttrs'` is called. */
export const FINAL_ATTRIBUTES = 'finalAttrs';

/** What `meta` can have. */
export type MetaAttribute =
  | 'description'
  | 'homepage'
  | 'changelog'
  | 'license'
  | 'sourceProvenance'
  | 'mainProgram'
  | 'maintainers'
  | 'platforms';

/** How tests are run, see `Dialect.testRunner`. */
export type TestRunner =
  | { readonly kind: 'hook'; readonly attribute: string }
  | { readonly kind: 'checkPhase' }
  | { readonly kind: 'builder' };

/** The dialect of a release; without a known release take `DEFAULT_RELEASE`. Throws UserError E_UNKNOWN_RELEASE. */
export function dialectFor(release: string): Dialect {
  const index = RELEASES.indexOf(release);
  if (index === -1)
    throw new UserError('E_UNKNOWN_RELEASE', `${JSON.stringify(release)} is no release of nixpkgs`, {
      hint: `known: ${RELEASES.join(', ')}`,
      exit: EXIT.usage,
    });
  const column = COLUMNS.findLast(({ generation }) => RELEASES.indexOf(generation) <= index);
  if (column === undefined) throw new Error(`no column for nixpkgs ${release}`);
  const next = COLUMNS[COLUMNS.indexOf(column) + 1];
  const end = next === undefined ? RELEASES.length : RELEASES.indexOf(next.generation);
  return { ...column, release, releases: RELEASES.slice(RELEASES.indexOf(column.generation), end) };
}

/** Its form evaluates from 24.05 to unstable. */
export const DEFAULT_RELEASE = '24.05';

/** All releases in order. */
export const RELEASES: readonly string[] = [
  ...['15.09', '16.03', '16.09', '17.03', '17.09', '18.03', '18.09', '19.03', '19.09', '20.03', '20.09', '21.05'],
  ...['21.11', '22.05', '22.11', '23.05', '23.11', '24.05', '24.11', '25.05', '25.11', '26.05', 'unstable'],
];
