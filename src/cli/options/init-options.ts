import { Option } from 'commander';
import type { ManifestOptions } from '../../repository/manifest-options.ts';
import { defineCommand, type Given, type MessageOptions, usage } from './command.ts';
import { type KeptFlags, keptOptions, keptTable } from './kept-options.ts';
import { messageTable } from './resolving-options.ts';

/** What the command line of `init` says, decoded. */
export interface InitOptions extends MessageOptions {
  /** The folder; null: the working directory. */
  readonly folder: string | null;
  /** What the manifest keeps. */
  readonly kept: ManifestOptions;
  readonly dryRun: boolean;
  readonly diff: boolean;
}

interface InitFlags extends KeptFlags {
  readonly color: MessageOptions['color'];
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
}

export const initCommand = defineCommand({
  name: 'init',
  summary: 'start a repository of packages in a folder',
  usage: '[DIR] [options]',
  words: { name: 'dir', text: 'the folder (default: this one)' },
  table: () => [
    ...keptTable(),
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
  const named = environment.PYPI2NIX_NIXPKGS ?? '';
  const nixpkgs = flags.nixpkgs ?? (named === '' ? undefined : named);
  if (others.length > 0) throw usage(`one folder is started at a time, not ${words.length}`, command);
  return {
    folder: folder ?? null,
    kept: keptOptions({ ...flags, ...(nixpkgs === undefined ? {} : { nixpkgs }) }),
    dryRun: flags.dryRun,
    diff: flags.diff,
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
  };
}
