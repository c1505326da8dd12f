/** In which part of a build something happened; `evaluate`: before any build. */
export type Stage = 'evaluate' | 'source' | 'build' | 'install' | 'imports' | 'tests';

/** In whose language a build asks for a library: as `libraryAttribute()` of the room `classify` takes it. */
export type LibraryLanguage = 'link' | 'load' | 'pkg-config' | 'meson' | 'cmake' | 'crate' | 'header';

/** A test that failed. */
export interface FailedTest {
  /** The file as the runner names it; null: not told. */
  readonly file: string | null;
  /** The name of the function; null: the file could not be read at all. */
  readonly name: string | null;
  /** What the runner says of it; empty: nothing. */
  readonly why: string;
}

/** An input that somebody has taken out of a package. */
export interface Removal {
  /** As a rule states it. */
  readonly name: string;
  readonly list: 'build-system' | 'nativeBuildInputs' | 'buildInputs' | 'dependencies' | 'nativeCheckInputs';
  /** What took it out: `rule 1 of overrides/lxml.toml`, `an edit of pkgs/lxml/default.nix`. */
  readonly by: string;
}

/** What made a build or an evaluation fail. */
export type Cause =
  /** A Python module that is not there. `inside`: the name of the package (as in its store path) whose code asks for it. */
  | { readonly kind: 'module'; readonly module: string; readonly inside: string | null }
  /** A Python project that is missing, or is there in a version that does not fit. `found`: that version; null: missing, or not told. */
  | {
      readonly kind: 'requirement';
      /** As it is written, without its marker: `setuptools_scm[toml]>=8`. */
      readonly requirement: string;
      readonly found: string | null;
      /** The log says that it is missing altogether; else it may be there in another version. */
      readonly isMissing: boolean;
    }
  | { readonly kind: 'library'; readonly language: LibraryLanguage; readonly name: string }
  | { readonly kind: 'program'; readonly name: string }
  /** `passed`: how many others passed; null: not told. */
  | {
      readonly kind: 'tests';
      readonly tests: readonly FailedTest[];
      readonly passed: number | null;
      readonly runner: 'pytest' | 'unittest';
    }
  /** `what`: an address or host; null: not told. */
  | { readonly kind: 'network'; readonly what: string | null }
  | { readonly kind: 'version'; readonly built: string; readonly stated: string }
  | { readonly kind: 'scm-version' }
  | { readonly kind: 'cargo-lock' }
  | { readonly kind: 'hash'; readonly what: string; readonly stated: string | null; readonly got: string }
  /** Nothing of the log is known, and this is not there any more. */
  | ({ readonly kind: 'removed' } & Removal)
  | { readonly kind: 'formal'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'recursion' }
  | { readonly kind: 'syntax'; readonly what: string }
  | { readonly kind: 'refused'; readonly what: string };

/** One explanation of a failure. */
export interface Finding {
  readonly cause: Cause;
  readonly stage: Stage;
  /** The line of the log that proves it, on one line and cut. */
  readonly evidence: string;
  /** The number of that line, from 1. */
  readonly line: number;
}

/** The same for the same cause in the same place, whatever the line says besides: tells whether a failure is still that of before. */
export function findingKey({ cause, stage }: Finding): string {
  switch (cause.kind) {
    case 'module':
      return JSON.stringify([stage, cause.kind, cause.module, cause.inside]);
    case 'requirement':
      return JSON.stringify([stage, cause.kind, cause.requirement]);
    case 'library':
      return JSON.stringify([cause.kind, cause.language, cause.name]);
    case 'tests':
      return JSON.stringify([cause.kind, cause.tests.map(({ file, name }) => [file, name])]);
    case 'network':
      return JSON.stringify([stage, cause.kind, cause.what]);
    default:
      return JSON.stringify(cause);
  }
}
