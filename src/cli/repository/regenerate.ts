import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { normalizeName } from '../../pep/name.ts';
import { conflictsOf } from '../../report/repository-outcomes.ts';
import type { SeenRepository } from '../../repository/open-repository.ts';
import type { RepositoryPlan, RepositoryTexts } from '../../repository/plan-repository.ts';
import type { CommandResult } from '../options/command.ts';
import type { RegenerateCommandOptions } from '../options/regenerate-options.ts';
import type { CommandContext } from '../world.ts';
import { composeRepository } from './compose-repository.ts';
import { repositoryRoot } from './repository-folder.ts';
import { readRepositoryLock } from './repository-lock-file.ts';
import { readManifest, USUAL_WORK, type WorkOptions } from './repository-manifest.ts';
import { lookFor, openFor, repositoryResult } from './repository-run.ts';

/** `pypi2nix regenerate`: the expressions of a repository again, from its lock file. Throws UserError for all that the user can cause. */
export async function regenerate(options: RegenerateCommandOptions, context: CommandContext): Promise<CommandResult> {
  const root = repositoryRoot({ directory: context.directory, given: options.repository });
  const { plan, notes } = await regenerateRepository(root, {
    context,
    only: options.names,
    isDry: options.dryRun,
    wait: options.wait,
    force: options.force,
    work: { offline: options.offline, jobs: options.jobs, refresh: false },
  });
  return repositoryResult({ plan, notes }, options);
}

export interface RegenerateOptions {
  readonly context: CommandContext;
  /** Projects whose files alone are written; missing or none: all files. */
  readonly only?: readonly string[];
  /** Whether to plan and write nothing. */
  readonly isDry?: boolean;
  /** Whether to wait for another run in the repository. */
  readonly wait?: boolean;
  /** Whether to overwrite also what others wrote or changed. */
  readonly force?: boolean;
  readonly work?: Partial<WorkOptions>;
}

/** What a regeneration has done, or would do. */
export interface Regenerated {
  readonly plan: RepositoryPlan;
  /** Files where a hand edit and what is generated cannot be brought together. */
  readonly conflicts: readonly string[];
  readonly notes: readonly Note[];
}

/**
 * Writes the expressions of the repository in a folder (absolute) again, from its manifest, lock file and overrides. Hand edits are kept. A second time changes nothing.
 * Throws UserError E_NO_REPOSITORY (exit 2), E_NOT_IN_REPOSITORY (1) for a name in `only`, E_LOCK_OUTDATED (1), E_LOCKED (73), and what generating and writing throw.
 */
export async function regenerateRepository(directory: string, options: RegenerateOptions): Promise<Regenerated> {
  const { wait = false, force = false, isDry = false, context } = options;
  const how = { options: { wait, force }, context };
  const regenerated = async (repository: SeenRepository): Promise<Regenerated> => {
    const manifest = await readManifest(directory);
    const { lock } = await readRepositoryLock(directory, context);
    const work = { ...USUAL_WORK, ...options.work };
    const { texts, notes } = await composeRepository({ root: directory, manifest, lock, work, context });
    const plan = await repository.plan(limited(texts, { only: options.only ?? [], repository }));
    return { plan, conflicts: conflictsOf(plan.outcomes), notes };
  };
  if (isDry) return lookFor(directory, how, regenerated);
  return openFor(directory, how, async (repository) => {
    const made = await regenerated(repository);
    await repository.commit(made.plan);
    return made;
  });
}

/** The files of some packages alone. */
function limited(
  texts: RepositoryTexts,
  { only, repository }: { readonly only: readonly string[]; readonly repository: SeenRepository },
): RepositoryTexts {
  if (only.length === 0) return texts;
  const names = new Set(only.map(normalizeName));
  const unknown = [...names].filter((name) => !texts.files.has(`pkgs/${name}/default.nix`));
  if (unknown.length > 0) {
    throw new UserError('E_NOT_IN_REPOSITORY', `${joinWords(unknown)}: no package of this repository`, {
      exit: EXIT.unmet,
      hint: `pypi2nix add ${unknown.join(' ')} puts it there`,
    });
  }
  const isNamed = (path: string): boolean => {
    const [folder, name = ''] = path.split('/');
    return folder === 'pkgs' && names.has(name);
  };
  return {
    files: new Map([...texts.files].filter(([path]) => isNamed(path))),
    isOrphan: isNamed,
    packages: repository.record.packages,
    generation: repository.record.generation,
  };
}
