import type { Note } from '../base/note.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { Version } from '../pep/version.ts';
import type { DerivationTree } from './derivation-tree.ts';
import type { Resolution } from './provider.ts';

/** Which versions are tried first: the newest, the oldest, or the oldest of projects that the request names. */
export type Strategy = 'highest' | 'lowest' | 'lowest-direct';

/** What is to be resolved. */
export interface ResolveRequest {
  /** In the order in which the user names them: it decides ties. */
  readonly requirements: readonly Requirement[];
  /** Limits on the versions of projects that something else asks for. */
  readonly constraints: readonly Requirement[];
  /** At least one. One version of a project is chosen for all of them. */
  readonly targets: readonly MarkerEnvironment[];
  /** Whether pre-releases are candidates of every project. */
  readonly prereleases: boolean;
  /** Whether the package set has the project (PEP 503 name). Never asked about projects that `requirements` name. */
  readonly supplies: (name: string) => boolean;
  readonly strategy: Strategy;
  /** Versions by PEP 503 name that an earlier resolution decided: the only candidates of their projects. */
  readonly fixed?: ReadonlyMap<string, Version>;
  /** Versions by PEP 503 name that are tried first where they are candidates. */
  readonly preferences?: ReadonlyMap<string, Version>;
  /** Existing projects with names similar to one that no index has, for the hint. */
  readonly similarNames?: (name: string) => readonly string[];
  /** The names of the indexes that are asked, in order and without credentials, for the message about a project that none of them has. */
  readonly indexes?: readonly string[];
  /** Kinds of files of a project that no release is made of, for example `3 eggs`. Asked after the provider told its releases. */
  readonly unusableFiles?: (name: string) => readonly string[];
  /** What fixed the version of a project, for example `pylock.toml`; `an earlier step` where missing. */
  readonly fixedBy?: (name: string) => string | undefined;
  /** How many versions and conflicts may be looked at before the search gives up; 50,000 when missing. */
  readonly budget?: number;
}

/** What came of it. A failure is data: `report/` tells it in sentences. */
export type ResolveOutcome =
  | { readonly kind: 'resolved'; readonly resolution: Resolution; readonly notes: readonly Note[] }
  | { readonly kind: 'failed'; readonly failure: DerivationTree };
