import { Option } from 'commander';
import { defineCommand, type Given, usage } from './command.ts';
import { nixpkgsOption } from './nixpkgs-choice.ts';
import {
  choiceTable,
  decodeResolving,
  indexTable,
  messageTable,
  REQUIREMENT_WORDS,
  RESOLVING_RULES,
  type ResolvingFlags,
  type ResolvingOptions,
  readingTable,
  releaseOfTargets,
  requirementTable,
} from './resolving-options.ts';
import { filled } from './values.ts';

/** What the command line of `lock` says, decoded. Null: not given. */
export interface LockOptions extends ResolvingOptions {
  /** The lock file; null: stdout. */
  readonly output: string | null;
  /** Overwrites an output file that is no lock file. */
  readonly force: boolean;
  /** Whether build requirements are resolved too. */
  readonly withBuilds: boolean;
  /** Whether the versions of an existing output file are forgotten instead of preferred. */
  readonly upgrade: boolean;
}

export const lockCommand = defineCommand({
  name: 'lock',
  summary: 'resolve only: a standard lock file that pip and uv read too',
  usage: 'REQUIREMENT... [options]',
  words: REQUIREMENT_WORDS,
  table: () => [
    ...requirementTable(),
    ...ownTable(),
    ...choiceTable(),
    nixpkgsOption('whose interpreters are the targets, and whose versions --prefer nixpkgs means'),
    releaseOfTargets(),
    ...readingTable(),
    ...indexTable(),
    ...messageTable(),
  ],
  rules: [
    ...RESOLVING_RULES,
    { kind: 'need', option: 'force', oneOf: ['output'] },
    { kind: 'need', option: 'upgrade', oneOf: ['output'] },
    { kind: 'exclude', options: ['lock', 'upgrade'], why: 'the lock file has decided the versions' },
    // Run-time requirements of a lock come from wheels, so without builds no sdist and no rule is looked at.
    { kind: 'need', option: 'format', oneOf: ['with-builds', 'with-checks'] },
    { kind: 'need', option: 'overrides', oneOf: ['with-builds', 'with-checks'] },
  ],
  examples: [
    'pypi2nix lock toolz datashape > pylock.toml         what is needed at run time, for all targets',
    'pypi2nix lock -p pyproject.toml -o pylock.toml      keeps the versions of an earlier pylock.toml',
    'pypi2nix lock -p pyproject.toml -o pylock.toml --upgrade',
  ],
  decode,
  load: async () => (await import('../lock/lock.ts')).lock,
});

/** The flags as commander gives them; each name belongs to an option of the table. */
interface LockFlags extends ResolvingFlags {
  readonly output?: string;
  readonly force: boolean;
  readonly withBuilds: boolean;
  readonly upgrade: boolean;
}

function decode(flags: LockFlags, given: Given): LockOptions {
  const withBuilds = flags.withBuilds || flags.withChecks === true;
  if (flags.lock !== undefined && flags.prefer !== undefined && !withBuilds)
    throw usage(
      '--lock and --prefer exclude each other without --with-builds: the lock file has decided the versions',
      given.command,
    );
  return {
    ...decodeResolving(flags, given),
    output: flags.output ?? null,
    force: flags.force,
    withBuilds,
    upgrade: flags.upgrade,
  };
}

function ownTable(): Option[] {
  return [
    new Option('-o, --output <file>', 'write a file, named pylock.toml or pylock.NAME.toml').argParser(filled),
    new Option('--upgrade', 'with -o: forget the versions of the existing file, which are preferred otherwise').default(
      false,
    ),
    new Option('--force', 'with -o: overwrite a file that is no lock file').default(false),
    new Option('--with-builds', 'resolve build requirements too, which needs every sdist').default(false),
    new Option('--with-checks', 'resolve build requirements and check inputs too').default(false),
  ];
}
