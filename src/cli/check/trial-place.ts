import { existsSync } from 'node:fs';
import path from 'node:path';
import { STATE_FOLDER } from '../../repository/output-path.ts';

/** Where `check --fix` keeps what it has not judged yet, relative to the repository. By its name it is volatile, and it keeps itself out of version control. */
export const TRIAL_FOLDER = `${STATE_FOLDER}/tmp-fix`;

/** The file in it. */
export const TRIAL_JOURNAL = 'journal.json';

/** Whether a run of `check --fix` tries rules in a repository, or was ended while it did. */
export function hasTrial(repository: string): boolean {
  return existsSync(path.join(repository, TRIAL_FOLDER, TRIAL_JOURNAL));
}
