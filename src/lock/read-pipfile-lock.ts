import * as v from 'valibot';
import type { Note } from '../base/note.ts';
import { oneLine, sortedUnique } from '../base/text.ts';
import { throwAll } from '../base/user-error.ts';
import { evaluateMarker, type Marker, parseMarker } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import { badLock, createLockFaults, type LockFaults } from '../pep/pylock-fault.ts';
import { keys, optional, readAs, table, text } from '../pep/pylock-schema.ts';
import { missing } from '../pep/pylock-select.ts';
import { hasArchiveEnding, type SourceAddress } from '../pep/source-address.ts';
import { isTable, jsonPlaces, readJson, type TextTable } from '../pep/toml-text.ts';
import { parseVersion } from '../pep/version.ts';
import { addressOf, digestOf, type SourcePlace, sha256Of } from './lock-address.ts';
import type { LockChoice, LockedProjects, LockSource } from './locked-projects.ts';
import { type LockEntry, pickProjects } from './pick-projects.ts';
import { rootRequirement, unaskedProjects } from './roots.ts';
import { targetWords } from './target-words.ts';

const marker = readAs(parseMarker);
const VARIABLES = [
  'python_version',
  'python_full_version',
  'os_name',
  'sys_platform',
  'platform_machine',
  'platform_system',
  'platform_python_implementation',
  'implementation_name',
] as const;

const PACKAGE = keys({
  version: optional(text),
  hashes: optional(v.array(text, 'must be a list of texts')),
  markers: optional(marker),
  extras: optional(v.array(text, 'must be a list of texts')),
  git: optional(text),
  ref: optional(text),
  subdirectory: optional(text),
  path: optional(text),
  file: optional(text),
  editable: optional(v.boolean('must be true or false')),
});

type Table = v.InferOutput<typeof PACKAGE>;

interface EntryPlace extends SourcePlace {
  readonly faults: LockFaults;
  readonly choice: LockChoice;
  readonly entry: TextTable;
}

const PIN = readAs((written: string) => parseVersion(written.replace(/^===?/u, '')).text);

/**
 * Reads a Pipfile.lock (pipfile-spec 6): the packages of `default`, and with `groups` those of further sections; `dev` is `develop`.
 * The format tells hashes without file names, and not what depends on what, so the roots are for metadata to say.
 */
export function readPipfileLock(source: LockSource, choice: LockChoice): LockedProjects {
  const read = readJson(source.text);
  if ('fault' in read) throw badLock(source.name, read.fault.place, read.fault.text);
  const faults = createLockFaults(source.name, () => jsonPlaces(source.text));
  const document = faults.decode(table, read.value, []) ?? {};
  const sections = Object.keys(document).filter((key) => key !== '_meta');
  const groups = (choice.groups ?? []).map(sectionOf);
  const file = source.name;
  throwAll([
    ...missing('extra', choice.extras ?? [], { known: [], file }),
    ...missing('group', groups, { known: sections, file }),
  ]);
  const notes: Note[] = [];
  const entries = sections
    .filter((section) => section === 'default' || groups.includes(normalizeName(section)))
    .flatMap((section) => {
      const packages = faults.decode(table, document[section], [section]) ?? {};
      return Object.entries(packages).flatMap(([key, entry]): LockEntry[] => {
        const place = { faults, path: [section, key], directory: source.directory };
        if (isTable(entry) && (entry.path === '.' || entry.file === '.')) {
          notes.push({
            kind: 'omitted',
            text: `${oneLine(key)} is the project of the lock itself and is left out`,
            file: source.name,
          });
          return [];
        }
        const decoded = faults.decode(PACKAGE, entry, place.path);
        const read =
          decoded === null ? null : readEntry(key, decoded, { ...place, choice, entry: isTable(entry) ? entry : {} });
        return read === null ? [] : [read];
      });
    });
  faults.throwIfAny();
  const projects = pickProjects(entries, { file: source.name, targets: choice.targets });
  return {
    format: 'pipfile',
    file: source.name,
    targets: choice.targets,
    projects,
    roots: unaskedProjects(projects).map((project) => rootRequirement(project)),
    rootsUntold: true,
    builds: new Map(),
    checks: new Map(),
    notes: [...notes, ...pythonNotes(document, source.name, choice)],
  };
}

function sectionOf(group: string): string {
  const name = normalizeName(group);
  return name === 'dev' || name === 'dev-packages' ? 'develop' : name;
}

function readEntry(key: string, entry: Table, place: EntryPlace): LockEntry | null {
  const { faults, path, choice } = place;
  if (!isProjectName(key)) {
    faults.report(path, 'is no name of a project');
    return null;
  }
  const isSource = entry.git !== null || entry.path !== null || entry.file !== null;
  const address = isSource ? sourceOf(entry, place) : null;
  if (isSource && address === null) return null;
  if (!isSource && (entry.version === null || !/^===?/u.test(entry.version))) {
    faults.report([...path, ...(entry.version === null ? [] : ['version'])], 'must be one version, ==1.0 for example');
    return null;
  }
  const isTree = address?.kind === 'directory' || address?.kind === 'git';
  const version = entry.version === null || isTree ? null : faults.decode(PIN, entry.version, [...path, 'version']);
  const whole = conditionOf(entry, place);
  const simple = whole === null ? true : simplifyMarker(whole, choice.targets);
  return {
    on: choice.targets.map((target) => whole === null || evaluateMarker(whole, target)),
    project: {
      name: normalizeName(key),
      version,
      extras: sortedUnique((entry.extras ?? []).map(normalizeName)),
      marker: typeof simple === 'boolean' ? null : simple,
      files: sortedUnique(entry.hashes ?? []).map((hash) => ({ filename: '', ...digestOf(hash), url: null })),
      address,
      dependencies: null,
    },
  };
}

function sourceOf(
  { git, ref, subdirectory, path, file, editable, hashes }: Table,
  place: SourcePlace,
): SourceAddress | null {
  if (git !== null) {
    const at = { ...place, path: [...place.path, 'git'] };
    return addressOf({ kind: 'git', url: git.replace(/^git\+/u, ''), path: null, commit: ref ?? '', subdirectory }, at);
  }
  const location = path ?? file ?? '';
  const at = { ...place, path: [...place.path, path === null ? 'file' : 'path'] };
  const [only, ...others] = hashes ?? [];
  const sha256 = others.length === 0 ? sha256Of(only) : null;
  if (/^[a-z][a-z0-9+.-]+:/iu.test(location))
    return addressOf({ kind: 'archive', url: location, path: null, sha256, subdirectory }, at);
  return hasArchiveEnding(location)
    ? addressOf({ kind: 'archive', url: null, path: location, sha256, subdirectory }, at)
    : addressOf({ kind: 'directory', path: location, editable: editable ?? false, subdirectory }, at);
}

// Besides `markers` there may be keys such as `"os_name": "== 'nt'"`.
function conditionOf(entry: Table, place: EntryPlace): Marker | null {
  const operands = VARIABLES.flatMap((name) => {
    const written = Object.hasOwn(place.entry, name) ? place.entry[name] : undefined;
    if (written === undefined) return [];
    const at = [...place.path, name];
    const condition = place.faults.decode(text, written, at);
    return condition === null ? [] : (place.faults.decode(marker, `${name} ${condition}`, at) ?? []);
  });
  const all = [...(entry.markers === null ? [] : [entry.markers]), ...operands];
  const [only, ...others] = all;
  return only === undefined ? null : others.length === 0 ? only : { kind: 'and', operands: all };
}

function pythonNotes(document: TextTable, file: string, { targets }: LockChoice): Note[] {
  const meta = isTable(document._meta) ? document._meta : {};
  const requires = isTable(meta.requires) ? meta.requires : {};
  const full = typeof requires.python_full_version === 'string' ? requires.python_full_version : null;
  const python = typeof requires.python_version === 'string' ? requires.python_version : full;
  if (python === null) return [];
  const minor = /^\d+\.\d+/u.exec(python)?.[0] ?? python;
  const others = targets.filter((target) => target.python_version !== undefined && target.python_version !== minor);
  if (others.length === 0) return [];
  const text = `the lock is made for Python ${oneLine(python)}: its versions may not fit ${targetWords(others)}`;
  return [{ kind: 'warning', text, file }];
}
