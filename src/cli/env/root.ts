import { UserError } from '../../base/user-error.ts';
import type { RepositoryChoice } from '../options/repository-choice.ts';
import { repositoryRoot } from '../repository/repository-folder.ts';

/** The folder of the repository that a command looks at, absolute; null where there is none. Throws UserError E_NO_REPOSITORY (exit 2) for a named folder that is none. */
export function chosenRoot(choice: RepositoryChoice, directory: string): string | null {
  if (choice === null) return null;
  try {
    return repositoryRoot({ directory, given: choice.kind === 'folder' ? choice.folder : null });
  } catch (thrown) {
    const isNone = thrown instanceof UserError && thrown.code === 'E_NO_REPOSITORY';
    if (isNone && choice.kind === 'search') return null;
    throw thrown;
  }
}
