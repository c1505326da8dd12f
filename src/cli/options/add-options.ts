import { Option } from 'commander';
import { defineCommand, type Given } from './command.ts';
import {
  decodeRepository,
  REPOSITORY_RULES,
  type RepositoryFlags,
  type RepositoryOptions,
  repositoryTable,
} from './repository-options.ts';
import { messageTable } from './resolving-options.ts';
import { collect, filled } from './values.ts';

/** What the command line of `add` says, decoded. */
export interface AddOptions extends RepositoryOptions {
  /** As they are written; paths are of the working directory. None: what the manifest asks for is resolved again. */
  readonly requirements: readonly string[];
  /** Folders of projects that are worked on. */
  readonly develop: readonly string[];
  readonly refresh: boolean;
  /** Kept in the manifest; null and empty: as it is there. */
  readonly indexUrl: string | null;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly pre: boolean;
}

interface AddFlags extends RepositoryFlags {
  readonly develop: readonly string[];
  readonly refresh: boolean;
  readonly indexUrl?: string;
  readonly extraIndexUrl: readonly string[];
  readonly findLinks: readonly string[];
  readonly pre: boolean;
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
    new Option('--index-url <url>', 'the package index from now on').argParser(filled),
    new Option('--extra-index-url <url>', 'a further index from now on').argParser(collect).default([]),
    new Option('--find-links <where>', 'a folder or page with archives from now on').argParser(collect).default([]),
    new Option('--pre', 'allow pre-releases from now on').default(false),
    ...repositoryTable(),
    new Option('--refresh', 'ask the index again although the cache is fresh').default(false),
    ...messageTable(),
  ],
  rules: [...REPOSITORY_RULES, { kind: 'exclude', options: ['offline', 'refresh'] }],
  examples: [
    "pypi2nix add 'celery[redis]>=5' ./local-project",
    'pypi2nix add --develop ./my-project                 and nix-shell imports it from there',
    'pypi2nix add                                        after an edit of pypi2nix.toml',
  ],
  decode: (flags: AddFlags, { words }: Given): AddOptions => ({
    ...decodeRepository(flags),
    requirements: words,
    develop: flags.develop,
    refresh: flags.refresh,
    indexUrl: flags.indexUrl ?? null,
    extraIndexUrls: flags.extraIndexUrl,
    findLinks: flags.findLinks,
    pre: flags.pre,
  }),
  load: async () => (await import('../repository/add.ts')).add,
});
