import type { Note } from '../../base/note.ts';
import { EXIT } from '../../base/user-error.ts';
import { noteLines } from '../../report/notes.ts';
import { conflictsOf, outcomeLines } from '../../report/repository-outcomes.ts';
import { holderWords } from '../../repository/lock.ts';
import { type OpenRepository, withRepository } from '../../repository/open-repository.ts';
import type { RepositoryPlan } from '../../repository/plan-repository.ts';
import type { CommandResult } from '../options/command.ts';
import type { RepositoryOptions } from '../options/repository-options.ts';
import type { CommandContext } from '../world.ts';

/** Opens the repository in `directory` as the options say, alone. Throws as `withRepository`. */
export function openFor<T>(
  directory: string,
  {
    options,
    context,
  }: { readonly options: Pick<RepositoryOptions, 'wait' | 'force'>; readonly context: CommandContext },
  work: (repository: OpenRepository) => Promise<T>,
): Promise<T> {
  return withRepository(
    {
      directory,
      waitMs: options.wait ? Number.POSITIVE_INFINITY : 0,
      force: options.force,
      onWait: (holder) => context.onProgress({ kind: 'phase', text: `waiting for ${holderWords(holder)}` }),
    },
    work,
  );
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
