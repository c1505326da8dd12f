import { defineCommand, type Given, usage } from './command.ts';
import {
  decodeRepository,
  REPOSITORY_RULES,
  type RepositoryFlags,
  type RepositoryOptions,
  repositoryTable,
} from './repository-options.ts';
import { messageTable } from './resolving-options.ts';

/** What the command line of `remove` says, decoded. */
export interface RemoveOptions extends RepositoryOptions {
  /** Names of projects, or folders as the manifest has them; at least one. */
  readonly names: readonly string[];
}

export const removeCommand = defineCommand({
  name: 'remove',
  summary: 'take projects out of a repository, with what only they needed',
  usage: 'NAME... [options]',
  words: { name: 'names', text: 'projects that pypi2nix.toml asks for' },
  table: () => [...repositoryTable(), ...messageTable()],
  rules: REPOSITORY_RULES,
  examples: ['pypi2nix remove celery'],
  decode(flags: RepositoryFlags, { words, command }: Given): RemoveOptions {
    if (words.length === 0) throw usage('no name is given: name a project that pypi2nix.toml asks for', command);
    return { ...decodeRepository(flags), names: words };
  },
  load: async () => (await import('../repository/remove.ts')).remove,
});
