import type { Note } from '../base/note.ts';
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

/** Code of the error that says of a release that it cannot be used. */
export const UNUSABLE_RELEASE = 'E_UNUSABLE_RELEASE';

/** What the resolver asks of the world. Answers may come in any order; the result does not depend on it. */
export interface Provider {
  /** All releases of the project (PEP 503 name), in any order; null when no index has it. Throws UserError when an index fails. */
  releases(name: string): Promise<readonly Release[] | null>;
  /**
   * Run-time requirements of one release, those of extras with their `extra == "..."` markers. Throws UserError: with the code `UNUSABLE_RELEASE` when
   * what the release says cannot be read or is not valid, and the message is the reason (`has no METADATA`), so that the release is passed over; with
   * another code when an index fails, which ends the run.
   */
  requirements(name: string, version: Version): Promise<readonly Requirement[]>;
  /** A hint that the requirements of this release will probably be asked for. */
  prefetch?(name: string, version: Version): void;
  /** What the user should know of how the requirements of a release were read; asked of those that are chosen. */
  notes?(name: string, version: Version): Promise<readonly Note[]>;
  /** Whether `releases` of the project are what stands at this address although the request does not name it. */
  knowsAddress?(name: string, url: string): boolean;
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
