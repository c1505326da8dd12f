import { compareText, joinWords, oneLine, sortedUnique } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { formatMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { formatSourceAddress } from '../pep/source-address.ts';
import type { LockedFile, LockedProject } from './locked-projects.ts';
import { distinct, platformOf, pythonOf, targetWords } from './target-words.ts';

/** One of perhaps several entries that a lock has for a project. */
export interface LockEntry {
  readonly project: LockedProject;
  /** For each target, whether the entry is used on it. */
  readonly on: readonly boolean[];
}

/**
 * The one entry of each project that the targets use, by name and sorted by name. Entries of the same version and source are one.
 * Throws UserError E_LOCK_FORK (exit 1) for each project of which the targets use two: with versions, conditions and how to narrow the targets.
 */
export function pickProjects(
  entries: readonly LockEntry[],
  { file, targets }: { readonly file: string; readonly targets: readonly MarkerEnvironment[] },
): ReadonlyMap<string, LockedProject> {
  const groups = new Map<string, LockEntry[]>();
  for (const entry of entries.filter(({ on }) => on.includes(true))) {
    const { name } = entry.project;
    const group = groups.get(name) ?? [];
    const same = group.findIndex((other) => identityOf(other.project) === identityOf(entry.project));
    const first = group[same];
    if (first === undefined) group.push(entry);
    else group[same] = merged(first, entry, targets);
    groups.set(name, group);
  }
  const names = [...groups.keys()].sort(compareText);
  const faults: UserError[] = [];
  const picked = new Map<string, LockedProject>();
  for (const name of names) {
    const group = groups.get(name) ?? [];
    const [only] = group;
    if (group.length > 1) faults.push(forkError(name, group, { file, targets }));
    else if (only !== undefined) picked.set(name, only.project);
  }
  throwAll(faults);
  return picked;
}

/** Either marker, simplified relative to the targets; null where that holds on all of them. */
export function eitherMarker(a: Marker | null, b: Marker | null, targets: readonly MarkerEnvironment[]): Marker | null {
  if (a === null || b === null) return null;
  const either = simplifyMarker({ kind: 'or', operands: [a, b] }, targets);
  return typeof either === 'boolean' ? null : either;
}

function identityOf({ version, address }: LockedProject): string {
  return JSON.stringify([version, address === null ? null : formatSourceAddress(address)]);
}

function merged(a: LockEntry, b: LockEntry, targets: readonly MarkerEnvironment[]): LockEntry {
  const [one, other] = [a.project, b.project];
  const files = new Map<string, LockedFile>();
  for (const file of [...one.files, ...other.files]) files.set(JSON.stringify([file.filename, file.sha256]), file);
  const isTold = one.dependencies !== null || other.dependencies !== null;
  return {
    on: a.on.map((isUsed, index) => isUsed || b.on[index] === true),
    project: {
      ...one,
      extras: sortedUnique([...one.extras, ...other.extras]),
      marker: eitherMarker(one.marker, other.marker, targets),
      files: [...files.values()],
      dependencies: isTold ? sortedUnique([...(one.dependencies ?? []), ...(other.dependencies ?? [])]) : null,
    },
  };
}

interface Use {
  readonly label: string;
  readonly marker: Marker | null;
  readonly targets: readonly MarkerEnvironment[];
}

function forkError(
  name: string,
  group: readonly LockEntry[],
  { file, targets }: { readonly file: string; readonly targets: readonly MarkerEnvironment[] },
): UserError {
  const versions = distinct(group.map(({ project }) => project.version ?? ''));
  const uses = group.map(({ project, on }): Use => {
    const { version, address, marker } = project;
    const source =
      address === null || versions.length === group.length ? '' : ` from ${oneLine(formatSourceAddress(address))}`;
    return {
      label: `${version ?? 'the version of its source'}${source}`,
      marker,
      targets: targets.filter((_, index) => on[index]),
    };
  });
  const told = uses.map((use) => {
    const when = use.marker === null ? '' : ` (${oneLine(formatMarker(use.marker))})`;
    return `${use.label}${when} for ${targetWords(use.targets)}`;
  });
  return new UserError(
    'E_LOCK_FORK',
    `${oneLine(file)} has ${uses.length} versions of ${name} for the targets, and a package set holds one: ${joinWords(told)}`,
    { exit: EXIT.unmet, hint: narrowing(uses), cause: { forkedFor: uses.map((use) => use.targets) } },
  );
}

/** Of an E_LOCK_FORK the targets of each version; null for other errors. */
export function targetsOfFork({ code, cause }: UserError): readonly (readonly MarkerEnvironment[])[] | null {
  const isFork = code === 'E_LOCK_FORK' && typeof cause === 'object' && cause !== null && 'forkedFor' in cause;
  return isFork && Array.isArray(cause.forkedFor) ? cause.forkedFor : null;
}

// The option that alone tells the versions apart, where there is one.
function narrowing(uses: readonly Use[]): string {
  const used = uses.flatMap((use) => use.targets);
  if (new Set(used).size < used.length)
    return 'one target uses several of them, which no choice of targets changes: make the lock again, or ask for fewer groups and extras';
  for (const { option, nameOf } of [
    { option: '--python', nameOf: pythonOf },
    { option: '--platform', nameOf: platformOf },
  ]) {
    const values = uses.map((use) => distinct(use.targets.map(nameOf)));
    const all = values.flat();
    if (distinct(all).length !== all.length) continue;
    const choices = uses.map(({ label }, index) => `${option} ${values[index]?.join(',') ?? ''} for ${label}`);
    return `narrow the targets: ${joinWords(choices, 'or')}`;
  }
  return 'narrow the targets with --python and --platform until they use one version';
}
