import type { Note } from '../base/note.ts';
import { oneLine, sortedUnique } from '../base/text.ts';
import { throwAll } from '../base/user-error.ts';
import { evaluateMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { normalizeName } from '../pep/name.ts';
import { poetryAllows } from '../pep/poetry-constraint.ts';
import { badLock, createLockFaults } from '../pep/pylock-fault.ts';
import { missing } from '../pep/pylock-select.ts';
import { readToml, tomlPlaces } from '../pep/toml-text.ts';
import { compareVersions, parseVersion } from '../pep/version.ts';
import { coveredTargets } from './covered-targets.ts';
import { withActiveExtras } from './extra-marker.ts';
import type { LockChoice, LockedProjects, LockSource } from './locked-projects.ts';
import { type LockEntry, pickProjects } from './pick-projects.ts';
import { type PoetryDocument, type PoetryLink, type PoetryPackage, readPoetryDocument } from './poetry-document.ts';
import { rootRequirement, unaskedProjects } from './roots.ts';

/**
 * Reads a poetry.lock (lock-version 1.0 to 2.1). Without `groups` the main group is taken; the lock of Poetry 1.5 to 1.8 (2.0) does not tell groups,
 * so all of its packages are, with a note. Where such a lock has several versions of a project, those count that the Python of a target
 * and the constraints of the packages that depend on it admit, and of these the newest, with a note.
 */
export function readPoetryLock(source: LockSource, choice: LockChoice): LockedProjects {
  const read = readToml(source.text);
  if ('fault' in read) throw badLock(source.name, read.fault.place, read.fault.text);
  const faults = createLockFaults(source.name, () => tomlPlaces(source.text));
  const document = readPoetryDocument(read.table, { faults, directory: source.directory });
  faults.throwIfAny();
  if (document === null) throw new Error('a lock without fault could not be read');
  const extras = (choice.extras ?? []).map(normalizeName);
  const groups = ['main', ...(choice.groups ?? []).map(normalizeName)];
  const known = document.packages.flatMap((entry) => entry.groups ?? []);
  const file = source.name;
  throwAll([
    ...missing('extra', extras, { known: [...document.extras.keys()], file }),
    ...missing('group', choice.groups ?? [], { known, file }),
  ]);
  const covered = coveredTargets(source, choice, (target) => whyNot(document, target));
  const { entries, guesses } = newestOfRivals(lockEntries(document, { extras, groups, targets: covered.targets }));
  const projects = pickProjects(entries, { file: source.name, targets: covered.targets });
  return {
    format: 'poetry',
    file: source.name,
    targets: covered.targets,
    projects,
    roots: unaskedProjects(projects).map((project) => rootRequirement(project)),
    builds: new Map(),
    checks: new Map(),
    notes: [...covered.notes, ...groupNotes(document, source.name), ...guessNotes(guesses, projects, source.name)],
  };
}

function whyNot({ pythons }: PoetryDocument, target: MarkerEnvironment): string | null {
  return pythons === null || pythonAllowed(pythons, target) ? null : `it wants Python ${oneLine(pythons)}`;
}

// `X.Y.0` stands for some patch release of X.Y.
function pythonAllowed(
  constraint: string,
  { python_version: minor, python_full_version: full }: MarkerEnvironment,
): boolean {
  const pythons = [full ?? minor, ...(full === `${minor}.0` ? [`${minor}.999`] : [])].filter(
    (one) => one !== undefined,
  );
  return pythons.length === 0 || pythons.some((python) => poetryAllows(constraint, python) !== false);
}

function groupNotes({ packages }: PoetryDocument, file: string): Note[] {
  if (packages.every(({ groups }) => groups !== null)) return [];
  const text = 'the lock does not tell which packages are for development, so all of them are taken; Poetry 2 tells it';
  return [{ kind: 'guess', text, file }];
}

interface Scope {
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  readonly targets: readonly MarkerEnvironment[];
}

function lockEntries(document: PoetryDocument, scope: Scope): readonly Candidate[] {
  const { targets, groups } = scope;
  const wanted = wantedNames(document, scope);
  const candidates = document.packages.filter(
    (entry) => (entry.groups?.some((group) => groups.includes(normalizeName(group))) ?? true) && wanted.has(entry.name),
  );
  const conditions = candidates.map((entry) => ({ entry, marker: markerOf(entry, scope) }));
  const entries = conditions.map(
    ({ entry, marker }): Candidate => ({
      entry,
      on: targets.map((target) => isOn(marker, target) && pythonAllowed(entry.pythons, target)),
      project: {
        name: entry.name,
        version: entry.address?.kind === 'directory' || entry.address?.kind === 'git' ? null : entry.version,
        extras: [],
        marker: typeof marker === 'boolean' ? null : simplified(marker, targets),
        files: entry.files,
        address: entry.address,
        dependencies: dependencyNames(entry, targets),
      },
    }),
  );
  return entries.map(({ entry, on, project }) => {
    const extras = links(entries, entry.name, targets).flatMap((link) => link.extras);
    const rivals = entries.filter((other) => other.entry.name === entry.name).length > 1;
    const admitted = rivals ? on.map((isUsed, index) => isUsed && isAdmitted(entry, entries, targets[index])) : on;
    return { entry, on: admitted, project: { ...project, extras: sortedUnique(extras) } };
  });
}

// Locks before 2.1 do not tell when an entry is used. Older versions in them are for older Pythons, so the newest counts.
function newestOfRivals(candidates: readonly Candidate[]): {
  readonly entries: readonly LockEntry[];
  readonly guesses: ReadonlySet<string>;
} {
  const guesses = new Set<string>();
  const entries = candidates.map((candidate) => {
    const { entry, on, project } = candidate;
    const newer = candidates.filter((other) => other.entry.name === entry.name && isNewer(other.entry, entry));
    const isBeaten = on.map((isUsed, index) => isUsed && newer.some((other) => other.on[index] === true));
    if (isBeaten.includes(true)) guesses.add(entry.name);
    return { project, on: on.map((isUsed, index) => isUsed && isBeaten[index] !== true) };
  });
  return { entries, guesses };
}

function isNewer(a: PoetryPackage, b: PoetryPackage): boolean {
  const isUntold = a.marker === null && b.marker === null;
  return isUntold && compareVersions(parseVersion(a.version), parseVersion(b.version)) > 0;
}

function guessNotes(guesses: ReadonlySet<string>, projects: LockedProjects['projects'], file: string): readonly Note[] {
  return [...guesses].map((project) => ({
    kind: 'guess',
    project,
    text: `the lock does not tell which of several versions of ${project} is for the targets: the newest, ${projects.get(project)?.version ?? 'from its source'}, is taken`,
    file,
  }));
}

// Optional packages are there for extras of the project: those that are asked for, and what they lead to.
function wantedNames({ packages, extras }: PoetryDocument, scope: Scope): ReadonlySet<string> {
  const wanted = new Set(packages.filter((entry) => !entry.optional).map(({ name }) => name));
  for (const extra of scope.extras) for (const name of extras.get(extra) ?? []) wanted.add(name);
  for (const name of wanted) {
    for (const entry of packages.filter((one) => one.name === name)) {
      for (const link of entry.links)
        if (!link.optional && holdsSomewhere(link.marker, scope.targets)) wanted.add(link.name);
    }
  }
  return wanted;
}

function markerOf({ marker, groups }: PoetryPackage, scope: Scope): Marker | boolean {
  const active = new Set(scope.extras);
  if (marker === null) return true;
  if ('kind' in marker) return withActiveExtras(marker, active);
  const parts = (groups ?? [])
    .map(normalizeName)
    .filter((group) => scope.groups.includes(group))
    .map((group) => {
      const own = marker.get(group);
      return own === undefined ? true : withActiveExtras(own, active);
    });
  if (parts.includes(true)) return true;
  const operands = parts.filter((part) => typeof part !== 'boolean');
  const [only, ...others] = operands;
  return only === undefined ? false : others.length === 0 ? only : { kind: 'or', operands };
}

function isOn(marker: Marker | boolean, target: MarkerEnvironment): boolean {
  return typeof marker === 'boolean' ? marker : evaluateMarker(marker, target);
}

function simplified(marker: Marker, targets: readonly MarkerEnvironment[]): Marker | null {
  const simple = simplifyMarker(marker, targets);
  return typeof simple === 'boolean' ? null : simple;
}

function dependencyNames(
  { name, links: own }: PoetryPackage,
  targets: readonly MarkerEnvironment[],
): readonly string[] {
  const used = own.filter((link) => !link.optional && holdsSomewhere(link.marker, targets));
  return sortedUnique(used.map((link) => link.name).filter((one) => one !== name));
}

function holdsSomewhere(marker: Marker | null, targets: readonly MarkerEnvironment[]): boolean {
  return marker === null || targets.some((target) => evaluateMarker(marker, target));
}

interface Candidate extends LockEntry {
  readonly entry: PoetryPackage;
}

// Constraints on a project by the packages that are used on some of the targets.
function links(
  entries: readonly Candidate[],
  name: string,
  targets: readonly MarkerEnvironment[],
): readonly PoetryLink[] {
  const used = entries.filter(({ on }) => on.includes(true));
  return used.flatMap(({ entry }) =>
    entry.links.filter((link) => link.name === name && holdsSomewhere(link.marker, targets)),
  );
}

function isAdmitted(
  entry: PoetryPackage,
  entries: readonly Candidate[],
  target: MarkerEnvironment | undefined,
): boolean {
  if (target === undefined) return false;
  return links(entries, entry.name, [target]).every(
    ({ version, optional }) => optional || version === null || poetryAllows(version, entry.version) !== false,
  );
}
