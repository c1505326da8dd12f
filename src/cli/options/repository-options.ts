import { Option } from 'commander';
import type { MessageOptions, OptionRule } from './command.ts';
import { filled, wholeNumber } from './values.ts';

/** What every command that writes a repository takes, decoded. */
export interface RepositoryOptions extends MessageOptions {
  /** The folder of the repository; null: the working directory or the nearest folder around it that is one. */
  readonly repository: string | null;
  /** Whether to wait for another run that writes here. */
  readonly wait: boolean;
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** What changes is printed as a diff. */
  readonly diff: boolean;
  /** Overwrites also files that others wrote or changed. */
  readonly force: boolean;
  readonly offline: boolean;
  readonly jobs: number;
}

/** The flags of `repositoryTable()` as commander gives them. */
export interface RepositoryFlags {
  readonly repository?: string;
  readonly wait: boolean;
  readonly dryRun: boolean;
  readonly diff: boolean;
  readonly force: boolean;
  readonly offline: boolean;
  readonly jobs: number;
  readonly color: MessageOptions['color'];
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Options of the commands that write a repository. */
export function repositoryTable(): Option[] {
  return [
    new Option(
      '--repository <dir>',
      'the folder of the repository (default: this one, or the nearest around it with a pypi2nix.toml)',
    ).argParser(filled),
    new Option('--dry-run', 'write nothing, and tell what would be written').default(false),
    new Option('--diff', 'print what changes as a diff').default(false),
    new Option('--force', 'overwrite also files that are not ours or that you edited').default(false),
    new Option('--wait', 'wait until another run in this repository is done').default(false),
    new Option('--offline', 'use only what is in the cache').default(false),
    new Option('-j, --jobs <number>', 'requests at a time').argParser(wholeNumber(1, 256)).default(16),
  ];
}

export const REPOSITORY_RULES: readonly OptionRule[] = [{ kind: 'exclude', options: ['quiet', 'verbose'] }];

export function decodeRepository(flags: RepositoryFlags): RepositoryOptions {
  const { wait, dryRun, diff, force, offline, jobs, color, quiet, verbose } = flags;
  return { repository: flags.repository ?? null, wait, dryRun, diff, force, offline, jobs, color, quiet, verbose };
}
