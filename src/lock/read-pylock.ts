import type { Note } from '../base/note.ts';
import { compareText, oneLine, sortedUnique } from '../base/text.ts';
import { throwAll } from '../base/user-error.ts';
import { evaluateMarker, type Marker } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { isPylockName, type Pylock, type PylockFile, type PylockPackage, readPylock } from '../pep/pylock.ts';
import { createLockFaults, type LockFaults } from '../pep/pylock-fault.ts';
import { lockEnvironment, pythonFits, refuseUnknown, unfitReason } from '../pep/pylock-select.ts';
import { type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import { formatSourceAddress, type SourceAddress } from '../pep/source-address.ts';
import { isTable, tomlPlaces } from '../pep/toml-text.ts';
import { tryParseVersion } from '../pep/version.ts';
import { coveredTargets } from './covered-targets.ts';
import { addressOf, digestOf, digestsOfArchive, openUrl, sha256Of } from './lock-address.ts';
import type { LockChoice, LockedFile, LockedProject, LockedProjects, LockSource } from './locked-projects.ts';
import { type LockEntry, pickProjects } from './pick-projects.ts';
import { rootRequirement, unaskedProjects } from './roots.ts';
import { targetWords } from './target-words.ts';

/**
 * Reads a lock file of PEP 751. Its default groups are taken beside those that are wanted. Targets that it is not made for do not count, with a note; an
 * error when it is made for none. What `[tool.pypi2nix]` of our own locks says becomes roots, builds and checks.
 */
export function readPylockProjects(source: LockSource, choice: LockChoice): LockedProjects {
  const { lock, notes } = readPylock(source.text, source.name);
  throwAll(refuseUnknown(lock, { extras: choice.extras ?? [], groups: choice.groups ?? [], file: source.name }));
  const covered = coveredTargets(source, choice, (target) => unfitReason(lock, target));
  const faults = createLockFaults(source.name, () => tomlPlaces(source.text));
  const entries = lock.packages.map((entry, index) => {
    const place = { faults, path: ['packages', index], directory: source.directory };
    return lockEntry(entry, addressOfPackage(entry, place), { lock, choice, covered: covered.targets });
  });
  faults.throwIfAny();
  const projects = pickProjects(entries, { file: source.name, targets: covered.targets });
  const own = ownFacts(lock, faults);
  faults.throwIfAny();
  return {
    format: 'pylock',
    file: source.name,
    targets: covered.targets,
    projects,
    roots:
      own.requirements?.map((each) => fromItsAddress(each, projects)) ??
      unaskedProjects(projects).map((project) => rootRequirement(project)),
    ...(own.requirements === null && lock.packages.every(({ dependencies }) => dependencies === null)
      ? { rootsUntold: true }
      : {}),
    builds: own.builds,
    checks: own.checks,
    notes: [...notes, ...nameNotes(source.name), ...covered.notes, ...pythonNotes(lock, projects, covered.targets)],
  };
}

/** Our own requirements have the name only of what lies on the machine where a lock is made, and no commits. */
function fromItsAddress(requirement: Requirement, projects: ReadonlyMap<string, LockedProject>): Requirement {
  const address = projects.get(requirement.name)?.address ?? null;
  return address === null ? requirement : { ...requirement, url: formatSourceAddress(address) };
}

interface Scope {
  readonly lock: Pylock;
  readonly choice: LockChoice;
  readonly covered: LockChoice['targets'];
}

function lockEntry(entry: PylockPackage, address: SourceAddress | null, { lock, choice, covered }: Scope): LockEntry {
  const groups = [...lock.defaultGroups, ...(choice.groups ?? [])];
  const environments = covered.map((environment) =>
    lockEnvironment(lock, { environment, extras: choice.extras ?? [], groups }),
  );
  const { name, version, marker, dependencies } = entry;
  const simple = marker === null ? true : simplifyMarker(marker, environments);
  const project: LockedProject = {
    name,
    version,
    extras: [],
    marker: typeof simple === 'boolean' ? null : simple,
    files: filesOf(entry, address),
    address,
    dependencies:
      dependencies === null
        ? null
        : sortedUnique(
            dependencies.flatMap((table) => (typeof table.name === 'string' ? [normalizeName(table.name)] : [])),
          ),
  };
  return { project, on: environments.map((environment) => holds(marker, environment)) };
}

function holds(marker: Marker | null, environment: LockChoice['targets'][number]): boolean {
  return marker === null || evaluateMarker(marker, environment);
}

function filesOf({ sdist, wheels, archive }: PylockPackage, address: SourceAddress | null): readonly LockedFile[] {
  const files = [...(sdist === null ? [] : [sdist]), ...wheels].map(({ name, url, hashes }: PylockFile) => ({
    filename: name,
    ...digestOf(hashIn(hashes)),
    url: openUrl(url),
  }));
  return archive === null ? files : [...files, ...digestsOfArchive(address, [hashIn(archive.hashes)])];
}

/** `ALGORITHM:DIGEST` of the sha256, else of another one. */
function hashIn(hashes: Readonly<Record<string, string>>): string | null {
  const algorithms = Object.keys(hashes).sort(compareText);
  const [algorithm] = algorithms.includes('sha256') ? ['sha256'] : algorithms;
  return algorithm === undefined ? null : `${algorithm}:${hashes[algorithm]}`;
}

function addressOfPackage(
  { vcs, directory, archive }: PylockPackage,
  place: { readonly faults: LockFaults; readonly path: readonly (string | number)[]; readonly directory: string },
): SourceAddress | null {
  if (directory !== null) return addressOf({ kind: 'directory', ...directory }, place);
  if (archive !== null) {
    const { url, path, subdirectory, hashes } = archive;
    return addressOf({ kind: 'archive', url, path, subdirectory, sha256: sha256Of(hashIn(hashes)) }, place);
  }
  if (vcs === null) return null;
  if (vcs.type !== 'git') {
    place.faults.report([...place.path, 'vcs', 'type'], `is ${oneLine(vcs.type)}, and only git is supported`);
    return null;
  }
  const { url, path, subdirectory, commitId: commit, requestedRevision: revision } = vcs;
  return addressOf({ kind: 'git', url, path, revision, commit, subdirectory }, place);
}

interface OwnFacts {
  readonly requirements: readonly Requirement[] | null;
  readonly builds: ReadonlyMap<string, string>;
  readonly checks: ReadonlyMap<string, string>;
}

const NONE: OwnFacts = { requirements: null, builds: new Map(), checks: new Map() };

function ownFacts(lock: Pylock, faults: LockFaults): OwnFacts {
  const own = Object.hasOwn(lock.tool, 'pypi2nix') ? lock.tool.pypi2nix : undefined;
  const path = ['tool', 'pypi2nix'];
  if (own === undefined) return NONE;
  if (!isTable(own)) {
    faults.report(path, 'must be a table');
    return NONE;
  }
  if (own.form !== 1) {
    const hint = 'use the version of pypi2nix that wrote it, or make the lock again';
    faults.report([...path, 'form'], 'has to be 1: of other forms the meaning is not known', hint);
    return NONE;
  }
  return {
    requirements: requirementsIn(own.requirements, faults),
    builds: versionsIn(own.builds, [...path, 'builds'], faults),
    checks: versionsIn(own.checks, [...path, 'checks'], faults),
  };
}

function requirementsIn(written: unknown, faults: LockFaults): readonly Requirement[] | null {
  if (written === undefined) return null;
  const path = ['tool', 'pypi2nix', 'requirements'];
  if (!Array.isArray(written)) {
    faults.report(path, 'must be a list');
    return null;
  }
  return written.flatMap((text, index) => {
    const requirement = typeof text === 'string' ? tryParseRequirement(text) : null;
    if (requirement === null) faults.report([...path, index], 'is no requirement');
    return requirement ?? [];
  });
}

function versionsIn(written: unknown, path: readonly string[], faults: LockFaults): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  if (written !== undefined && !Array.isArray(written)) faults.report(path, 'must be a list of tables');
  for (const [index, entry] of (Array.isArray(written) ? written : []).entries()) {
    const name = isTable(entry) && typeof entry.name === 'string' && isProjectName(entry.name) ? entry.name : null;
    const version = isTable(entry) && typeof entry.version === 'string' ? tryParseVersion(entry.version) : null;
    if (name === null || version === null) faults.report([...path, index], 'must have a name and a version');
    else versions.set(normalizeName(name), version.text);
  }
  return versions;
}

function nameNotes(name: string): Note[] {
  const filename = name.split(/[/\\]/u).at(-1) ?? name;
  if (isPylockName(filename)) return [];
  return [
    {
      kind: 'warning',
      text: 'pip and uv take a lock of this name for something else: pylock.toml or pylock.NAME.toml',
      file: name,
    },
  ];
}

// The standard has installers refuse such a package. Here it is a matter of targets, which the user may not have chosen.
function pythonNotes(
  lock: Pylock,
  projects: ReadonlyMap<string, LockedProject>,
  targets: LockChoice['targets'],
): Note[] {
  return lock.packages.flatMap(({ name, requiresPython, marker, version }): Note[] => {
    if (requiresPython === null || projects.get(name)?.version !== version) return [];
    const unfit = targets.filter((target) => holds(marker, target) && !pythonFits(requiresPython, target));
    if (unfit.length === 0) return [];
    const text = `the lock says that ${name} wants Python ${oneLine(requiresPython)}, which ${targetWords(unfit)} is not`;
    return [{ kind: 'warning', project: name, text }];
  });
}
