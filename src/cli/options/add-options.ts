import { Option } from 'commander';
import type { ManifestOptions } from '../../repository/manifest-options.ts';
import { defineCommand, type Given } from './command.ts';
import { type KeptFlags, keptOptions, keptTable } from './kept-options.ts';
import {
  decodeRepository,
  REPOSITORY_RULES,
  type RepositoryFlags,
  type RepositoryOptions,
  repositoryTable,
} from './repository-options.ts';
import { messageTable, refreshOption } from './resolving-options.ts';
import { collect } from './values.ts';

/** What the command line of `add` says, decoded. */
export interface AddOptions extends RepositoryOptions {
  /** As they are written; paths are of the working directory. None: what the manifest asks for is resolved again. */
  readonly requirements: readonly string[];
  /** Folders of projects that are worked on. */
  readonly develop: readonly string[];
  readonly refresh: boolean;
  /** Options that the manifest keeps from now on; what is not given stays as it is there. */
  readonly kept: ManifestOptions;
}

interface AddFlags extends RepositoryFlags, Omit<KeptFlags, keyof RepositoryFlags> {
  readonly develop: readonly string[];
  readonly refresh: boolean;
}

export const addCommand = defineCommand({
  name: 'add',
  summary: 'put requirements into a repository; without any, resolve what it asks for',
  usage: '[REQUIREMENT...] [options]',
  words: {
    name: 'requirements',
    text: 'names with extras, specifiers and markers, for example "celery[redis]>=5"; folders, archives and name @ URL',
  },
  table: () => [
    new Option('--develop <dir>', 'a project that you work on: shell.nix takes it from its source tree')
      .argParser(collect)
      .default([]),
    ...keptTable(),
    ...repositoryTable(),
    refreshOption(),
    ...messageTable(),
  ],
  rules: [
    ...REPOSITORY_RULES,
    { kind: 'exclude', options: ['offline', 'refresh'] },
    { kind: 'exclude', options: ['with-checks', 'no-checks'] },
  ],
  examples: [
    "pypi2nix add 'celery[redis]>=5' ./local-project",
    'pypi2nix add --develop ./my-project                 and nix-shell imports it from there',
    'pypi2nix add --release 25.05                        from now on, as all options that pypi2nix.toml keeps',
    'pypi2nix add                                        after an edit of pypi2nix.toml',
  ],
  decode: (flags: AddFlags, { words }: Given): AddOptions => ({
    ...decodeRepository(flags),
    requirements: words,
    develop: flags.develop,
    refresh: flags.refresh,
    kept: keptOptions(flags),
  }),
  load: async () => (await import('../repository/add.ts')).add,
});
