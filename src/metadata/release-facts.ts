import type { CoreMetadata } from '../pep/core-metadata.ts';
import type { ModuleOrigin } from './module-origins.ts';
import type { NativeFacts } from './native/native-facts.ts';

/** Where a fact stands: a file relative to the root of the sdist, and its line (from 1) where that is known. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/**
 * What static reading found out about one thing. Unknown is not absent: `absent` means that the release provably says nothing,
 * `unknown` that it says something that only running it would tell.
 */
export type Reading<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'known'; readonly value: T; readonly place: Place }
  | { readonly kind: 'unknown'; readonly place: Place; readonly why: string };

/** Requirement texts by group, as they are written; the group is the name of an extra, a dependency group or a tox environment. */
export type RequirementGroups = Readonly<Record<string, readonly string[]>>;

/** pyproject.toml: PEP 517/518, 621, 639, 735 and what the tables of the known backends say. */
export interface PyprojectFacts {
  /** `build-system.requires`; absent without the table (then PEP 518's default holds). */
  readonly requires: Reading<readonly string[]>;
  /** `build-system.build-backend`; null where it is not named. */
  readonly buildBackend: string | null;
  readonly backendPath: readonly string[];
  /** Fields of `[project]` (or of `[tool.poetry]` and `[tool.flit.metadata]`, translated); null without any. */
  readonly project: ProjectTable | null;
  readonly dependencyGroups: RequirementGroups;
  /** Test requirements that tables of tools state: tool.hatch.envs.test, tool.pdm.dev-dependencies, tool.poetry.group.*, by group. */
  readonly toolGroups: RequirementGroups;
  /** On which lines these groups begin, by group, as far as that was found. */
  readonly groupLines?: Readonly<Record<string, number>>;
  /** On which lines the keys of the project's tables stand, see pyprojectLines(). */
  readonly fieldLines?: Readonly<Record<string, number>>;
  /** Names of the `tool.*` tables, for backends that configure themselves there. */
  readonly tools: readonly string[];
}

export interface ProjectTable {
  readonly table: 'project' | 'tool.poetry' | 'tool.flit.metadata';
  readonly dynamic: readonly string[];
  readonly dependencies: Reading<readonly string[]>;
  readonly optionalDependencies: Reading<RequirementGroups>;
  readonly requiresPython: string | null;
  readonly description: string | null;
  /** PEP 639 expression or free text. */
  readonly license: string | null;
  readonly classifiers: readonly string[];
  readonly urls: Readonly<Record<string, string>>;
  readonly scripts: readonly string[];
}

/** What the call of `setup()` says, in setup.py or declaratively in setup.cfg. */
export interface SetupFacts {
  readonly installRequires: Reading<readonly string[]>;
  readonly setupRequires: Reading<readonly string[]>;
  readonly testsRequire: Reading<readonly string[]>;
  readonly extrasRequire: Reading<RequirementGroups>;
  readonly pythonRequires: Reading<string>;
  readonly license: Reading<string>;
  readonly classifiers: Reading<readonly string[]>;
  readonly url: Reading<string>;
  readonly description: Reading<string>;
  /** Names of console scripts. */
  readonly consoleScripts: Reading<readonly string[]>;
  /** Names after `-l` of all extensions (`Extension(libraries=...)`), without those of other platforms where that is known. */
  readonly libraries: Reading<readonly string[]>;
  /** PEP 508 markers of libraries that not all platforms or interpreters link, by name; missing: all do. */
  readonly libraryMarkers?: Readonly<Record<string, string>>;
  /** The arguments of extensions that state the libraries, by name; missing: the place of `libraries`. */
  readonly libraryPlaces?: Readonly<Record<string, Place>>;
  readonly hasExtensions: boolean;
}

/** An import statement. `guarded`: inside a `try` that catches ImportError, `if TYPE_CHECKING:` or a condition on the interpreter. */
export interface ImportStatement extends Place {
  /** The whole dotted name, for example `numpy.linalg`. */
  readonly module: string;
  readonly guarded: boolean;
  /** Inside a function, or after a call of `pytest.importorskip` for it: needed by some tests only. */
  readonly optional: boolean;
}

export interface SetupScriptFacts extends SetupFacts {
  /** Imports at the top level of setup.py, those of the sdist's own modules left out. */
  readonly imports: readonly ImportStatement[];
  /** Files that setup.py provably reads requirements from, for example `requirements.txt`. */
  readonly filesRead: readonly string[];
  /** The licence notice in the leading comment, one line; null without. */
  readonly header: string | null;
  /** The call of setup(), where it is not reached on PyPy: setup.py ends there, or raises an exception. */
  readonly unreachedOnPyPy?: Place;
}

export interface RequirementFile {
  /** For example `requirements.txt`, `requirements/test.txt`, `dev-requirements.txt`. */
  readonly path: string;
  /** Requirement texts in order, includes followed inside the sdist; options and blank lines are left out. */
  readonly requirements: readonly string[];
}

export interface TestFacts {
  /** Paths of the test files (`test_*.py`, `*_test.py`, and the helpers beside them), at most the first hundred. */
  readonly files: readonly string[];
  /** How many test files there are. */
  readonly count: number;
  /** One entry for each top-level module that test files or conftest.py import and that the sdist itself does not have; the strongest wins. */
  readonly imports: readonly ImportStatement[];
  /**
   * `pytest` when a test imports it, is configured for it or has bare `test_` functions; `unittest` when TestCase classes are all there is; `own` when a
   * program of the project runs them and nothing names pytest.
   */
  readonly runner: {
    readonly name: 'pytest' | 'unittest' | 'nose' | 'own';
    readonly evidence: string;
    /** The file with which the evidence begins; missing: it is about no single file. */
    readonly file?: string;
  } | null;
  /** Paths of the files that the runner collects by itself; null where not all test files were read. */
  readonly collected: readonly string[] | null;
  /** Paths of the files with tests that the runner must be given, where it collects none by itself. */
  readonly named: readonly string[];
  /** By top-level module that the sdist does not have, the collected files that cannot be read without it; without the modules that all of them need. */
  readonly importers: Readonly<Record<string, readonly string[]>>;
  /** Programs that the tests run by their names, those of the project itself too, each with one place. */
  readonly commands: readonly (Place & { readonly command: string })[];
  /** The options that the configuration of pytest gives to every run (`addopts`), on one line. */
  readonly pytestOptions: string;
  /** Names of what the configuration of pytest sets (`timeout`), and of the marks that tests have (`pytest.mark.timeout`), sorted; missing: none. */
  readonly pytestNames?: readonly string[];
  /** Names of parameters of tests that nothing beside the tests defines, each with one place, see fixtureUse(); missing: none. */
  readonly fixtures?: readonly (Place & { readonly fixture: string })[];
}

export interface LicenceFile {
  readonly path: string;
  /** SPDX id that the text matches; null when it matches none, or begins with other terms. */
  readonly spdx: string | null;
  /** SPDX id of a text that it has behind those other terms. */
  readonly later?: string;
}

/** Everything that reading an sdist told, plain data that fits JSON and is kept by the digest of the archive. */
export interface SdistFacts {
  /** The root PKG-INFO; null where there is none. */
  readonly coreMetadata: CoreMetadata | null;
  /** The line of PKG-INFO on which its first requirement stands; missing without any. */
  readonly requiresDistLine?: number;
  /** The lines of PKG-INFO on which its fields stand, see metadataLines(). */
  readonly fieldLines?: Readonly<Record<string, number>>;
  /** The text of the long description is long: only sentences that speak of the licence are kept; and the notice of the modules where it allows later versions. */
  readonly licenceSentences: readonly string[];
  readonly pyproject: PyprojectFacts | null;
  readonly setupScript: SetupScriptFacts | null;
  readonly setupCfg: SetupFacts | null;
  /** requires.txt of the egg-info: unconditional ones under the group ``, else `extra`, `:marker` or `extra:marker`; null without that file. */
  readonly eggRequires: { readonly file: string; readonly groups: RequirementGroups } | null;
  /** The egg-info folder is there, with or without requires.txt. */
  readonly hasEggInfo: boolean;
  readonly requirementFiles: readonly RequirementFile[];
  /** deps of the tox environments that run tests. */
  readonly toxDeps: Reading<readonly string[]>;
  /** What the sessions of noxfile.py that run tests install. */
  readonly noxDeps: Reading<readonly string[]>;
  readonly tests: TestFacts;
  /** Importable names that the installed package has: top-level packages and modules, the first real module of namespace packages. */
  readonly modules: readonly string[];
  /** Where these are told, by module. */
  readonly moduleOrigins?: Readonly<Record<string, readonly ModuleOrigin[]>>;
  /** Top-level packages whose sources lie at the root without the modules that are compiled of them, see uncompiledPackages(); missing: none. */
  readonly uncompiled?: readonly string[];
  /** Top-level modules of other projects without which one of `modules` cannot be imported, by module; those that need none are left out. */
  readonly importNeeds?: Readonly<Record<string, readonly string[]>>;
  readonly licenceFiles: readonly LicenceFile[];
  /** The size of all sources in C and C++ outside of tests, in bytes; missing: not known. */
  readonly compiledBytes?: number;
  /** Paths of Cargo.lock files. */
  readonly cargoLocks: readonly string[];
  /** Backends' build files: paths of top-level meson.build and CMakeLists.txt. */
  readonly buildFiles: readonly string[];
  /** What it says about code that is compiled, the libraries that are linked and the tools that are run. */
  readonly native: NativeFacts;
  /** What could not be read and is in no `Reading` above. */
  readonly unknowns: readonly (Place & { readonly what: string; readonly why: string })[];
}

/** What a wheel says: its METADATA, and the importable names of its RECORD (null where only the metadata file was fetched). */
export interface WheelFacts {
  readonly coreMetadata: CoreMetadata;
  readonly modules: readonly string[] | null;
  /** The path in the wheel of the file that a module is, by module; those that are folders without `__init__.py` are left out. */
  readonly moduleFiles?: Readonly<Record<string, string>>;
  readonly consoleScripts: readonly string[] | null;
  /** The line of entry_points.txt of each console script. */
  readonly scriptLines?: Readonly<Record<string, number>>;
}
