import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { ProgressSink } from '../base/progress.ts';
import { countOf, joinWords } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { CacheStore } from '../cache/store.ts';
import { tryEvaluateJson } from '../nix-run/evaluate.ts';
import { compareVersions, parseVersion } from '../pep/version.ts';
import { type PackagePath, readDescriptions } from './descriptions.ts';
import { evaluateIsolated } from './isolated-evaluation.ts';
import { DESCRIPTIONS, OVERVIEW, PATHS, PYTHON_SETS, RELEASE } from './nix-text.ts';
import { revisionOf } from './revision.ts';
import { isAttributeName, readSetRecords, type SetRecord, setRecordOf } from './set-record.ts';
import { releaseIn, type StatedRelease, statedRelease } from './stated-release.ts';
import { NESTED_SYSTEM_PATHS } from './system-names.ts';
import type { Implementation } from './targets.ts';

/** An interpreter of a nixpkgs that has a Python set. */
export interface Interpreter {
  /** `python313`. */
  readonly attribute: string;
  /** X.Y. */
  readonly version: string;
  readonly implementation: Implementation;
  /** What the names of its packages begin with: `python3.13`. */
  readonly prefix: string;
}

/** A nixpkgs that was read as far as a run needs it. */
export interface Nixpkgs {
  /** Absolute path. */
  readonly folder: string;
  /** For the header of the output: `nixpkgs 18.03 (commit 0123456789ab)`. */
  readonly title: string;
  /** The revision alone: `commit 0123456789ab`. */
  readonly revision: string;
  readonly release: StatedRelease | null;
  /** In order of implementation and version, one of each. */
  readonly interpreters: readonly Interpreter[];
  /** X.Y of `python3`; null where there is none. */
  readonly python3: string | null;
  /** The names of nixpkgs itself. */
  readonly systemNames: ReadonlySet<string>;
  /** Those of the paths with dots that tables of ours name which lead to something. */
  readonly systemPaths: ReadonlySet<string>;
  /** The names in `lib.licenses`; empty where they cannot be read. */
  readonly licences: ReadonlySet<string>;
  /** The Python sets of some interpreters, in their order. */
  pythonSets(interpreters: readonly Interpreter[]): Promise<readonly SetRecord[]>;
  /** What packages of its sets say of themselves, in the order of the paths: null where they say nothing. */
  descriptions(paths: readonly PackagePath[]): Promise<readonly (string | null)[]>;
}

/** What reading a nixpkgs takes. */
export interface NixpkgsReading {
  /** Of the process: PATH has Nix. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Records by revision are kept here. */
  readonly cache: CacheStore;
  readonly onProgress: ProgressSink;
  /** What the revision is called where it is not the folder that tells, for example that of a flake. */
  readonly title?: string;
}

/**
 * Reads what a nixpkgs is, from the cache where this revision was read before. Its Python sets are read when they are asked for. `folder` is absolute.
 * Throws UserError E_NIX_MISSING (exit 69), and E_BAD_NIXPKGS (exit 1) for what is no nixpkgs or what Nix cannot evaluate.
 */
export async function readNixpkgs(folder: string, reading: NixpkgsReading): Promise<Nixpkgs> {
  const { environment, cache, onProgress } = reading;
  // Before all its files are looked at: a folder that is no nixpkgs may be as large as a disk.
  await readFile(path.join(folder, 'default.nix')).catch(async (cause: unknown) => {
    throw notNixpkgs(folder, (await isFolder(folder)) ? 'there is no default.nix in it' : whyUnreadable(cause));
  });
  const revision = await revisionOf(folder, environment).catch((cause: unknown) => {
    throw notNixpkgs(folder, whyUnreadable(cause));
  });
  const records = recordsOf(revision.key, cache);
  const run = { environment, directory: folder };

  const filed = await statedRelease(folder);
  const kept = await records.get('overview', readOverview);
  if (kept === null) onProgress({ kind: 'phase', text: 'reading the nixpkgs' });
  const overview = kept ?? (await overviewOf(folder, run, filed === null));
  if (kept === null) records.put('overview', overview);
  const release = filed ?? stated(overview.release);
  const interpreters = interpretersOf(overview.interpreters);
  const known = overview.interpreters.find(({ attribute }) => attribute === 'python3')?.version ?? null;

  async function evaluatedSets(wanted: readonly Interpreter[]): Promise<readonly SetRecord[]> {
    const groups = dealt(wanted, overview.names.length);
    const sets: SetRecord[] = [];
    for (let start = 0; start < groups.length; start += AT_A_TIME) {
      const read = await Promise.all(groups.slice(start, start + AT_A_TIME).map(evaluatedTogether));
      sets.push(...read.flat());
    }
    return sets;
  }

  async function evaluatedTogether(wanted: readonly Interpreter[]): Promise<readonly SetRecord[]> {
    const attributes = wanted.map(({ attribute }) => attribute);
    onProgress({ kind: 'phase', text: `reading the packages of ${joinWords(attributes)}` });
    const found = await evaluateIsolated({
      text: PYTHON_SETS,
      arguments: { nixpkgs: folder, interpreters: JSON.stringify(attributes) },
      ...run,
    }).catch((thrown: unknown) => {
      throw unreadable(folder, `the Python packages of ${joinWords(attributes)}`, thrown);
    });
    const members = v.parse(v.array(MemberOfSet), found.values);
    return wanted.map(({ attribute, prefix }) => {
      const unreadable = found.skipped.flatMap(([member = '', set]) => (set === attribute ? [member] : []));
      const own = members.filter(({ interpreter }) => interpreter === attribute);
      return setRecordOf(own, { prefix, unreadable });
    });
  }

  return {
    folder,
    title: `nixpkgs ${release === null ? '' : `${release.release}${release.isBefore ? 'pre' : ''} `}(${reading.title ?? revision.title})`,
    revision: reading.title ?? revision.title,
    release,
    interpreters,
    python3: known,
    systemNames: new Set(overview.names),
    systemPaths: new Set(overview.paths),
    licences: new Set(overview.licences),
    async pythonSets(wanted) {
      const inOrder = interpreters.filter((each) => wanted.some(({ attribute }) => attribute === each.attribute));
      // What stops Nix in one set counts in those that are read with it: so the records of a run belong together.
      const what = `sets ${inOrder.map(({ attribute }) => attribute).join(' ')}`;
      const kept = await records.get(what, readSetRecords);
      const sets = kept?.length === inOrder.length ? kept : await evaluatedSets(inOrder);
      if (sets !== kept) records.put(what, sets);
      return wanted.flatMap(({ attribute }) => sets[inOrder.findIndex((each) => each.attribute === attribute)] ?? []);
    },
    async descriptions(paths) {
      const what = `descriptions ${createHash('sha256').update(JSON.stringify(paths)).digest('hex')}`;
      const kept = await records.get(what, readKeptDescriptions);
      if (kept?.length === paths.length) return kept;
      onProgress({
        kind: 'phase',
        text: `reading what ${countOf(paths.length, 'package')} of the nixpkgs say of themselves`,
      });
      const read = await readDescriptions(folder, paths, environment);
      records.put(what, read);
      return read;
    },
  };
}

/** Processes of Nix. */
const AT_A_TIME = 2;

/**
 * Sets that are read in one process share what Nix parses, a third of the time; their packages stay in memory together, for a large nixpkgs a gigabyte for each set.
 * So a process reads several sets of a small nixpkgs (18.03 has 12,000 names), and one of a large one (2026 has 25,000).
 */
function dealt(interpreters: readonly Interpreter[], names: number): readonly (readonly Interpreter[])[] {
  const most = Math.max(1, Math.floor(NAMES_IN_MEMORY / names));
  const size = Math.min(most, Math.ceil(interpreters.length / AT_A_TIME));
  const groups: (readonly Interpreter[])[] = [];
  for (let start = 0; start < interpreters.length; start += size) groups.push(interpreters.slice(start, start + size));
  return groups;
}

const NAMES_IN_MEMORY = 45_000;

/** Other expressions read other things. */
const TEXTS = createHash('sha256')
  .update([DESCRIPTIONS, OVERVIEW, PATHS, PYTHON_SETS, RELEASE, ...NESTED_SYSTEM_PATHS].join('\0'))
  .digest('hex')
  .slice(0, 16);

/** What the cache has of one revision. */
function recordsOf(revision: string, cache: CacheStore): Records {
  const keyOf = (what: string): string => `${revision} ${TEXTS} ${process.platform} ${process.arch} ${what}`;
  return {
    async get<Value>(what: string, read: (value: unknown) => Value | null): Promise<Value | null> {
      const record = await cache.get('nixpkgs', keyOf(what));
      return record === null ? null : read(record.value);
    },
    put(what: string, value: unknown): void {
      void cache.put('nixpkgs', keyOf(what), value);
    },
  };
}

interface Records {
  get<Value>(what: string, read: (value: unknown) => Value | null): Promise<Value | null>;
  put(what: string, value: unknown): void;
}

function readKeptDescriptions(value: unknown): readonly (string | null)[] | null {
  const read = v.safeParse(v.array(v.nullable(v.string())), value);
  return read.success ? read.output : null;
}

const MemberOfSet = v.looseObject({ interpreter: v.string() });

const EvaluatedInterpreter = v.object({
  attribute: v.string(),
  version: v.nullable(v.string()),
  prefix: v.nullable(v.string()),
  hasSet: v.boolean(),
});

const EvaluatedOverview = v.object({
  names: v.array(v.string()),
  licences: v.array(v.string()),
  interpreters: v.array(v.nullable(EvaluatedInterpreter)),
});

const Overview = v.object({
  release: v.nullable(v.string()),
  names: v.array(v.string()),
  licences: v.array(v.string()),
  paths: v.array(v.string()),
  interpreters: v.array(
    v.object({ attribute: v.string(), version: v.string(), prefix: v.string(), hasSet: v.boolean() }),
  ),
});
type Overview = v.InferOutput<typeof Overview>;

function readOverview(value: unknown): Overview | null {
  const read = v.safeParse(Overview, value);
  return read.success ? read.output : null;
}

type Run = { readonly environment: NixpkgsReading['environment']; readonly directory: string };

/** `asksRelease`: no file tells it, but `lib` may. */
async function overviewOf(folder: string, run: Run, asksRelease: boolean): Promise<Overview> {
  const given = ['--argstr', 'nixpkgs', folder];
  const evaluated = await tryEvaluateJson(OVERVIEW, { ...run, arguments: given });
  if (!evaluated.ok) throw unreadable(folder, 'it', evaluated.error);
  const found = v.safeParse(EvaluatedOverview, evaluated.value);
  if (!found.success) throw notNixpkgs(folder, 'it does not evaluate to a set of packages');
  const interpreters = found.output.interpreters.flatMap((each) => {
    if (each === null || each.version === null || each.prefix === null) return [];
    const { attribute, version, prefix, hasSet } = each;
    return isAttributeName(attribute) && IS_PYTHON.test(version) ? [{ attribute, version, prefix, hasSet }] : [];
  });
  if (!interpreters.some(({ hasSet }) => hasSet))
    throw notNixpkgs(folder, 'it has no interpreter with a set of Python packages');
  const [release, paths] = await Promise.all([
    asksRelease ? tryEvaluateJson(RELEASE, { ...run, arguments: given }) : null,
    evaluateIsolated({
      text: PATHS,
      arguments: { nixpkgs: folder, paths: JSON.stringify(NESTED_SYSTEM_PATHS) },
      ...run,
    }).catch((thrown: unknown) => {
      throw unreadable(folder, 'its libraries', thrown);
    }),
  ]);
  return {
    release: release?.ok === true ? releaseIn(release.value) : null,
    names: found.output.names.filter(isAttributeName),
    licences: found.output.licences.filter(isAttributeName),
    paths: v.parse(v.array(v.nullable(v.string())), paths.values).flatMap((found) => found ?? []),
    interpreters,
  };
}

const IS_PYTHON = /^[23]\.\d{1,2}$/u;

function stated(release: string | null): StatedRelease | null {
  return release === null ? null : { release, isBefore: false };
}

/** Several attributes lead to one interpreter (`python3`, `python313`): the one that names its version is taken. */
function interpretersOf(found: Overview['interpreters']): Interpreter[] {
  const byKind = new Map<string, Interpreter>();
  for (const { attribute, version, prefix, hasSet } of found) {
    if (!hasSet) continue;
    const implementation: Implementation = attribute.startsWith('pypy') ? 'pypy' : 'cpython';
    const kind = `${implementation} ${version}`;
    const other = byKind.get(kind);
    if (other !== undefined && other.attribute.length >= attribute.length) continue;
    byKind.set(kind, { attribute, version, implementation, prefix });
  }
  return [...byKind.values()].sort(
    (a, b) =>
      Number(a.implementation === 'pypy') - Number(b.implementation === 'pypy') ||
      compareVersions(parseVersion(a.version), parseVersion(b.version)),
  );
}

function unreadable(folder: string, what: string, thrown: unknown): unknown {
  if (!(thrown instanceof UserError) || thrown.code !== 'E_NIX_EVALUATION') return thrown;
  return new UserError('E_BAD_NIXPKGS', `${folder}: ${what} cannot be read. ${thrown.message}`, {
    hint: HINT,
    cause: thrown,
  });
}

async function isFolder(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() === true;
}

function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT') return 'there is no such folder';
  if (code === 'ENOTDIR') return 'it is no folder';
  return cause instanceof Error ? cause.message : String(cause);
}

function notNixpkgs(folder: string, why: string): UserError {
  return new UserError('E_BAD_NIXPKGS', `${folder} is no nixpkgs: ${why}`, { hint: HINT });
}

const HINT =
  'give --nixpkgs the folder of a nixpkgs checkout, <nixpkgs> for that of NIX_PATH, or a flake reference such as github:NixOS/nixpkgs/nixos-25.05';
