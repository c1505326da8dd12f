import type { Requirement } from '../pep/requirement.ts';
import type { Version } from '../pep/version.ts';

/** One version of a project as the index offers it. */
export interface Release {
  readonly version: Version;
  /** The reason (may be empty) when it is yanked: PEP 592. */
  readonly yanked: string | null;
  /** Why it is no candidate: no file fits the targets, requires-python, newer than --as-of; null when it is one. */
  readonly excluded: string | null;
}

/** What the resolver asks of the world. Answers may come in any order; the result does not depend on it. */
export interface Provider {
  /** All releases of the project (PEP 503 name), in any order; null when no index has it. Throws UserError when an index fails. */
  releases(name: string): Promise<readonly Release[] | null>;
  /** Run-time requirements of one release, those of extras with their `extra == "..."` markers. Throws UserError when they cannot be had. */
  requirements(name: string, version: Version): Promise<readonly Requirement[]>;
  /** A hint that the requirements of this release will probably be asked for. */
  prefetch?(name: string, version: Version): void;
}

/** A version that was chosen. */
export interface ResolvedPackage {
  readonly name: string;
  readonly version: Version;
  /** Extras that somebody asks for, sorted. */
  readonly extras: readonly string[];
  /** Its requirements that hold on some target with these extras, markers simplified relative to the targets (null marker: on all). */
  readonly requirements: readonly Requirement[];
  readonly yanked: string | null;
}

export interface Resolution {
  /** By PEP 503 name, sorted by name. */
  readonly packages: ReadonlyMap<string, ResolvedPackage>;
  /** Requirements on projects that the package set supplies: by name, each with who asks for it (null: the user). */
  readonly supplied: ReadonlyMap<string, readonly { readonly by: string | null; readonly requirement: Requirement }[]>;
}
