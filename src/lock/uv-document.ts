import * as v from 'valibot';
import { type Marker, parseMarker } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import type { LockFaults } from '../pep/pylock-fault.ts';
import { derivedFilename } from '../pep/pylock-rules.ts';
import { keys, list, optional, readAs, table, text } from '../pep/pylock-schema.ts';
import type { SourceAddress } from '../pep/source-address.ts';
import { parseSpecifierSet } from '../pep/specifier.ts';
import { isTable, type TextKey, type TextTable } from '../pep/toml-text.ts';
import { parseVersion } from '../pep/version.ts';
import { digestOf, digestsOfArchive, openUrl, sha256Of } from './lock-address.ts';
import type { LockedFile } from './locked-projects.ts';
import { readUvSource, SOURCE } from './uv-source.ts';

/** A dependency as uv.lock writes it. `version` and `source` are there where the lock has several packages of the name. */
export interface UvLink {
  readonly name: string;
  readonly version: string | null;
  /** `formatSource` of the source, null where it is not told. */
  readonly source: string | null;
  readonly extras: readonly string[];
  readonly marker: Marker | null;
}

export interface UvPackage {
  /** Place in the lock, from 0. */
  readonly index: number;
  readonly name: string;
  readonly version: string | null;
  readonly source: string;
  /** The forks that it belongs to; empty: all. */
  readonly forks: readonly Marker[];
  readonly dependencies: readonly UvLink[];
  readonly extras: ReadonlyMap<string, readonly UvLink[]>;
  readonly groups: ReadonlyMap<string, readonly UvLink[]>;
  readonly files: readonly LockedFile[];
  readonly address: SourceAddress | null;
}

export interface UvDocument {
  readonly requiresPython: string | null;
  /** The environments that it is made for; empty: all. */
  readonly supported: readonly Marker[];
  readonly packages: readonly UvPackage[];
  readonly byName: ReadonlyMap<string, readonly UvPackage[]>;
  /** The projects that it was made for. */
  readonly members: readonly UvPackage[];
  /** Requirements of a script, and groups of a workspace that is no project. */
  readonly requirements: readonly UvLink[];
  readonly groups: ReadonlyMap<string, readonly UvLink[]>;
}

export interface UvPlace {
  readonly faults: LockFaults;
  /** Of the lock file. */
  readonly directory: string;
}

const marker = readAs(parseMarker);
const markers = optional(v.array(marker, 'must be a list of texts'));
const FILE = keys({ url: optional(text), path: optional(text), filename: optional(text), hash: optional(text) });
const LINK = keys({
  name: text,
  version: optional(text),
  source: optional(SOURCE),
  extra: optional(v.array(text, 'must be a list of texts')),
  extras: optional(v.array(text, 'must be a list of texts')),
  marker: optional(marker),
});
const PACKAGE = keys({
  name: text,
  version: optional(readAs((written) => parseVersion(written).text)),
  source: SOURCE,
  'resolution-markers': markers,
  dependencies: optional(list),
  'optional-dependencies': optional(table),
  'dev-dependencies': optional(table),
  sdist: optional(FILE),
  wheels: optional(v.array(FILE, 'must be a list of tables')),
});
const DOCUMENT = keys({
  version: v.literal(1, 'must be 1: of other versions the meaning is not known'),
  'requires-python': optional(
    readAs((written) => {
      parseSpecifierSet(written);
      return written;
    }),
  ),
  'supported-markers': markers,
  manifest: optional(
    keys({
      members: optional(v.array(text, 'must be a list of texts')),
      requirements: optional(list),
      'dependency-groups': optional(table),
    }),
  ),
  package: optional(list),
});

/** What a uv.lock says, in its own terms; null where a fault of it has been reported. */
export function readUvDocument(document: TextTable, place: UvPlace): UvDocument | null {
  const top = place.faults.decode(DOCUMENT, document, []);
  if (top === null) return null;
  const packages = (top.package ?? []).flatMap((entry, index) => readPackage(entry, index, place) ?? []);
  const manifest = ['manifest'];
  return {
    requiresPython: top['requires-python'],
    supported: top['supported-markers'] ?? [],
    packages,
    byName: groupedByName(packages),
    members: membersOf(packages, top.manifest?.members ?? null),
    requirements: readLinks(top.manifest?.requirements ?? [], [...manifest, 'requirements'], place),
    groups: readGroups(top.manifest?.['dependency-groups'] ?? null, [...manifest, 'dependency-groups'], place),
  };
}

function groupedByName(packages: readonly UvPackage[]): ReadonlyMap<string, readonly UvPackage[]> {
  const groups = new Map<string, UvPackage[]>();
  for (const entry of packages) groups.set(entry.name, [...(groups.get(entry.name) ?? []), entry]);
  return groups;
}

// A lock of one project has no list of members: it is the one in the folder of the lock.
function membersOf(packages: readonly UvPackage[], names: readonly string[] | null): readonly UvPackage[] {
  if (names === null) return packages.filter(({ source }) => /^(?:virtual|editable|directory) \.$/u.test(source));
  const members = new Set(names.map(normalizeName));
  return packages.filter(({ name, source }) => members.has(name) && /^(?:virtual|editable|directory) /u.test(source));
}

function readPackage(entry: unknown, index: number, place: UvPlace): UvPackage | null {
  const path = ['package', index];
  const read = place.faults.decode(PACKAGE, entry, path);
  if (read === null) return null;
  const files = [...(read.sdist === null ? [] : [read.sdist]), ...(read.wheels ?? [])];
  const sha256 = files.map(({ hash }) => sha256Of(hash)).find((digest) => digest !== null) ?? null;
  const source = readUvSource(read.source, sha256, { ...place, path: [...path, 'source'] });
  return {
    index,
    name: normalizeName(read.name),
    version: read.version,
    source: source.text,
    forks: read['resolution-markers'] ?? [],
    dependencies: readLinks(read.dependencies ?? [], [...path, 'dependencies'], place),
    extras: readGroups(read['optional-dependencies'], [...path, 'optional-dependencies'], place),
    groups: readGroups(read['dev-dependencies'], [...path, 'dev-dependencies'], place),
    files:
      source.address === null
        ? files.map(lockedFile)
        : digestsOfArchive(
            source.address,
            files.map(({ hash }) => hash),
          ),
    address: source.address,
  };
}

function lockedFile({ url, path, filename, hash }: v.InferOutput<typeof FILE>): LockedFile {
  return { filename: filename ?? derivedFilename({ url, path }), ...digestOf(hash), url: openUrl(url) };
}

function readGroups(
  written: TextTable | null,
  path: readonly TextKey[],
  place: UvPlace,
): ReadonlyMap<string, readonly UvLink[]> {
  const groups = new Map<string, readonly UvLink[]>();
  for (const [key, links] of Object.entries(written ?? {})) {
    if (Array.isArray(links)) groups.set(normalizeName(key), readLinks(links, [...path, key], place));
    else place.faults.report([...path, key], 'must be a list of tables');
  }
  return groups;
}

function readLinks(links: readonly unknown[], path: readonly TextKey[], place: UvPlace): readonly UvLink[] {
  return links.flatMap((link, index): UvLink[] => {
    const read = place.faults.decode(LINK, link, [...path, index]);
    if (read === null) return [];
    const extras = [...(read.extra ?? []), ...(read.extras ?? [])].map(normalizeName);
    const source = read.source === null ? null : readUvSource(read.source, null, null).text;
    return [{ name: normalizeName(read.name), version: read.version, source, extras, marker: read.marker }];
  });
}

/** Whether a document looks like a uv.lock. */
export function isUvDocument(document: TextTable): boolean {
  return typeof document.version === 'number' && (isTable(document.manifest) || Array.isArray(document.package));
}
