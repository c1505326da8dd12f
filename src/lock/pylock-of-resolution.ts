import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareText } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import { formatMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import type { Pylock, PylockFile, PylockPackage } from '../pep/pylock.ts';
import { derivedFilename } from '../pep/pylock-rules.ts';
import { pylockTime } from '../pep/pylock-schema.ts';
import { pythonFits } from '../pep/pylock-select.ts';
import { formatRequirement, type Requirement } from '../pep/requirement.ts';
import { parseSdistName, SDIST_EXTENSIONS } from '../pep/sdist-name.ts';
import { formatSourceAddress, parseSourceAddress, type SourceAddress } from '../pep/source-address.ts';
import { compareVersions, parseVersion, tryParseVersion } from '../pep/version.ts';
import { parseWheelName } from '../pep/wheel-name.ts';
import type { Resolution, ResolvedPackage } from '../resolve/provider.ts';
import { packageMarkers } from './package-markers.ts';

/** A file of a release as the index has it. */
export interface ReleaseFile {
  readonly filename: string;
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** RFC 3339. */
  readonly uploadTime: string | null;
  readonly kind: 'sdist' | 'wheel';
}

/** What an index says on the chosen release of a project. */
export interface ReleaseFiles {
  /** Base URL of the index, null where it has none. */
  readonly index: string | null;
  readonly files: readonly ReleaseFile[];
  readonly requiresPython: string | null;
}

export interface LockInput {
  readonly resolution: Resolution;
  readonly requested: readonly Requirement[];
  /** At least one. */
  readonly targets: readonly MarkerEnvironment[];
  /** Specifier set that the lock states for its Pythons. */
  readonly requiresPython: string | null;
  /** By name, of every package without address. */
  readonly filesOf: ReadonlyMap<string, ReleaseFiles>;
  readonly addresses: ReadonlyMap<string, SourceAddress>;
  /** The folder of the lock file, absolute: paths of sources on this machine are written relative to it. */
  readonly directory: string;
  /** Versions by name. */
  readonly builds: ReadonlyMap<string, string>;
  readonly checks: ReadonlyMap<string, string>;
  /** Further facts for `[tool.pypi2nix]`. */
  readonly tool: Readonly<Record<string, unknown>>;
  /** As `PackageGraph` in package-markers.ts has them. */
  readonly declared?: ReadonlyMap<string, readonly Requirement[]>;
}

/**
 * The standard lock file (PEP 751) of a resolution: its packages by name with all their files, when each is used, and what it depends on.
 * `environments` has one marker a target, but for targets whose Python `requiresPython` excludes. The requirements, build requirements and check inputs stand under `[tool.pypi2nix]`.
 *
 * The standard demands a digest of every file, and of file names that they tell project and version. Files that do not have these are left out
 * and named in `[packages.tool.pypi2nix]` as `left-out`, as are sdists beside the first, since there is room for one. An sdist that the standard
 * knows no name for (`.tar.bz2`, for example) becomes an `archive` where there are no wheels.
 * Throws UserError E_LOCK_NO_FILES (exit 1) for each package that nothing is left of, E_LOCK_NO_COMMIT (1) for a git address without commit,
 * and E_LOCK_NO_HASH (1) for an archive without digest.
 */
export function pylockOf(input: LockInput): Pylock {
  const markers = packageMarkers(input);
  const faults: UserError[] = [];
  const packages: PylockPackage[] = [];
  for (const found of [...input.resolution.packages.values()].sort((a, b) => compareText(a.name, b.name))) {
    const source = sourceOf(found, input);
    if (source instanceof UserError) faults.push(source);
    else packages.push({ ...EMPTY, ...headOf(found, markers.get(found.name) ?? null, input), ...source });
  }
  throwAll(faults);
  return {
    lockVersion: '1.0',
    environments: environmentMarkers(coveredBy(input)),
    requiresPython: input.requiresPython,
    extras: null,
    dependencyGroups: null,
    defaultGroups: [],
    createdBy: 'pypi2nix',
    packages,
    tool: { pypi2nix: ownFacts(input) },
  };
}

const EMPTY = {
  version: null,
  requiresPython: null,
  vcs: null,
  directory: null,
  archive: null,
  index: null,
  sdist: null,
  wheels: [],
  attestationIdentities: null,
  tool: null,
};

type Source = Partial<Pick<PylockPackage, 'version' | 'requiresPython' | keyof typeof EMPTY>>;

function headOf(
  { name, requirements }: ResolvedPackage,
  marker: Marker | null,
  { resolution }: LockInput,
): Pick<PylockPackage, 'name' | 'marker' | 'dependencies'> {
  const names = new Set(
    requirements.map((requirement) => requirement.name).filter((one) => resolution.packages.has(one)),
  );
  return { name, marker, dependencies: [...names].sort(compareText).map((one) => ({ name: one })) };
}

function coveredBy({ targets, requiresPython }: LockInput): readonly MarkerEnvironment[] {
  return requiresPython === null ? targets : targets.filter((target) => pythonFits(requiresPython, target));
}

/** `variable == "value"` for what tells one target from others; each marker once. */
function environmentMarkers(targets: readonly MarkerEnvironment[]): readonly Marker[] {
  const markers = targets.flatMap((target): Marker[] => {
    const operands = (['python_version', 'sys_platform', 'platform_machine', 'implementation_name'] as const).flatMap(
      (name): Marker[] => {
        const value = target[name];
        if (value === undefined) return [];
        return [
          { kind: 'compare', left: { kind: 'variable', name }, operator: '==', right: { kind: 'literal', value } },
        ];
      },
    );
    const [only, ...others] = operands;
    return only === undefined ? [] : [others.length === 0 ? only : { kind: 'and', operands }];
  });
  // A target that fixes nothing is any environment, and so the lock is for any.
  if (markers.length < targets.length) return [];
  return [...new Map(markers.map((marker) => [formatMarker(marker), marker])).values()];
}

function ownFacts({ requested, builds, checks, tool }: LockInput): Readonly<Record<string, unknown>> {
  const versions = (found: ReadonlyMap<string, string>) =>
    [...found].sort(([a], [b]) => compareText(a, b)).map(([name, version]) => ({ name, version }));
  return {
    form: 1,
    requirements: requested.map(requirementText),
    ...Object.fromEntries(Object.entries(tool)),
    ...(builds.size === 0 ? {} : { builds: versions(builds) }),
    ...(checks.size === 0 ? {} : { checks: versions(checks) }),
  };
}

/** What lies on this machine is told by the entry of its package, whose path goes along with the lock file, and so is a commit. */
export function requirementText(requirement: Requirement): string {
  const { url } = requirement;
  if (url === null) return formatRequirement(requirement);
  const address = parseSourceAddress(url);
  if (address.kind === 'git') {
    const asked = formatSourceAddress({ ...address, commit: null });
    return formatRequirement({ ...requirement, url: asked });
  }
  return formatRequirement(url.startsWith('file:') ? { ...requirement, url: null } : requirement);
}

function sourceOf(found: ResolvedPackage, { addresses, filesOf, directory }: LockInput): Source | UserError {
  const { name, version } = found;
  const address = addresses.get(name);
  if (address !== undefined) return addressSource(name, version.text, { address, directory });
  const release = filesOf.get(name);
  return release === undefined ? noFiles(name, version.text) : releaseSource(found, release, directory);
}

function addressSource(
  name: string,
  version: string,
  { address, directory }: { readonly address: SourceAddress; readonly directory: string },
): Source | UserError {
  const { subdirectory } = address;
  switch (address.kind) {
    case 'directory':
      return {
        directory: { path: path.relative(directory, address.path) || '.', editable: address.editable, subdirectory },
      };
    case 'git':
      if (address.commit === null)
        return fault('E_LOCK_NO_COMMIT', `the commit of ${name} is not known`, 'name a full commit in its address');
      return {
        vcs: {
          type: 'git',
          url: address.url,
          path: null,
          requestedRevision: address.revision,
          commitId: address.commit,
          subdirectory,
        },
      };
    case 'archive':
      if (address.sha256 === null)
        return fault('E_LOCK_NO_HASH', `the sha256 of ${name} is not known`, 'add #sha256=... to its address');
      return {
        version,
        archive: {
          ...placeOf(address.url, directory),
          size: null,
          uploadTime: null,
          hashes: { sha256: address.sha256 },
          subdirectory,
        },
      };
  }
}

function releaseSource(
  { name, version }: ResolvedPackage,
  release: ReleaseFiles,
  directory: string,
): Source | UserError {
  const hashed = release.files.filter(({ sha256, url }) => sha256 !== null && url !== '');
  const wheels = hashed.filter(({ kind, filename }) => {
    const parsed = kind === 'wheel' ? parseWheelName(filename) : null;
    return parsed !== null && parsed.name === name && compareVersions(parsed.version, version) === 0;
  });
  const sdists = hashed.filter(({ kind }) => kind === 'sdist').sort(bySdistRank(name));
  const sdist = sdists.find(({ filename }) => isStandardSdist(filename, name, version.text));
  const archive = sdist === undefined && wheels.length === 0 ? sdists[0] : undefined;
  const taken = new Set([...wheels, sdist, archive]);
  const leftOut = release.files.filter((file) => !taken.has(file)).map(({ filename }) => filename);
  if (leftOut.length === release.files.length) return noFiles(name, version.text);
  return {
    version: version.text,
    requiresPython: release.requiresPython,
    index: release.index === null ? null : withoutLogin(release.index),
    ...(sdist === undefined ? {} : { sdist: lockedFile(sdist, directory) }),
    ...(archive === undefined ? {} : { archive: { ...sharedKeys(archive, directory), subdirectory: null } }),
    wheels: wheels.sort((a, b) => compareText(a.filename, b.filename)).map((file) => lockedFile(file, directory)),
    tool: leftOut.length === 0 ? null : { pypi2nix: { 'left-out': leftOut.sort(compareText) } },
  };
}

/** What installers take for the name of an sdist: `.tar.gz` or `.zip`, and the version after the last dash. */
function isStandardSdist(filename: string, name: string, version: string): boolean {
  const base = /^(.*)\.(?:tar\.gz|zip)$/su.exec(filename)?.[1];
  const parsed = parseSdistName(filename, name);
  if (base === undefined || parsed === null || parsed.versionText.includes('-')) return false;
  const own = tryParseVersion(parsed.versionText);
  return own !== null && compareVersions(own, parseVersion(version)) === 0;
}

function bySdistRank(name: string): (a: ReleaseFile, b: ReleaseFile) => number {
  const rank = ({ filename }: ReleaseFile): number => {
    const extension = parseSdistName(filename, name)?.extension;
    return extension === undefined ? SDIST_EXTENSIONS.length : SDIST_EXTENSIONS.indexOf(extension);
  };
  return (a, b) => rank(a) - rank(b) || compareText(a.filename, b.filename);
}

function lockedFile(file: ReleaseFile, directory: string): PylockFile {
  return { name: file.filename, ...sharedKeys(file, directory) };
}

function sharedKeys(
  { filename, url, sha256, size, uploadTime }: ReleaseFile,
  directory: string,
): Omit<PylockFile, 'name'> {
  const time = uploadTime === null ? Number.NaN : Date.parse(uploadTime);
  const open = withoutLogin(url);
  return {
    // Fragments repeat the digest, and the name is what stands before them.
    ...placeOf(derivedFilename({ url: open, path: null }) === filename ? open.replace(/#.*$/su, '') : open, directory),
    size,
    uploadTime: Number.isNaN(time) ? null : pylockTime(new Date(time)),
    hashes: sha256 === null ? {} : { sha256 },
  };
}

/** What lies on this machine is told by its path, which goes along with the lock file. */
function placeOf(url: string, directory: string): Pick<PylockFile, 'url' | 'path'> {
  return url.startsWith('file:')
    ? { url: null, path: path.relative(directory, fileURLToPath(url)) }
    : { url, path: null };
}

function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/iu, '$1');
}

function noFiles(name: string, version: string): UserError {
  return fault(
    'E_LOCK_NO_FILES',
    `${name} ${version} has no file that a lock can hold: each needs a sha256, and a name that tells project and version`,
    'take an index that tells sha256 digests',
  );
}

function fault(code: string, message: string, hint: string): UserError {
  return new UserError(code, message, { exit: EXIT.unmet, hint });
}
