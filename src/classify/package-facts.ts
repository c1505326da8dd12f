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
  /** Condition relative to the targets; null for always. */
  readonly marker: Marker | null;
  readonly origins: readonly Origin[];
}

/** A system library or tool, by its attribute in a current nixpkgs, for example `libxml2`. */
export interface SystemInput {
  readonly kind: 'system';
  readonly attribute: string;
  readonly origins: readonly Origin[];
}

export type Input = PythonInput | SystemInput;

/** The archive that an expression fetches. */
export interface Source {
  readonly kind: 'sdist' | 'wheel';
  /** As the index spells it, for example `pyFFTW-0.9.2.tar.gz`. */
  readonly filename: string;
  /** Hex digest of the file. */
  readonly sha256: string;
  /** Where the index says the file lies, without credentials. */
  readonly url: string;
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

/** A bound of a build requirement that the version in use does not meet. */
export interface LiftedBound {
  /** PEP 503 name. */
  readonly name: string;
  /** What is asked for, in normal form: `<70`. */
  readonly specifier: string;
  /** What is used, in normal form. */
  readonly version: string;
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
  };
  readonly disabledTests: readonly DisabledTest[];
  readonly disabledTestPaths: readonly DisabledTest[];
  readonly importsCheck: readonly string[];
  /** The bounds of requires-python, upper ones left out, that exclude interpreters of the targets; null: none is excluded. */
  readonly disabled: { readonly requiresPython: string } | null;
  readonly relaxDeps: readonly string[];
  readonly removeDeps: readonly string[];
  /** Bounds in `build-system` that the build must not check, sorted by name; missing: none. */
  readonly liftedBuildBounds?: readonly LiftedBound[];
  /** Environment variables. */
  readonly env: Readonly<Record<string, readonly TextPart[]>>;
  readonly text: Readonly<Partial<Record<TextAttributeName, readonly TextPart[]>>>;
  /** Why an attribute is as it is, printed as a comment above it; by attribute name of the modern form. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly meta: Meta;
  readonly omissions: readonly Omission[];
  readonly notes: readonly Note[];
}
