import { join } from 'node:path';
import { compareText, countOf } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { digestOf } from './digest.ts';
import { readDiskState } from './disk-state.ts';
import type { FileSystem } from './file-system.ts';
import {
  EMPTY_RECORD,
  formatGenerated,
  type GeneratedRecord,
  parseGenerated,
  type RecordedPackage,
} from './generated-record.ts';
import { GENERATED_PATH, REQUESTS_PATH } from './journal.ts';
import { checkOutputPaths, isOutputPath, STATE_FOLDER } from './output-path.ts';
import {
  type FileChange,
  type GeneratedText,
  type OnDisk,
  pathsOfPlan,
  planWrite,
  type WritePlan,
} from './write-plan.ts';

/** What a repository is to hold. */
export interface RepositoryTexts {
  /** Generated files by their paths, relative with `/`. */
  readonly files: ReadonlyMap<string, GeneratedText>;
  /** Files that are written as they are, such as the manifest: never merged, and refused where somebody changes them at the same time. */
  readonly own?: ReadonlyMap<string, OwnText>;
  /** Whether a file that was generated earlier and is not among `files` has to go; missing: all stay. */
  readonly isOrphan?: (path: string) => boolean;
  /** For the record; missing: as before. */
  readonly packages?: readonly RecordedPackage[];
  readonly generation?: string | null;
  /** Text of the record of command lines; missing: as before. */
  readonly requests?: string;
}

/** A file of the user that a command changes. */
export interface OwnText {
  readonly text: string;
  /** What was read before; null: nothing was there. */
  readonly before: string | null;
}

/** What writing would do, with all texts; nothing is written yet. */
export interface RepositoryPlan extends Pick<WritePlan, 'outcomes'> {
  /** Files of the repository by path, without this program's own folder. */
  readonly changes: readonly FileChange[];
  /** The same and the records. */
  readonly commits: readonly FileChange[];
}

/**
 * Compares what a repository is to hold with what it holds. `force`: overwrite also what others wrote or changed.
 * Throws UserError E_NOT_OURS (exit 73) with all files that are in the way, and for a file of the user that has changed since it was read.
 */
export async function planRepository(
  texts: RepositoryTexts,
  {
    directory,
    record,
    disk,
    force = false,
  }: {
    readonly directory: string;
    readonly record: GeneratedRecord;
    readonly disk: FileSystem;
    readonly force?: boolean;
  },
): Promise<RepositoryPlan> {
  const own = texts.own ?? new Map<string, OwnText>();
  checkOutputPaths([...texts.files.keys(), ...own.keys()]);
  const states = await readDiskState(disk, directory, [
    ...pathsOfPlan(texts.files, record.files),
    ...own.keys(),
    GENERATED_PATH,
    REQUESTS_PATH,
  ]);
  const plan = planWrite({
    files: texts.files,
    disk: states,
    generated: record.files,
    isOrphan: texts.isOrphan ?? (() => false),
    force,
  });
  refuseBlocked(plan, directory);
  const changed = [...own].flatMap(([path, each]) => ownChange({ path, each, directory }, states));
  const changes = [...plan.changes, ...changed].sort((a, b) => compareText(a.path, b.path));
  const text = formatGenerated({
    files: plan.record,
    packages: texts.packages ?? record.packages,
    generation: texts.generation === undefined ? record.generation : texts.generation,
  });
  const outcomes = new Map(plan.outcomes);
  for (const { path, beforeText } of changed) outcomes.set(path, beforeText === null ? 'created' : 'replaced');
  // A folder in which nothing was generated has no record.
  const isNothing = plan.record.size === 0 && states.get(GENERATED_PATH)?.kind !== 'file' && changes.length === 0;
  const records = [
    ...(isNothing ? [] : [{ path: GENERATED_PATH, text }]),
    ...(texts.requests === undefined ? [] : [{ path: REQUESTS_PATH, text: texts.requests }]),
  ];
  return {
    outcomes,
    changes,
    commits: [...changes, ...records.flatMap((each) => recordChange(each, directory, states))],
  };
}

/**
 * The record of a repository; empty where it has none, and with `force` where it cannot be read.
 * Throws UserError E_BAD_RECORD (exit 65) and E_NOT_OURS (73).
 */
export async function readRecord(
  disk: FileSystem,
  { directory, force = false }: { readonly directory: string; readonly force?: boolean },
): Promise<GeneratedRecord> {
  const path = join(directory, GENERATED_PATH);
  const state = (await readDiskState(disk, directory, [GENERATED_PATH])).get(GENERATED_PATH);
  if (state?.kind === 'obstacle') throw inTheWay(path, state.what);
  if (state === undefined || state.kind === 'absent') return EMPTY_RECORD;
  const record = state.text === null ? null : parseGenerated(state.text);
  // A repository may come from somebody else: paths of its record may lead anywhere.
  if (record !== null) return { ...record, files: new Map([...record.files].filter(([each]) => isOutputPath(each))) };
  if (force) return EMPTY_RECORD;
  throw new UserError('E_BAD_RECORD', `${path} is not readable`, {
    exit: EXIT.data,
    hint: 'it tells which files pypi2nix wrote; restore it, or overwrite all of them with --force',
  });
}

/** Throws UserError E_NOT_OURS (exit 73) where the folder of this program in a repository is something else. */
export async function checkStateFolder(disk: FileSystem, directory: string): Promise<void> {
  const state = join(directory, STATE_FOLDER);
  const kind = await disk.kindOf(state);
  if (kind === null || kind === 'directory') return;
  throw new UserError('E_NOT_OURS', `${state} is no folder of pypi2nix`, {
    exit: EXIT.cannotWrite,
    hint: 'move it away',
  });
}

function ownChange(
  { path, each, directory }: { readonly path: string; readonly each: OwnText; readonly directory: string },
  states: ReadonlyMap<string, OnDisk>,
): FileChange[] {
  const there = states.get(path) ?? { kind: 'absent' };
  const whole = join(directory, path);
  if (there.kind === 'obstacle') throw inTheWay(whole, there.what);
  const sha256 = there.kind === 'file' ? there.sha256 : null;
  if (sha256 !== (each.before === null ? null : digestOf(each.before))) {
    throw new UserError('E_NOT_OURS', `${whole} was changed by somebody else at this moment, nothing is written`, {
      exit: EXIT.cannotWrite,
      hint: 'run the command again',
    });
  }
  if (each.text === each.before) return [];
  return [{ path, text: each.text, before: sha256, beforeText: each.before }];
}

function recordChange(
  { path, text }: { readonly path: string; readonly text: string },
  directory: string,
  states: ReadonlyMap<string, OnDisk>,
): FileChange[] {
  const there = states.get(path) ?? { kind: 'absent' };
  if (there.kind === 'obstacle') throw inTheWay(join(directory, path), there.what);
  const before = there.kind === 'file' ? there : { sha256: null, text: null };
  return before.text === text ? [] : [{ path, text, before: before.sha256, beforeText: before.text }];
}

function inTheWay(whole: string, what: string): UserError {
  return new UserError('E_NOT_OURS', `${whole} ${what}`, { exit: EXIT.cannotWrite, hint: 'move it away' });
}

function refuseBlocked({ blocked }: WritePlan, directory: string): void {
  if (blocked.length === 0) return;
  const lines = blocked.map(({ path, why }) => `  ${join(directory, path)} ${why}`);
  throw new UserError(
    'E_NOT_OURS',
    `${countOf(blocked.length, 'file')} in the way, nothing is written:\n${lines.join('\n')}`,
    {
      exit: EXIT.cannotWrite,
      hint: blocked.every(({ forcible }) => forcible)
        ? 'move them away, or overwrite them with --force'
        : 'move them away; --force overwrites files, never links and folders',
    },
  );
}
