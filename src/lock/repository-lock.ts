import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { compareText } from '../base/text.ts';
import type { Pylock, PylockFile, PylockPackage } from '../pep/pylock.ts';
import type { GitAddress } from '../pep/source-address.ts';
import type { ReleaseFile, ReleaseFiles } from './pylock-of-resolution.ts';

/** What the lock file of a repository says to those that generate from it: plain data, no markers, nothing that only installers need. */
export interface RepositoryLock {
  /** What it was resolved for, as `requirementText` writes it. */
  readonly requirements: readonly string[];
  /** By name, of what comes from an index the one version that is generated: run-time packages, build requirements and check inputs. */
  readonly releases: readonly LockedRelease[];
  /** The run-time packages, also those by address. */
  readonly packages: readonly { readonly name: string; readonly version: string | null }[];
  /** Projects of this machine with their folders, seen from the lock file. */
  readonly folders: readonly { readonly name: string; readonly path: string }[];
  /** Commits that branches and tags stand for. */
  readonly commits: readonly GitAddress[];
  /** What projects of the package set need, as far as it was asked for: PEP 503 names by name. */
  readonly needs: readonly LockedNeeds[];
}

export interface LockedNeeds {
  readonly name: string;
  readonly needs: readonly string[];
}

/** A version with its files. */
export interface LockedRelease {
  readonly name: string;
  readonly version: string;
  /** Address of the index; null for a local folder. */
  readonly index: string | null;
  readonly requiresPython: string | null;
  readonly files: readonly LockedReleaseFile[];
}

export interface LockedReleaseFile {
  readonly kind: 'sdist' | 'wheel';
  readonly filename: string;
  /** Null where `path` says it. */
  readonly url: string | null;
  /** Relative to the folder of the lock file. */
  readonly path: string | null;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly size: number | null;
  readonly uploadTime: string | null;
}

/** A version that only building or testing needs, as `[tool.pypi2nix]` has it. */
export interface OwnRelease extends ReleaseFiles {
  readonly name: string;
  readonly version: string;
}

const FILE = v.object({
  name: v.string(),
  url: v.optional(v.string()),
  path: v.optional(v.string()),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
  size: v.optional(v.number()),
  'upload-time': v.optional(v.string()),
});
const RELEASE = v.object({
  name: v.string(),
  version: v.string(),
  index: v.optional(v.string()),
  'requires-python': v.optional(v.string()),
  files: v.optional(v.array(FILE), []),
});
const NEEDS = v.object({ name: v.string(), needs: v.array(v.string()) });
const OWN = v.object({
  form: v.literal(1),
  requirements: v.array(v.string()),
  builds: v.optional(v.array(RELEASE), []),
  checks: v.optional(v.array(RELEASE), []),
  set: v.optional(v.array(NEEDS), []),
});

/** Reads what a lock file says to its repository; null where it is not one that this program wrote for a repository. */
export function repositoryLock(lock: Pylock): RepositoryLock | null {
  const own = v.safeParse(OWN, Object.hasOwn(lock.tool, 'pypi2nix') ? lock.tool.pypi2nix : undefined);
  if (!own.success) return null;
  const { requirements, builds, checks, set } = own.output;
  const releases = new Map<string, LockedRelease>();
  for (const entry of lock.packages) {
    const release = releaseOf(entry);
    if (release !== null) releases.set(entry.name, release);
  }
  // What is generated in another version than installers take stands there, so it counts.
  for (const entry of [...checks, ...builds]) {
    if (entry.files.length > 0) releases.set(entry.name, ownRelease(entry));
  }
  return {
    requirements,
    releases: [...releases.values()].sort((a, b) => compareText(a.name, b.name)),
    packages: lock.packages.map(({ name, version }) => ({ name, version })),
    folders: lock.packages.flatMap(({ name, directory }) =>
      directory === null ? [] : [{ name, path: directory.path }],
    ),
    commits: lock.packages.flatMap(commitOf),
    needs: set,
  };
}

/** `[tool.pypi2nix]` of a repository's lock beyond its form and requirements. `directory` is that of the lock file. */
export function repositoryTool(
  {
    builds,
    checks,
    needs,
  }: {
    readonly builds: readonly OwnRelease[];
    readonly checks: readonly OwnRelease[];
    readonly needs: ReadonlyMap<string, readonly string[]>;
  },
  directory: string,
): Readonly<Record<string, unknown>> {
  const written = (releases: readonly OwnRelease[]) =>
    [...releases].sort((a, b) => compareText(a.name, b.name)).map((release) => releaseTable(release, directory));
  const set = [...needs]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, each]) => ({ name, needs: [...each].sort(compareText) }));
  return {
    ...(builds.length === 0 ? {} : { builds: written(builds) }),
    ...(checks.length === 0 ? {} : { checks: written(checks) }),
    ...(set.length === 0 ? {} : { set }),
  };
}

function releaseTable(
  { name, version, index, requiresPython, files }: OwnRelease,
  directory: string,
): Readonly<Record<string, unknown>> {
  return {
    name,
    version,
    ...(index === null ? {} : { index: withoutLogin(index) }),
    ...(requiresPython === null ? {} : { 'requires-python': requiresPython }),
    files: [...files].sort((a, b) => compareText(a.filename, b.filename)).flatMap((file) => fileTable(file, directory)),
  };
}

function fileTable(file: ReleaseFile, directory: string): Readonly<Record<string, unknown>>[] {
  const { filename, url, sha256, size, uploadTime } = file;
  if (sha256 === null || url === '') return [];
  const place = url.startsWith('file:')
    ? { path: path.relative(directory, fileURLToPath(url)) }
    : { url: withoutLogin(url).replace(/#.*$/su, '') };
  return [
    {
      name: filename,
      ...place,
      sha256,
      ...(size === null ? {} : { size }),
      ...(uploadTime === null ? {} : { 'upload-time': uploadTime }),
    },
  ];
}

function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/iu, '$1');
}

function releaseOf({
  name,
  version,
  index,
  requiresPython,
  sdist,
  wheels,
  archive,
}: PylockPackage): LockedRelease | null {
  // An archive without an index is one that somebody named by its address.
  const old =
    archive !== null && index !== null && version !== null
      ? [{ ...archive, name: lastPart(archive.url ?? archive.path ?? '') }]
      : [];
  if (version === null || (sdist === null && wheels.length === 0 && old.length === 0)) return null;
  const files = [
    ...[...(sdist === null ? [] : [sdist]), ...old].map((file) => lockedFile(file, 'sdist')),
    ...wheels.map((file) => lockedFile(file, 'wheel')),
  ].flat();
  return { name, version, index, requiresPython, files };
}

function lastPart(place: string): string {
  const [plain = ''] = place.split('#');
  const last = plain.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function lockedFile(file: PylockFile, kind: 'sdist' | 'wheel'): LockedReleaseFile[] {
  const { sha256 } = file.hashes;
  if (sha256 === undefined) return [];
  const { name: filename, url, path: place, size, uploadTime } = file;
  return [
    { kind, filename, url: place === null ? url : null, path: place, sha256: sha256.toLowerCase(), size, uploadTime },
  ];
}

function ownRelease(entry: v.InferOutput<typeof RELEASE>): LockedRelease {
  return {
    name: entry.name,
    version: entry.version,
    index: entry.index ?? null,
    requiresPython: entry['requires-python'] ?? null,
    files: entry.files.map((file) => ({
      kind: file.name.endsWith('.whl') ? 'wheel' : 'sdist',
      filename: file.name,
      url: file.path === undefined ? (file.url ?? null) : null,
      path: file.path ?? null,
      sha256: file.sha256,
      size: file.size ?? null,
      uploadTime: file['upload-time'] ?? null,
    })),
  };
}

function commitOf({ vcs }: PylockPackage): GitAddress[] {
  if (vcs?.type !== 'git' || vcs.url === null) return [];
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(vcs.commitId)) return [];
  const { url, requestedRevision: revision, commitId: commit, subdirectory } = vcs;
  return [{ kind: 'git', url, revision, commit, subdirectory }];
}
