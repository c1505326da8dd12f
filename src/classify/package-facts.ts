import type { Note } from '../base/note.ts';
import type { Marker } from '../pep/marker.ts';

/** Where an input or attribute comes from, for `why`. */
export interface Origin {
  /** `requirement`: declared; `inference`: concluded from evidence; `override`: a rule; `backend`: implied by the build backend. */
  readonly kind: 'requirement' | 'inference' | 'override' | 'backend';
  /** A sentence without final full stop, for example `declared in datashape.egg-info/requires.txt`. */
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
  /** The requirement as it is written. */
  readonly requirement?: string;
}

/** Another Python project that this one needs. */
export interface PythonInput {
  readonly kind: 'python';
  /** PEP 503 name. */
  readonly name: string;
  /** Extras that are asked for, normalised and sorted. */
  readonly extras: readonly string[];
  /** PEP 440 specifier set in normal form, empty for any version. */
  readonly specifier: string;
  /** Bounds that hold under a condition of their own, where the input is there under a wider one: `cffi>=2; python_version >= "3.14"` beside `cffi~=1.17`. */
  readonly bounds?: readonly { readonly specifier: string; readonly marker: Marker }[];
  /** Condition relative to the targets; null for always. */
  readonly marker: Marker | null;
  readonly origins: readonly Origin[];
  /** Of a build requirement: the part of `specifier` outside of which the build fails for certain, since the form of the release says so; missing: none. */
  readonly provenSpecifier?: string;
  /** Of a check input: the test files that cannot be read without it, where the others can; missing: all need it, or it is not known which. */
  readonly neededBy?: readonly string[];
}

/** A system library or tool, by its attribute in a current nixpkgs, for example `libxml2`. */
export interface SystemInput {
  readonly kind: 'system';
  readonly attribute: string;
  /** Condition relative to the targets; missing: always. */
  readonly marker?: Marker;
  readonly origins: readonly Origin[];
}

export type Input = PythonInput | SystemInput;

/** What an expression builds: an archive, or what a requirement named by its address. */
export type Source = ArchiveSource | DirectorySource | GitSource;

/** The archive that an expression fetches. */
export interface ArchiveSource {
  readonly kind: 'sdist' | 'wheel';
  /** As the index spells it, for example `pyFFTW-0.9.2.tar.gz`. */
  readonly filename: string;
  /** Hex digest of the file. */
  readonly sha256: string;
  /** Where the index says the file lies, without credentials. */
  readonly url: string;
  /** Absolute path of a file of this machine that the user named: the expression takes it from there. */
  readonly path?: string;
  /** The folder of the project in the unpacked archive, `name-1.0/a/b`, where that is not the archive's own root. */
  readonly sourceRoot?: string;
  /** Of a wheel that does not fit all targets: the wheels of those that have one, itself among them. Missing: it is the only one. */
  readonly wheels?: readonly TargetWheel[];
}

/** The wheel of an interpreter on a system. */
export interface TargetWheel {
  /** X.Y of CPython. */
  readonly python: string;
  /** As Nix calls it: `x86_64-linux`. */
  readonly system: string;
  readonly filename: string;
  /** Hex digest of the file. */
  readonly sha256: string;
  /** Where the index says the file lies, without credentials. */
  readonly url: string;
}

/** A folder of this machine that the user named. */
export interface DirectorySource {
  readonly kind: 'directory';
  /** Absolute. */
  readonly path: string;
}

/** A commit of a git repository. */
export interface GitSource {
  readonly kind: 'git';
  /** Without credentials and without `git+`. */
  readonly url: string;
  /** 40 or 64 hex digits. */
  readonly rev: string;
  /** The branch or tag that leads to it, in full: `refs/heads/main`; null for a commit that was named itself and for the default branch. */
  readonly reference: string | null;
  /** SRI, of the Nix archive of its working copy, `.git` left out; null where it could not be told: then Nix itself has to fetch it. */
  readonly hash: string | null;
  /** It is the default branch, so that Nix finds the commit without being told where to look. */
  readonly isDefaultBranch: boolean;
  readonly hasSubmodules: boolean;
  /** Folder of the project in it; null: its root. */
  readonly subdirectory: string | null;
}

/** A licence by SPDX id where it is known, else the free text. */
export type Licence = { readonly spdx: string } | { readonly text: string };

export interface Meta {
  readonly description: string | null;
  readonly homepage: string | null;
  readonly changelog: string | null;
  readonly licences: readonly Licence[];
  readonly mainProgram: string | null;
}

/** Names of the lists of inputs in the modern form (nixpkgs 24.05 and later); other releases spell them differently. */
export const INPUT_LISTS = [
  'build-system',
  'nativeBuildInputs',
  'buildInputs',
  'dependencies',
  'nativeCheckInputs',
] as const;
export type InputListName = (typeof INPUT_LISTS)[number];

/** A piece of text for a Nix string: literal, or the store path of a system input (`outPath` chooses lib or dev where outputs are split). */
export type TextPart = string | { readonly attribute: string; readonly output: 'out' | 'lib' | 'dev' };

/** Text attributes that overrides may set, in phases or the environment. */
export const TEXT_ATTRIBUTES = [
  'postPatch',
  'preConfigure',
  'preBuild',
  'postInstall',
  'preCheck',
  'postCheck',
] as const;
export type TextAttributeName = (typeof TEXT_ATTRIBUTES)[number];

/** Something that would be in a list and is not: becomes a comment in the expression and a note. */
export interface Omission {
  readonly list: InputListName | 'optional-dependencies';
  readonly name: string;
  readonly reason: string;
}

export interface DisabledTest {
  readonly test: string;
  readonly reason: string;
}

/** A patch of a rule, which stands beside the expression as a file. */
export interface PatchFile {
  /** A plain file name, which ends in `.patch` or `.diff`. */
  readonly name: string;
  readonly text: string;
}

/** The crates of a release that Cargo builds, as its Cargo.lock has them. */
export interface CargoVendoring {
  /** The whole text of the Cargo.lock. */
  readonly lock: string;
  /** Folder of the Cargo.lock in the sdist; null: its root. */
  readonly root: string | null;
  /** Names of crates from git repositories, whose hashes are not known. */
  readonly gitCrates: readonly string[];
}

/** A bound of a build requirement that the version in use does not meet. */
export interface LiftedBound {
  /** PEP 503 name. */
  readonly name: string;
  /** What is asked for, in normal form: `<70`. */
  readonly specifier: string;
  /** What is used, in normal form. */
  readonly version: string;
}

/** A change that a rule of an override made, for `why`. */
export interface AppliedChange {
  /** In the modern form: `buildInputs`, `optional-dependencies.redis`, `env.FFTW`, `license`. */
  readonly attribute: string;
  readonly verb: 'add' | 'remove' | 'replace' | 'set';
  /** Names of inputs, tests or modules that the verb is about; the value that is set, as a reader would write it. */
  readonly entries: readonly string[];
  /** Of the kind `override`. */
  readonly origin: Origin;
}

/** Everything that the expression of one package says, before names and spelling of a nixpkgs release. Lists are in no particular order. */
export interface PackageFacts {
  /** PEP 503 name. */
  readonly name: string;
  /** PEP 440 normal form. */
  readonly version: string;
  readonly source: Source;
  readonly inputs: Readonly<Record<InputListName, readonly Input[]>>;
  /** By extra, normalised name. */
  readonly optionalDependencies: Readonly<Record<string, readonly Input[]>>;
  readonly check: {
    /** Null: no tests in the release. */
    readonly runner: 'pytest' | 'unittest' | null;
    /** False: the tests are there and are not run, for this reason. Null: as the form's default has it. */
    readonly enabled: boolean | null;
    readonly reason: string | null;
    /** True: what the build does not run is run by `passthru.tests`, with the check inputs. */
    readonly elsewhere?: boolean;
    /** Paths of the test files that the runner collects; missing: they are not all known. */
    readonly files?: readonly string[];
    /** Commands of the shell that run before the tests, each with its reason; missing: none. A rule that sets `preCheck` takes their place. */
    readonly preparation?: readonly { readonly script: string; readonly origin: Origin }[];
  };
  readonly disabledTests: readonly DisabledTest[];
  readonly disabledTestPaths: readonly DisabledTest[];
  readonly importsCheck: readonly string[];
  /** Top-level modules of other projects without which a module of `importsCheck` cannot be imported, by module; missing: none is known. */
  readonly importNeeds?: Readonly<Record<string, readonly string[]>>;
  /** The bounds of requires-python, upper ones left out, that exclude interpreters of the targets; null: none is excluded. */
  readonly disabled: { readonly requiresPython: string } | null;
  /** Whether it cannot be built or used on PyPy, which is among the targets; missing: it can, or they have no PyPy. */
  readonly disabledOnPyPy?: true;
  readonly relaxDeps: readonly string[];
  readonly removeDeps: readonly string[];
  /** Bounds in `build-system` that the build must not check, sorted by name; missing: none. */
  readonly liftedBuildBounds?: readonly LiftedBound[];
  /** Crates that must be there before Cargo builds; missing: Cargo builds nothing. */
  readonly cargo?: CargoVendoring;
  /** The build backend (PEP 517) of an sdist where that is not setuptools; missing: setuptools builds it, or nothing is built. */
  readonly buildBackend?: {
    /** As pyproject.toml has it: `hatchling.build`. */
    readonly name: string;
    /** Whether there is a setup.py as well, which builds the project for those that know nothing of backends. */
    readonly hasSetupScript: boolean;
  };
  /** True: a Python backend calls CMake itself, so that the hook of CMake must not. */
  readonly dontUseCmakeConfigure?: boolean;
  /** Environment variables. */
  readonly env: Readonly<Record<string, readonly TextPart[]>>;
  readonly text: Readonly<Partial<Record<TextAttributeName, readonly TextPart[]>>>;
  /** What is applied to the unpacked sources before `postPatch`, in this order; missing: nothing. */
  readonly patches?: readonly PatchFile[];
  /** Why an attribute is as it is, printed as a comment above it; by attribute name of the modern form. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly meta: Meta;
  readonly omissions: readonly Omission[];
  /** What rules of overrides changed, in the order in which they did; missing: nothing. */
  readonly overridden?: readonly AppliedChange[];
  readonly notes: readonly Note[];
}
