import type { Note } from '../../base/note.ts';
import { sortedUnique } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import { isLockedFile, type LockedProject, type LockedProjects } from '../../lock/locked-projects.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';
import { formatRequirement, type Requirement } from '../../pep/requirement.ts';
import { specifierAllows } from '../../pep/specifier.ts';
import { compareVersions, tryParseVersion, type Version } from '../../pep/version.ts';
import { type Provider, UNUSABLE_RELEASE } from '../../resolve/provider.ts';
import { holdsSomewhere } from '../../resolve/scope.ts';

/** The versions that a lock decides in one of the three solves, by PEP 503 name: those of run time in each, those of builds and checks where it has them. */
export function fixedByLock(
  locked: LockedProjects | null,
  kind: 'run-time' | 'build' | 'check',
): ReadonlyMap<string, Version> {
  if (locked === null) return new Map();
  // What comes from an address has one version anyway, whatever the lock calls it.
  const indexed = [...locked.projects].filter(([, { address }]) => address === null);
  const runTime = indexed.map(([name, { version }]) => [name, version] as const);
  const others = kind === 'run-time' ? [] : [...locked.checks, ...locked.builds];
  const fixed = new Map<string, Version>();
  for (const [name, text] of [...others, ...runTime]) {
    const version = text === null ? null : tryParseVersion(text);
    if (version !== null) fixed.set(name, version);
  }
  return fixed;
}

/** The provider, with E_LOCKED_VERSION for a version that a lock decides and that cannot be used: no other could be taken in its place. */
export function lockedProvider(provider: Provider, locked: LockedProjects | null): Provider {
  if (locked === null) return provider;
  const decided = fixedByLock(locked, 'check');
  return {
    ...provider,
    async requirements(name, version) {
      if (decided.get(name)?.text !== version.text) return provider.requirements(name, version);
      await checkOffered({ name, version }, { provider, locked });
      try {
        return await provider.requirements(name, version);
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== UNUSABLE_RELEASE) throw error;
        throw lockedVersion({ name, version, why: `it ${error.message}` }, locked);
      }
    },
    prefetch: (name, version) => {
      if (!decided.has(name)) provider.prefetch?.(name, version);
    },
  };
}

async function checkOffered(
  { name, version }: { readonly name: string; readonly version: Version },
  { provider, locked }: { readonly provider: Provider; readonly locked: LockedProjects },
): Promise<void> {
  const releases = await provider.releases(name);
  const release = releases?.find((each) => compareVersions(each.version, version) === 0);
  if (release?.excluded === null) return;
  const why = releases === null ? `no index has a project ${name}` : (release?.excluded ?? 'no index has that version');
  throw lockedVersion({ name, version, why }, locked);
}

function lockedVersion(
  { name, version, why }: { readonly name: string; readonly version: Version; readonly why: string },
  locked: LockedProjects,
): UserError {
  return new UserError(
    'E_LOCKED_VERSION',
    `${locked.file} pins ${name} ${version.text}, which cannot be used: ${why}`,
    {
      hint: 'make the lock file again with the program that wrote it, or name the index that has the version',
    },
  );
}

/** Who asks for what, from the request down to what it leads to. */
interface Demand {
  readonly requirement: Requirement;
  /** `demo 1.0 requires`, `you ask for`. */
  readonly who: string;
}

export interface LockCheckContext {
  readonly locked: LockedProjects;
  readonly targets: readonly MarkerEnvironment[];
  readonly provider: Provider;
  /** Whether the package set supplies a project (PEP 503 name) that something asks for. */
  readonly supplies: (project: string) => boolean;
}

/**
 * What speaks against a lock as the resolution of some requirements, told with both lines: E_NOT_IN_LOCK for a project that is needed and that it does not have, E_LOCK_MISMATCH for a
 * version that does not meet what is asked for. Everything that it decides is known, so this takes no search, and finds all faults. Throws UserError E_LOCKED_VERSION, and what the provider throws.
 */
export async function lockFaults(
  roots: readonly Requirement[],
  context: LockCheckContext,
): Promise<readonly UserError[]> {
  const { locked, targets } = context;
  const versions = fixedByLock(locked, 'run-time');
  const provider = lockedProvider(context.provider, locked);
  const direct = new Set(roots.map(({ name }) => name));
  const faults = new Map<string, UserError>();
  const reached = new Set<string>();
  let level: readonly Demand[] = roots
    .filter(({ marker }) => holdsSomewhere(marker, targets, ''))
    .map((requirement) => ({ requirement, who: 'you ask for' }));
  while (level.length > 0) {
    const fresh: { name: string; extra: string; version: Version }[] = [];
    for (const { requirement, who } of level) {
      const { name, specifier, url } = requirement;
      if (!direct.has(name) && context.supplies(name)) continue;
      const project = locked.projects.get(name);
      const stated = formatRequirement({ ...requirement, url: null, marker: null });
      // What the user names by address is no matter of the lock: the project that it was made for, for example.
      const isOwn = project === undefined && url !== null && direct.has(name);
      const version = versions.get(name) ?? (await versionAtAddress(name, { project, isOwn, provider }));
      if (project === undefined && !isOwn) faults.set(`${name} ${who}`, notInLock(`${who} ${stated}`, name, locked));
      else if (version !== undefined && url === null && !specifierAllows(specifier, version, { prereleases: true }))
        faults.set(`${name} ${who}`, mismatch(`${who} ${stated}`, `${name}==${version.text}`, locked));
      else if (version !== undefined) {
        for (const extra of ['', ...requirement.extras]) {
          if (reached.has(`${name}[${extra}]`)) continue;
          reached.add(`${name}[${extra}]`);
          fresh.push({ name, extra, version });
        }
      }
    }
    level = (
      await Promise.all(
        fresh.map(async ({ name, extra, version }): Promise<Demand[]> => {
          const stated = await provider.requirements(name, version);
          const held = stated.filter(({ marker }) => holdsSomewhere(marker, targets, extra));
          return held.map((requirement) => ({ requirement, who: `${name} ${version.text} requires` }));
        }),
      )
    ).flat();
  }
  return sortedUnique(faults.keys()).flatMap((key) => faults.get(key) ?? []);
}

async function versionAtAddress(
  name: string,
  {
    project,
    isOwn,
    provider,
  }: { readonly project: LockedProject | undefined; readonly isOwn: boolean; readonly provider: Provider },
): Promise<Version | undefined> {
  if (!isOwn && (project === undefined || project.address === null)) return undefined;
  const [release] = (await provider.releases(name)) ?? [];
  return release?.version;
}

function notInLock(demand: string, name: string, { file }: LockedProjects): UserError {
  return new UserError('E_NOT_IN_LOCK', `${demand}, and ${file} has no ${name}`, {
    hint: 'make the lock file again with the program that wrote it, or narrow the targets with --python and --platform to those that it is for',
  });
}

function mismatch(demand: string, pin: string, { file }: LockedProjects): UserError {
  return new UserError('E_LOCK_MISMATCH', `${demand}, and ${file} pins ${pin}`, {
    hint: 'make the lock file again with the program that wrote it, or change what you ask for',
  });
}

/** Throws UserError E_HASH_NOT_ADMITTED for a file that the lock does not have, or has with another digest. */
export function checkLockedFile(
  name: string,
  { filename, sha256 }: { readonly filename: string; readonly sha256: string },
  locked: LockedProjects | null,
): void {
  const project = locked?.projects.get(name);
  if (locked === null || project === undefined || isLockedFile(project, filename, sha256)) return;
  const other = project.files.find((file) => file.filename === filename)?.sha256 ?? null;
  const said = other === null ? `which ${locked.file} does not have` : `and ${locked.file} has ${other}`;
  throw new UserError('E_HASH_NOT_ADMITTED', `${filename} has the sha256 ${sha256}, ${said}`, {
    hint:
      other === null
        ? `make the lock file with the hashes of all files, sdists too, or take a file that it has with --format ${name}:${filename.endsWith('.whl') ? 'sdist' : 'wheel'}`
        : 'check the archive: it is not what the lock file was made with',
  });
}

/** What is to be said where the lock does not tell the digests of archives, of single projects or of all. A lock that its reader has told this of is passed over. */
export function unhashedNotes(names: Iterable<string>, locked: LockedProjects | null): readonly Note[] {
  if (locked === null) return [];
  const isUnhashed = (project: LockedProject): boolean =>
    project.address === null && project.files.every(({ sha256 }) => sha256 === null);
  if ([...locked.projects.values()].every(isUnhashed)) {
    if (locked.format === 'requirements') return [];
    return [{ kind: 'warning', text: `${locked.file} has no hashes, so no archive is checked` }];
  }
  const unhashed = sortedUnique(names).filter((name) => {
    const project = locked.projects.get(name);
    return project !== undefined && isUnhashed(project);
  });
  return unhashed.map((project) => ({
    kind: 'warning',
    text: `${locked.file} has no sha256 of it, so its archive is not checked`,
    project,
  }));
}
