import { compareText, sortedUnique } from '../base/text.ts';
import { type GeneratedFile, generatedText } from './generated-record.ts';
import { mergeTexts } from './merge-texts.ts';
import { PROPOSAL_ENDING } from './output-path.ts';

/** What is on the disk under a path of a repository. */
export type OnDisk =
  | { readonly kind: 'absent' }
  /** `text` is null where the bytes are no UTF-8. */
  | { readonly kind: 'file'; readonly sha256: string; readonly text: string | null }
  /** Something that is never overwritten: a clause such as `is a folder`. */
  | { readonly kind: 'obstacle'; readonly what: string };

/** A file as it is generated now. */
export interface GeneratedText {
  readonly text: string;
  /** Nothing else in the repository refers to it: where the user has deleted it, it stays away, and a file of theirs stands in for it. */
  readonly isOptional?: boolean;
}

/** What becomes of one path. */
export type FileOutcome =
  | 'created'
  /** It was deleted by hand, and is needed. */
  | 'restored'
  | 'replaced'
  | 'unchanged'
  /** Edited by hand, and nothing of it is generated in another way than before. */
  | 'kept'
  /** Edited by hand, and what is generated now differs in other places. */
  | 'merged'
  /** Edited by hand where what is generated now differs: the file stays, and the proposal lies beside it. */
  | 'conflict'
  | 'removed'
  /** Nothing refers to it any more, and it stays because it was edited by hand. */
  | 'orphaned'
  /** It was deleted by hand, and nothing needs it. */
  | 'declined'
  /** Somebody else's file stands in for it. */
  | 'foreign';

/** A path that is not written. */
export interface BlockedPath {
  readonly path: string;
  /** A clause, for example `was not written by pypi2nix`. */
  readonly why: string;
  /** Whether `force` overwrites it. */
  readonly forcible: boolean;
}

/** A file that gets another text, or goes. */
export interface FileChange {
  readonly path: string;
  /** Null: it goes. */
  readonly text: string | null;
  /** Digest of what is there now; null when nothing is. */
  readonly before: string | null;
  /** What is there now; null when nothing is, or no text. */
  readonly beforeText: string | null;
}

/** What writing would do, paths in order. Nothing at all is written while something is blocked. */
export interface WritePlan {
  readonly outcomes: ReadonlyMap<string, FileOutcome>;
  readonly changes: readonly FileChange[];
  readonly blocked: readonly BlockedPath[];
  /** The record of generated files after that. */
  readonly record: ReadonlyMap<string, GeneratedFile>;
}

export interface PlanRequest {
  readonly files: ReadonlyMap<string, GeneratedText>;
  /** By path; paths that are missing are absent. */
  readonly disk: ReadonlyMap<string, OnDisk>;
  /** The files as they were generated last. */
  readonly generated: ReadonlyMap<string, GeneratedFile>;
  /** Whether a file that was generated earlier and is not among `files` has to go. */
  readonly isOrphan: (path: string) => boolean;
  /** Also overwrite files that others wrote or changed. */
  readonly force: boolean;
}

/** The paths whose state on the disk `planWrite` asks for. */
export function pathsOfPlan(
  files: ReadonlyMap<string, GeneratedText>,
  generated: ReadonlyMap<string, GeneratedFile>,
): readonly string[] {
  return sortedUnique([...files.keys(), ...generated.keys()].flatMap((path) => [path, proposalOf(path)]));
}

/** Where the proposal for a file lies. */
function proposalOf(path: string): string {
  return `${path}${PROPOSAL_ENDING}`;
}

/**
 * Compares new files with what is on the disk and what was generated last. A file that is as it was generated is replaced, one that was edited by hand is merged
 * (`mergeTexts`), one of somebody else is left alone.
 *
 * Where hand edits and generated changes meet, the file stays and the new text lies beside it as a proposal, until the edit fits what is generated, or the user
 * deletes the proposal: then what it said counts as known, and the file stays as they made it.
 */
export function planWrite(request: PlanRequest): WritePlan {
  const { files, generated } = request;
  const planned = sortedUnique([...files.keys(), ...generated.keys()]).map((path) => planFile(path, request));
  const changes = planned.flatMap((each) => each.changes);
  return {
    outcomes: new Map(planned.flatMap(({ path, outcome }) => (outcome === null ? [] : [[path, outcome]]))),
    changes: changes.sort((a, b) => compareText(a.path, b.path)),
    blocked: planned.flatMap(({ blocked }) => blocked),
    record: new Map(planned.flatMap(({ path, record }) => (record === null ? [] : [[path, record]]))),
  };
}

interface PlannedFile {
  readonly path: string;
  /** Null: nothing is to be said of it. */
  readonly outcome: FileOutcome | null;
  readonly changes: readonly FileChange[];
  readonly blocked: readonly BlockedPath[];
  readonly record: GeneratedFile | null;
}

const ABSENT: OnDisk = { kind: 'absent' };

function planFile(path: string, request: PlanRequest): PlannedFile {
  const made = request.files.get(path);
  const known = request.generated.get(path) ?? null;
  return made === undefined ? planEarlier(path, known, request) : planMade({ path, made, known }, request);
}

/** A file that was generated earlier and is not generated now. */
function planEarlier(path: string, known: GeneratedFile | null, { disk, isOrphan, force }: PlanRequest): PlannedFile {
  const there = disk.get(path) ?? ABSENT;
  const nothing = { path, outcome: null, changes: [], blocked: [], record: known };
  if (known === null || !isOrphan(path)) return nothing;
  if (there.kind === 'absent') return { ...nothing, record: null };
  if (there.kind === 'obstacle' || (there.sha256 !== known.sha256 && !force))
    return { ...nothing, outcome: 'orphaned' };
  return { ...nothing, outcome: 'removed', changes: [changeOf(path, there, null)], record: null };
}

function planMade(
  { path, made, known }: { readonly path: string; readonly made: GeneratedText; readonly known: GeneratedFile | null },
  { disk, force }: PlanRequest,
): PlannedFile {
  const there = disk.get(path) ?? ABSENT;
  const isOptional = made.isOptional === true;
  const written = (outcome: FileOutcome, text: string): PlannedFile => ({
    path,
    outcome,
    changes: [...(isText(there, text) ? [] : [changeOf(path, there, text)]), ...withoutProposal(path, known, disk)],
    blocked: [],
    record: generatedText(made.text),
  });
  const left = (outcome: FileOutcome, record: GeneratedFile | null): PlannedFile => ({
    path,
    outcome,
    changes: [],
    blocked: [],
    record,
  });
  if (there.kind === 'absent') {
    if (known === null) return written('created', made.text);
    return isOptional && !force ? left('declined', generatedText(made.text)) : written('restored', made.text);
  }
  if (there.kind === 'obstacle') {
    if (isOptional && known === null) return left('foreign', null);
    return { ...left('unchanged', known), outcome: null, blocked: [{ path, why: there.what, forcible: false }] };
  }
  if (isText(there, made.text)) return written('unchanged', made.text);
  if (force) return written('replaced', made.text);
  if (known === null) {
    if (isOptional) return left('foreign', null);
    const why = 'was not written by pypi2nix';
    return { ...left('unchanged', null), outcome: null, blocked: [{ path, why, forcible: true }] };
  }
  if (there.sha256 === known.sha256) return written('replaced', made.text);
  const base = isSettled(path, known, disk) ? (known.proposed ?? null) : known.text;
  const merged =
    base === null || there.text === null ? null : mergeTexts({ base, edited: there.text, generated: made.text });
  if (merged !== null) return written(merged === there.text ? 'kept' : 'merged', merged);
  return conflict({ path, made, known: base === null ? known : generatedText(base, known.proposed), disk });
}

/** The user has deleted the proposal: what it said is known to them. */
function isSettled(path: string, known: GeneratedFile, disk: PlanRequest['disk']): boolean {
  return known.proposed !== undefined && (disk.get(proposalOf(path)) ?? ABSENT).kind === 'absent';
}

function conflict({
  path,
  made,
  known,
  disk,
}: {
  readonly path: string;
  readonly made: GeneratedText;
  readonly known: GeneratedFile;
  readonly disk: PlanRequest['disk'];
}): PlannedFile {
  const beside = proposalOf(path);
  const there = disk.get(beside) ?? ABSENT;
  const record: GeneratedFile = { text: known.text, sha256: known.sha256, proposed: made.text };
  const shared = { path, outcome: 'conflict' as const, blocked: [], record };
  if (isText(there, made.text)) return { ...shared, changes: [] };
  const isOurs =
    there.kind === 'absent' || (there.kind === 'file' && there.text !== null && there.text === known.proposed);
  if (isOurs) return { ...shared, changes: [changeOf(beside, there, made.text)] };
  const why = there.kind === 'obstacle' ? there.what : 'was not written by pypi2nix';
  return { ...shared, changes: [], blocked: [{ path: beside, why, forcible: false }] };
}

/** Takes a proposal away that has done its work. One that the user has changed stays. */
function withoutProposal(path: string, known: GeneratedFile | null, disk: PlanRequest['disk']): FileChange[] {
  if (known?.proposed === undefined) return [];
  const there = disk.get(proposalOf(path)) ?? ABSENT;
  return isText(there, known.proposed) ? [changeOf(proposalOf(path), there, null)] : [];
}

function isText(there: OnDisk, text: string): boolean {
  return there.kind === 'file' && there.text === text;
}

function changeOf(path: string, there: OnDisk, text: string | null): FileChange {
  const before = there.kind === 'file' ? there : { sha256: null, text: null };
  return { path, text, before: before.sha256, beforeText: before.text };
}
