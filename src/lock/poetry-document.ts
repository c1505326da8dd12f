import * as v from 'valibot';
import { sortedUnique } from '../base/text.ts';
import { type Marker, parseMarker } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import type { LockFaults } from '../pep/pylock-fault.ts';
import { keys, list, optional, readAs, table, text } from '../pep/pylock-schema.ts';
import type { SourceAddress } from '../pep/source-address.ts';
import { isTable, type TextKey, type TextTable } from '../pep/toml-text.ts';
import { parseVersion } from '../pep/version.ts';
import { addressOf, digestOf } from './lock-address.ts';
import type { LockedFile } from './locked-projects.ts';

/** One of perhaps several constraints of a dependency. */
export interface PoetryLink {
  readonly name: string;
  /** Constraint in Poetry's own language; null for one by address. */
  readonly version: string | null;
  readonly extras: readonly string[];
  /** It belongs to an extra of the package. */
  readonly optional: boolean;
  readonly marker: Marker | null;
}

export interface PoetryPackage {
  readonly name: string;
  readonly version: string;
  /** It is there for an extra of the project only. */
  readonly optional: boolean;
  /** Constraint in Poetry's own language. */
  readonly pythons: string;
  /** Null where the lock does not tell (2.0). */
  readonly groups: readonly string[] | null;
  /** One for all groups, or one for each. */
  readonly marker: Marker | ReadonlyMap<string, Marker> | null;
  readonly files: readonly LockedFile[];
  readonly address: SourceAddress | null;
  readonly links: readonly PoetryLink[];
}

export interface PoetryDocument {
  /** Constraint in Poetry's own language. */
  readonly pythons: string | null;
  readonly packages: readonly PoetryPackage[];
  /** Extras of the project: names of packages. */
  readonly extras: ReadonlyMap<string, readonly string[]>;
}

export interface PoetryPlace {
  readonly faults: LockFaults;
  /** Of the lock file. */
  readonly directory: string;
}

const marker = readAs(parseMarker);
const texts = v.array(text, 'must be a list of texts');
const boolean = v.boolean('must be true or false');
const FILE = keys({ file: text, hash: optional(text) });
const LINK = keys({
  version: optional(text),
  extras: optional(texts),
  optional: optional(boolean),
  markers: optional(marker),
});
const SOURCE = keys({
  type: text,
  url: text,
  resolved_reference: optional(text),
  subdirectory: optional(text),
});
const PACKAGE = keys({
  name: text,
  version: readAs((written) => parseVersion(written).text),
  optional: optional(boolean),
  develop: optional(boolean),
  category: optional(text),
  groups: optional(texts),
  'python-versions': optional(text),
  // 1.0 has `marker`.
  marker: optional(marker),
  files: optional(list),
  dependencies: optional(table),
  source: optional(SOURCE),
});
const METADATA = keys({
  'lock-version': optional(text),
  'python-versions': optional(text),
  files: optional(table),
});

/** What a poetry.lock of the versions 1 and 2 says, in its own terms; null where a fault of its top has been reported. */
export function readPoetryDocument(document: TextTable, place: PoetryPlace): PoetryDocument | null {
  const { faults } = place;
  const metadata = faults.decode(METADATA, document.metadata ?? {}, ['metadata']);
  if (metadata === null) return null;
  const version = metadata['lock-version'] ?? '1.0';
  if (!/^[12]\.\d+$/u.test(version)) {
    faults.report(['metadata', 'lock-version'], 'must be 1.x or 2.x: of other versions the meaning is not known');
    return null;
  }
  const packages = faults.decode(list, document.package ?? [], ['package']) ?? [];
  const oldFiles = metadata.files ?? {};
  return {
    pythons: metadata['python-versions'],
    packages: packages.flatMap((entry, index) => readPackage(entry, index, { ...place, oldFiles }) ?? []),
    extras: readExtras(document.extras, faults),
  };
}

function readPackage(
  entry: unknown,
  index: number,
  place: PoetryPlace & { readonly oldFiles: TextTable },
): PoetryPackage | null {
  const { faults, oldFiles } = place;
  const path = ['package', index];
  const read = faults.decode(PACKAGE, entry, path);
  if (read === null) return null;
  // Up to 1.1 the files of all versions of a project stand together, under its name.
  const isOld = read.files === null;
  const written = isOld ? filesUnder(oldFiles, read.name) : read.files;
  const files = readFiles(written, isOld ? ['metadata', 'files', read.name] : [...path, 'files'], faults);
  const address =
    read.source === null ? null : readSource(read.source, { ...place, path, files, develop: read.develop });
  return {
    name: normalizeName(read.name),
    version: read.version,
    optional: read.optional ?? false,
    pythons: read['python-versions'] ?? '*',
    groups: read.groups ?? (read.category === null ? null : [read.category]),
    marker: read.marker ?? readMarkers(isTable(entry) ? entry.markers : undefined, [...path, 'markers'], faults),
    // The one of an archive is part of its address, where there is one only.
    files: address === null || (address.kind === 'archive' && address.sha256 === null) ? files : [],
    address,
    links: readLinks(read.dependencies ?? {}, [...path, 'dependencies'], faults),
  };
}

function filesUnder(files: TextTable, name: string): unknown {
  const key = Object.keys(files).find((candidate) => normalizeName(candidate) === normalizeName(name));
  return key === undefined ? [] : files[key];
}

function readFiles(written: unknown, path: readonly TextKey[], faults: LockFaults): readonly LockedFile[] {
  const entries = faults.decode(list, written, path) ?? [];
  return entries.flatMap((entry, index) => {
    const file = faults.decode(FILE, entry, [...path, index]);
    return file === null ? [] : { filename: file.file, ...digestOf(file.hash), url: null };
  });
}

function readSource(
  { type, url, resolved_reference: commit, subdirectory }: v.InferOutput<typeof SOURCE>,
  place: PoetryPlace & {
    readonly path: readonly TextKey[];
    readonly files: readonly LockedFile[];
    readonly develop: boolean | null;
  },
): SourceAddress | null {
  const at = { ...place, path: [...place.path, 'source'] };
  const sha256 = place.files.length === 1 ? (place.files[0]?.sha256 ?? null) : null;
  switch (type) {
    // An index beside PyPI.
    case 'legacy':
      return null;
    case 'git':
      return addressOf({ kind: 'git', url, path: null, commit: commit ?? '', subdirectory }, at);
    case 'url':
      return addressOf({ kind: 'archive', url, path: null, sha256, subdirectory }, at);
    case 'file':
      return addressOf({ kind: 'archive', url: null, path: url, sha256, subdirectory }, at);
    case 'directory':
      return addressOf({ kind: 'directory', path: url, editable: place.develop ?? false, subdirectory }, at);
    default:
      at.faults.report([...at.path, 'type'], 'must be legacy, git, url, file or directory');
      return null;
  }
}

function readMarkers(
  written: unknown,
  path: readonly TextKey[],
  faults: LockFaults,
): Marker | ReadonlyMap<string, Marker> | null {
  if (written === undefined) return null;
  if (!isTable(written)) return faults.decode(marker, written, path);
  const markers = new Map<string, Marker>();
  for (const [group, value] of Object.entries(written)) {
    const read = faults.decode(marker, value, [...path, group]);
    if (read !== null) markers.set(normalizeName(group), read);
  }
  return markers;
}

/** dependencies = name -> constraint / table / list of these */
function readLinks(written: TextTable, path: readonly TextKey[], faults: LockFaults): readonly PoetryLink[] {
  return Object.entries(written).flatMap(([key, value]) => {
    const several: readonly unknown[] = Array.isArray(value) ? value : [value];
    return several.flatMap((one, index): PoetryLink[] => {
      const place = Array.isArray(value) ? [...path, key, index] : [...path, key];
      const read = faults.decode(LINK, typeof one === 'string' ? { version: one } : one, place);
      if (read === null) return [];
      return [
        {
          name: normalizeName(key),
          version: read.version,
          extras: (read.extras ?? []).map(normalizeName),
          optional: read.optional ?? false,
          marker: read.markers,
        },
      ];
    });
  });
}

function readExtras(written: unknown, faults: LockFaults): ReadonlyMap<string, readonly string[]> {
  const extras = new Map<string, readonly string[]>();
  for (const [extra, names] of Object.entries(faults.decode(table, written ?? {}, ['extras']) ?? {})) {
    const read = faults.decode(texts, names, ['extras', extra]) ?? [];
    extras.set(
      normalizeName(extra),
      sortedUnique(read.map((name) => normalizeName(/^[\w.-]*/u.exec(name)?.[0] ?? name))),
    );
  }
  return extras;
}
