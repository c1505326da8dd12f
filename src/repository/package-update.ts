import { compareDigits } from '../pep/digits.ts';
import type { Version } from '../pep/version.ts';

/** How far an update may go: within X.Y, within X, to any version that is allowed, or to any at all where the manifest has bounds. */
export const UPDATE_TARGETS = ['patch', 'minor', 'major', 'latest'] as const;
export type UpdateTarget = (typeof UPDATE_TARGETS)[number];

/** A known vulnerability of a release, as the index tells it. */
export interface KnownVulnerability {
  readonly id: string;
  /** Other names of it, CVE numbers among them. */
  readonly aliases: readonly string[];
  readonly summary: string | null;
}

/** A fact that is another one in the new version; null: not stated. */
export interface ChangedFact {
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two releases of a project. Null: the same. */
export interface ReleaseChanges {
  /** Requirements (PEP 508) of projects that only the new version needs, and of those that only the old one needs. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Requirements of both, with other bounds or conditions. */
  readonly bounds: readonly { readonly before: string; readonly after: string }[];
  readonly requiresPython: ChangedFact | null;
  readonly licence: ChangedFact | null;
  readonly buildBackend: ChangedFact | null;
}

/** What an update does with one package of a repository, and why it does not do more. */
export interface PackageUpdate {
  /** PEP 503 name. */
  readonly name: string;
  readonly attribute: string;
  readonly current: string;
  /** The version that it gets; `current` where it stays. */
  readonly next: string;
  /** The newest version on the index, whether it may be taken or not; null: the index has none. */
  readonly newest: string | null;
  /** When the first file of `next` was uploaded, RFC 3339; null: not known. */
  readonly uploaded: string | null;
  /** Clauses that tell why `newest` is not taken; empty where it is. */
  readonly heldBack: readonly string[];
  /** Null where the version stays, and where the old release cannot be read any more. */
  readonly changes: ReleaseChanges | null;
  /** Known vulnerabilities that only the old version has, and those that only the new one has. */
  readonly fixes: readonly KnownVulnerability[];
  readonly brings: readonly KnownVulnerability[];
}

/** What an update of a repository does. */
export interface RepositoryUpdate {
  /** By name, every package that is generated from an index before and after. */
  readonly packages: readonly PackageUpdate[];
  /** Packages that were not there, and those that are not needed any more. */
  readonly added: readonly { readonly name: string; readonly version: string }[];
  readonly removed: readonly { readonly name: string; readonly version: string }[];
}

const ZERO = '0';

/** How large the step between two versions is; `other` where their epochs differ. */
export type UpdateStep = 'major' | 'minor' | 'patch' | 'other';

/** The first part in which two versions differ, as their numbers are usually meant: X.Y.Z is major, minor, patch. What lies behind them is a patch. */
export function stepBetween(before: Version, after: Version): UpdateStep {
  if (compareDigits(before.epoch, after.epoch) !== 0) return 'other';
  if (partDiffers(before, after, 0)) return 'major';
  return partDiffers(before, after, 1) ? 'minor' : 'patch';
}

/** Whether an update from one version to a newer one stays within a target. */
export function isWithin(target: UpdateTarget, before: Version, after: Version): boolean {
  if (target === 'major' || target === 'latest') return true;
  const step = stepBetween(before, after);
  return step === 'patch' || (step === 'minor' && target === 'minor');
}

function partDiffers(before: Version, after: Version, at: number): boolean {
  return compareDigits(before.release[at] ?? ZERO, after.release[at] ?? ZERO) !== 0;
}
