import { Option } from 'commander';
import type { ManifestOptions } from '../../repository/manifest-options.ts';
import { defineCommand, type Given, type MessageOptions, usage } from './command.ts';
import { choiceTable, indexTable, messageTable, type ResolvingFlags, readingTable } from './resolving-options.ts';
import { collect } from './values.ts';
import { type WidthFlags, widthTable } from './width-options.ts';

/** What the command line of `init` says, decoded. */
export interface InitOptions extends MessageOptions {
  /** The folder; null: the working directory. */
  readonly folder: string | null;
  /** What the manifest keeps. */
  readonly kept: ManifestOptions;
  readonly dryRun: boolean;
  readonly diff: boolean;
}

interface InitFlags extends ResolvingFlags, WidthFlags {
  readonly hash?: 'sri' | 'hex' | 'base32';
  readonly maintainer: readonly string[];
  readonly dryRun: boolean;
  readonly diff: boolean;
}

/** Options of a single run: a repository does not keep them. */
const OF_A_RUN: ReadonlySet<string | undefined> = new Set(['--offline', '--refresh', '--jobs', '--prefer']);

export const initCommand = defineCommand({
  name: 'init',
  summary: 'start a repository of packages in a folder',
  usage: '[DIR] [options]',
  words: { name: 'dir', text: 'the folder (default: this one)' },
  table: () => [
    ...[...widthTable(), ...choiceTable(), ...readingTable(), ...indexTable()].filter(
      ({ long }) => !OF_A_RUN.has(long),
    ),
    new Option('-c, --constraint <file>', 'versions that nothing may leave, from a file in pip’s format')
      .argParser(collect)
      .default([]),
    new Option('--hash <form>', 'how hashes are written (default: as the release writes them)').choices([
      'sri',
      'hex',
      'base32',
    ]),
    new Option('--maintainer <handle>', 'a maintainer for meta.maintainers, several times for several')
      .argParser(collect)
      .default([]),
    new Option('--dry-run', 'write nothing, and tell what would be written').default(false),
    new Option('--diff', 'print what changes as a diff').default(false),
    ...messageTable(),
  ],
  rules: [
    { kind: 'exclude', options: ['quiet', 'verbose'] },
    { kind: 'exclude', options: ['with-checks', 'no-checks'] },
  ],
  examples: ['pypi2nix init my-packages --release 25.05', 'cd my-packages && pypi2nix add toolz && nix-shell'],
  decode,
  load: async () => (await import('../repository/init.ts')).init,
});

function decode(flags: InitFlags, { words, command, environment }: Given): InitOptions {
  const [folder, ...others] = words;
  if (others.length > 0) throw usage(`one folder is started at a time, not ${words.length}`, command);
  return {
    folder: folder ?? null,
    kept: keptOptions(flags, environment),
    dryRun: flags.dryRun,
    diff: flags.diff,
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
  };
}

/** Only what differs from what holds anyway. */
function keptOptions(flags: InitFlags, environment: Given['environment']): ManifestOptions {
  const named = environment.PYPI2NIX_NIXPKGS ?? '';
  const nixpkgs = flags.nixpkgs ?? (named === '' ? undefined : named);
  const texts = (values: readonly string[] | undefined): string[] => [...(values ?? [])];
  const all: ManifestOptions = {
    release: flags.release,
    nixpkgs,
    python: texts(flags.python),
    platform: texts(flags.platform),
    deps: flags.deps === 'missing' ? undefined : flags.deps,
    bootstrap: flags.bootstrap || undefined,
    extras: texts(flags.extras),
    'with-checks': flags.withChecks === true || undefined,
    'no-checks': !flags.checks || undefined,
    format: flags.format === 'sdist' ? undefined : flags.format,
    resolution: flags.resolution === 'highest' ? undefined : flags.resolution,
    'as-of': flags.asOf,
    pre: flags.pre || undefined,
    constraint: texts(flags.constraint),
    overrides: texts(flags.overrides),
    'index-url': flags.indexUrl,
    'extra-index-url': texts(flags.extraIndexUrl),
    'find-links': texts(flags.findLinks),
    'no-index': !flags.index || undefined,
    hash: flags.hash,
    maintainer: texts(flags.maintainer),
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}
