import type { Note } from '../../base/note.ts';
import { EXIT } from '../../base/user-error.ts';
import { noteLines } from '../../report/notes.ts';
import { conflictsOf, outcomeLines } from '../../report/repository-outcomes.ts';
import { holderWords } from '../../repository/lock.ts';
import { MANIFEST_PATH } from '../../repository/manifest.ts';
import {
  type OpenOptions,
  type OpenRepository,
  type SeenRepository,
  withRepository,
  withSeenRepository,
} from '../../repository/open-repository.ts';
import type { RepositoryPlan } from '../../repository/plan-repository.ts';
import { hasTrial } from '../check/trial-place.ts';
import type { CommandResult } from '../options/command.ts';
import type { RepositoryOptions } from '../options/repository-options.ts';
import type { CommandContext } from '../world.ts';
import { LOCK_PATH } from './repository-folder.ts';

/** Opens the repository in `directory` as the options say, alone. Throws as `withRepository`. */
export async function openFor<T>(
  directory: string,
  how: OpeningChoices,
  work: (repository: OpenRepository) => Promise<T>,
): Promise<T> {
  // Loaded only then: hardly any run finds a repository in which one of `check --fix` was ended.
  if (hasTrial(directory)) {
    for (const { text } of await (await import('../check/trial.ts')).takeBackUntried(directory))
      how.context.onProgress({ kind: 'phase', text });
  }
  return await withRepository(openOptions(directory, how), work);
}

/** Opens the repository in `directory` for what writes nothing. Throws as `withSeenRepository`. */
export function lookFor<T>(
  directory: string,
  how: OpeningChoices,
  work: (repository: SeenRepository) => Promise<T>,
): Promise<T> {
  // What is tried there counts for nothing, and has to be taken back first.
  if (hasTrial(directory)) return openFor(directory, how, work);
  return withSeenRepository({ ...openOptions(directory, how), basis: [MANIFEST_PATH, LOCK_PATH] }, work);
}

interface OpeningChoices {
  readonly options: Pick<RepositoryOptions, 'wait' | 'force'>;
  readonly context: CommandContext;
}

function openOptions(directory: string, { options, context }: OpeningChoices): OpenOptions {
  return {
    directory,
    waitMs: options.wait ? Number.POSITIVE_INFINITY : 0,
    force: options.force,
    onWait: (holder) => context.onProgress({ kind: 'phase', text: `waiting for ${holderWords(holder)}` }),
  };
}

/** What a command on a repository gives back. The exit code is 1 where a hand edit and what is generated cannot be brought together. */
export async function repositoryResult(
  {
    plan,
    notes,
    head = [],
  }: { readonly plan: RepositoryPlan; readonly notes: readonly Note[]; readonly head?: readonly string[] },
  options: Pick<RepositoryOptions, 'dryRun' | 'diff'>,
): Promise<CommandResult> {
  // Loaded only then: it compares texts.
  const stdout = options.diff ? (await import('../../report/repository-diff.ts')).changesDiff(plan.changes) : '';
  return {
    stdout,
    report: (style) => [
      ...noteLines(uniqueNotes(notes), style),
      ...head,
      ...outcomeLines(plan.outcomes, style, options.dryRun),
    ],
    ...(conflictsOf(plan.outcomes).length === 0 ? {} : { exit: EXIT.unmet }),
  };
}

/** Resolving and generating look at the same releases, and each tells what it finds. */
function uniqueNotes(notes: readonly Note[]): readonly Note[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
