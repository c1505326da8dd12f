import type { PylockFile, PylockPackage } from './pylock.ts';
import { DOCUMENT, type FileTable, PACKAGE, type PackageTable } from './pylock-schema.ts';
import { parseSdistName } from './sdist-name.ts';
import { isTable, type TextKey, type TextTable } from './toml-text.ts';
import { compareVersions, parseVersion } from './version.ts';
import { parseWheelName } from './wheel-name.ts';

/** What is wrong in a package that is right key by key: paths inside it, and clauses that go on from the name of the value. */
export function packageFaults(entry: PackageTable): { readonly path: readonly TextKey[]; readonly what: string }[] {
  const faults: { path: TextKey[]; what: string }[] = [];
  const direct = (['vcs', 'directory', 'archive'] as const).filter((key) => entry[key] !== null);
  const files = [
    ...(entry.sdist === null ? [] : [{ file: entry.sdist, path: ['sdist'] as TextKey[] }]),
    ...(entry.wheels ?? []).map((file, index) => ({ file, path: ['wheels', index] as TextKey[] })),
  ];
  const [source, second] = direct;
  if (source === undefined && files.length === 0)
    faults.push({ path: [], what: 'has no source: one of vcs, directory, archive, sdist and wheels' });
  if (source !== undefined && second !== undefined) faults.push({ path: [second], what: `excludes ${source}` });
  if (source !== undefined && files.length > 0)
    faults.push({ path: [entry.sdist === null ? 'wheels' : 'sdist'], what: `excludes ${source}` });
  for (const key of ['vcs', 'archive'] as const) {
    const value = entry[key];
    if (value !== null && value.url === null && value.path === null)
      faults.push({ path: [key], what: 'has neither url nor path' });
  }
  for (const { file, path } of files) {
    const what = fileFault(file, path[0] === 'sdist', entry);
    if (what !== null) faults.push({ path, what });
  }
  return faults;
}

function fileFault(file: FileTable, isSdist: boolean, { name, version }: PackageTable): string | null {
  if (file.url === null && file.path === null) return 'has neither url nor path';
  const filename = filenameOf(file);
  if (filename === '' || /[/\\]/u.test(filename)) return 'has no file name';
  const parsed = isSdist ? parseSdistName(filename, name) : parseWheelName(filename);
  const written = JSON.stringify(filename);
  if (parsed === null) return `is called ${written}, which is no ${isSdist ? `sdist of ${name}` : 'wheel'}`;
  if ('name' in parsed && parsed.name !== name) return `is called ${written}, which is no wheel of ${name}`;
  return version === null || compareVersions(parsed.version, parseVersion(version)) === 0
    ? null
    : `is called ${written}, which is another version than ${version}`;
}

/** The package of a table without faults. */
export function lockedPackage(entry: PackageTable): PylockPackage {
  const { name, version, marker, dependencies, vcs, directory, archive, index, sdist, wheels, tool } = entry;
  return {
    name,
    version,
    marker,
    requiresPython: entry['requires-python'],
    dependencies,
    vcs:
      vcs === null
        ? null
        : {
            type: vcs.type,
            url: vcs.url,
            path: vcs.path,
            requestedRevision: vcs['requested-revision'],
            commitId: vcs['commit-id'],
            subdirectory: vcs.subdirectory,
          },
    directory: directory === null ? null : { ...directory, editable: directory.editable ?? false },
    archive: archive === null ? null : { ...sharedKeys(archive), subdirectory: archive.subdirectory },
    index,
    sdist: sdist === null ? null : lockedFile(sdist),
    wheels: (wheels ?? []).map(lockedFile),
    attestationIdentities: entry['attestation-identities'],
    tool,
  };
}

function lockedFile(file: FileTable): PylockFile {
  return { name: filenameOf(file), ...sharedKeys(file) };
}

function sharedKeys({ url, path, size, hashes, ...others }: Omit<FileTable, 'name'>): Omit<PylockFile, 'name'> {
  return { url, path, size, uploadTime: others['upload-time'], hashes };
}

function filenameOf({ name, path, url }: FileTable): string {
  return name ?? derivedFilename({ path, url });
}

/** The file name that the path or else the URL of a file ends in; empty where there is none. */
export function derivedFilename({ path, url }: Pick<PylockFile, 'path' | 'url'>): string {
  if (path !== null) return path.split(path.includes('/') ? '/' : '\\').at(-1) ?? '';
  const last =
    (url ?? '')
      .replace(/[?#].*$/su, '')
      .split('/')
      .at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const PACKAGE_KEYS: ReadonlySet<string> = new Set(Object.keys(PACKAGE.pipe[1].entries));
const DOCUMENT_KEYS: ReadonlySet<string> = new Set(Object.keys(DOCUMENT.pipe[1].entries));

/** The paths of keys at the top and of packages that the standard does not have. */
export function unknownKeys(document: TextTable): (readonly TextKey[])[] {
  const found: TextKey[][] = Object.keys(document)
    .filter((key) => !DOCUMENT_KEYS.has(key))
    .map((key) => [key]);
  const packages: readonly unknown[] = Array.isArray(document.packages) ? document.packages : [];
  for (const [index, entry] of packages.entries()) {
    if (!isTable(entry)) continue;
    for (const key of Object.keys(entry)) if (!PACKAGE_KEYS.has(key)) found.push(['packages', index, key]);
  }
  return found;
}
