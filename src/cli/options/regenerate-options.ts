import { defineCommand, type Given } from './command.ts';
import {
  decodeRepository,
  REPOSITORY_RULES,
  type RepositoryFlags,
  type RepositoryOptions,
  repositoryTable,
} from './repository-options.ts';
import { messageTable } from './resolving-options.ts';

/** What the command line of `regenerate` says, decoded. */
export interface RegenerateCommandOptions extends RepositoryOptions {
  /** Names of the packages that are written alone; none: all files. */
  readonly names: readonly string[];
}

export const regenerateCommand = defineCommand({
  name: 'regenerate',
  summary: 'write the expressions of a repository again, from its lock file and overrides',
  usage: '[NAME...] [options]',
  words: { name: 'names', text: 'packages whose files are written alone (default: all files)' },
  table: () => [...repositoryTable(), ...messageTable()],
  rules: REPOSITORY_RULES,
  examples: [
    'pypi2nix regenerate                                 after a change of an override, for example',
    'pypi2nix regenerate --dry-run --diff                what it would change',
  ],
  decode: (flags: RepositoryFlags, { words }: Given): RegenerateCommandOptions => ({
    ...decodeRepository(flags),
    names: words,
  }),
  load: async () => (await import('../repository/regenerate.ts')).regenerate,
});
