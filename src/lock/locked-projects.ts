import type { Note } from '../base/note.ts';
import { joinWords, oneLine, sortedUnique } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import type { Marker, MarkerEnvironment } from '../pep/marker.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { SourceAddress } from '../pep/source-address.ts';

/** A file of a release that a lock names. */
export interface LockedFile {
  /** Empty where the format tells hashes only (Pipfile.lock, requirements files). */
  readonly filename: string;
  /** Lower-case hex; null where the lock has none. */
  readonly sha256: string | null;
  /** The algorithm of a digest that stands there instead of a sha256; it is not checked. */
  readonly otherDigest?: string;
  /** Null where the lock has none, or one with credentials. */
  readonly url: string | null;
}

/** What a lock says on one project. */
export interface LockedProject {
  /** PEP 503 name. */
  readonly name: string;
  /** Normal form; null: a directory or repository that tells itself. */
  readonly version: string | null;
  /** Extras that the lock asks for, sorted. Not every format tells them. */
  readonly extras: readonly string[];
  /** When it is used, simplified relative to the targets; null: on all of them. */
  readonly marker: Marker | null;
  readonly files: readonly LockedFile[];
  /** Where it comes from when that is no index. */
  readonly address: SourceAddress | null;
  /** Names that it depends on, sorted; null: the format does not say. */
  readonly dependencies: readonly string[] | null;
}

export type LockFormat = 'pylock' | 'poetry' | 'uv' | 'pipfile' | 'requirements';

/** A lock file of any format, narrowed to the targets, groups and extras of a run. */
export interface LockedProjects {
  readonly format: LockFormat;
  /** Its name for messages. */
  readonly file: string;
  /** Those of the targets that it is made for; the same objects. */
  readonly targets: readonly MarkerEnvironment[];
  /** By name, sorted, one for the targets. */
  readonly projects: ReadonlyMap<string, LockedProject>;
  /** What the lock was made for; where the format does not say, what nothing in it depends on. Those of an address have it as `url`. */
  readonly roots: readonly Requirement[];
  /** The format tells neither what it was made for nor what depends on what: `roots` are all projects, and which of them are roots is for metadata to say. */
  readonly rootsUntold?: boolean;
  /** Versions of build requirements and check inputs by name; only our own locks tell them. */
  readonly builds: ReadonlyMap<string, string>;
  readonly checks: ReadonlyMap<string, string>;
  readonly notes: readonly Note[];
}

/** The text of a lock file. */
export interface LockSource {
  /** As messages show it; its last part decides the format. */
  readonly name: string;
  readonly text: string;
  /** Absolute: relative paths in the lock are of it. */
  readonly directory: string;
}

/** What is wanted of a lock. */
export interface LockChoice {
  /** At least one. */
  readonly targets: readonly MarkerEnvironment[];
  /** Interpreters and platforms that the user names, which the lock has to be made for; none when missing. */
  readonly named?: { readonly pythons: readonly string[]; readonly platforms: readonly string[] };
  /** Dependency groups beside what is installed by default. */
  readonly groups?: readonly string[];
  /** Extras of the project that the lock was made for. */
  readonly extras?: readonly string[];
}

/**
 * E_HASH_NOT_CHECKED (exit 65) for each project of which the lock has digests, and a sha256 of none: a demand that is not looked at must not seem to be met.
 */
export function uncheckedProjects({ file, projects }: Pick<LockedProjects, 'file' | 'projects'>): readonly UserError[] {
  return [...projects.values()].flatMap(({ name, files, address }) => {
    const isChecked =
      (address?.kind === 'archive' && address.sha256 !== null) || files.some(({ sha256 }) => sha256 !== null);
    const others = files.flatMap(({ otherDigest }) => (otherDigest === undefined ? [] : [otherDigest]));
    if (isChecked || others.length === 0) return [];
    const message = `only sha256 is checked, and ${oneLine(file)} has ${joinWords(sortedUnique(others).map(oneLine))} alone for ${name}`;
    const hint = 'make the lock file with sha256 digests, which the index of the project has to tell';
    return [new UserError('E_HASH_NOT_CHECKED', message, { exit: EXIT.data, hint })];
  });
}

/**
 * Whether the lock allows a file of the project: it has the digest that the lock has for its name, or one of those that it has without names.
 * True where the lock has no digests for the project. `sha256` is lower-case hex.
 */
export function isLockedFile(project: LockedProject, filename: string, sha256: string): boolean {
  const hashed = project.files.filter((file) => file.sha256 !== null);
  if (hashed.length === 0) return true;
  return hashed.some((file) => file.sha256 === sha256 && (file.filename === '' || file.filename === filename));
}
