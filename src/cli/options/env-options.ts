import { Option } from 'commander';
import { oneLine } from '../../base/text.ts';
import { ENVIRONMENT_FORMS, type EnvironmentForm, SHELL_FORMS } from '../../nix/environment-request.ts';
import { defineCommand, type Given, usage } from './command.ts';
import type { GenerateOptions } from './generate-options.ts';
import { decodeRepositoryChoice, type RepositoryChoice, repositoryChoiceTable } from './repository-choice.ts';
import {
  choiceTable,
  indexTable,
  messageTable,
  RESOLVING_RULES,
  type ResolvingFlags,
  readingTable,
  requirementTable,
} from './resolving-options.ts';
import { filled, list } from './values.ts';
import { decodeWidth, type WidthFlags, widthTable } from './width-options.ts';

/** What the command line of `env` says, decoded. Its requirements may be names of packages of a repository, and there may be none. */
export interface EnvOptions extends GenerateOptions {
  readonly form: EnvironmentForm;
  /** Packages of nixpkgs that are in the environment too, as they are written. */
  readonly with: readonly string[];
  readonly pure: boolean;
  /** On one line; null: not given. */
  readonly run: string | null;
  readonly name: string;
  /** The attribute of the interpreter in nixpkgs, for example `pypy`; null: that of `pythons`, or the usual one. */
  readonly interpreter: string | null;
  readonly repository: RepositoryChoice;
}

interface EnvFlags extends ResolvingFlags, WidthFlags {
  readonly form: EnvironmentForm;
  readonly with?: readonly string[];
  readonly pure: boolean;
  readonly run?: string;
  readonly name: string;
  readonly interpreter?: string;
  readonly repository?: string | false;
  readonly hash?: 'sri' | 'hex' | 'base32';
}

export const envCommand = defineCommand({
  name: 'env',
  summary: 'an environment with packages: shell.nix, a configuration, a script, a flake',
  usage: '[REQUIREMENT... | NAME...] [options]',
  words: {
    name: 'requirements',
    text: 'names with extras, specifiers and markers; in a repository names of its packages, or nothing for all that it asks for',
  },
  table: () => [
    ...environmentTable(),
    ...requirementTable(),
    ...widthTable(),
    ...choiceTable(),
    new Option('--hash <form>', 'how hashes are written (default: as the release writes them)').choices([
      'sri',
      'hex',
      'base32',
    ]),
    ...readingTable(),
    ...indexTable(),
    ...messageTable(),
  ],
  rules: [
    ...RESOLVING_RULES,
    { kind: 'exclude', options: ['with-checks', 'no-checks'] },
    { kind: 'exclude', options: ['python', 'interpreter'] },
  ],
  examples: [
    'pypi2nix env toolz datashape > shell.nix && nix-shell',
    'pypi2nix env toolz --with ipython --run ipython > shell.nix',
    'pypi2nix env --form nixos --release 25.05 toolz > python-environment.nix',
    'cd my-packages && pypi2nix env --form shebang > script.py',
  ],
  decode,
  load: async () => (await import('../env/env.ts')).env,
});

function environmentTable(): Option[] {
  return [
    new Option('--form <form>', 'how the environment is written down').choices(ENVIRONMENT_FORMS).default('shell'),
    new Option('--with <names>', 'packages of nixpkgs that are in it too, for example ipython,jupyter').argParser(list),
    new Option('--pure', 'a shell that sees nothing of what is installed').default(false),
    new Option('--run <command>', 'the command that the shell is for; with --form shebang the interpreter').argParser(
      filled,
    ),
    new Option(
      '--interpreter <attribute>',
      'another interpreter of nixpkgs, for example pypy, for packages of nixpkgs alone',
    ).argParser(filled),
    new Option('--name <name>', 'what my-env-fun and config-nix call it').argParser(filled).default('python'),
    ...repositoryChoiceTable('a file that stands by itself, also in a repository'),
  ];
}

function decode(flags: EnvFlags, given: Given): EnvOptions {
  const { words, command } = given;
  const { form, pure, name } = flags;
  const run = flags.run ?? null;
  if ((pure || run !== null) && !SHELL_FORMS.has(form))
    throw usage(
      `--run and --pure are for forms that open a shell: ${[...SHELL_FORMS].join(', ')}, not ${form}`,
      command,
    );
  if (run !== null && oneLine(run) !== run)
    throw usage('--run takes a command on one line, without runs of blanks and characters that do not show', command);
  if (!/^[a-z][a-z0-9-]{0,63}$/iu.test(name))
    throw usage(`--name: ${JSON.stringify(name)} is not made of letters, digits and hyphens`, command);
  const interpreter = flags.interpreter ?? null;
  if (interpreter !== null && !/^(?:python|pypy)\d{0,3}$/u.test(interpreter))
    throw usage(
      `--interpreter: ${JSON.stringify(interpreter)} is no interpreter of nixpkgs, such as pypy or pypy310`,
      command,
    );
  const asksNothing = words.length + flags.requirement.length + flags.project.length === 0 && flags.lock === undefined;
  // What a repository asks for, or nothing but packages of nixpkgs, is not on the line; `decodeWidth` wants something.
  const decoded = decodeWidth(flags, asksNothing ? { ...given, words: ['nothing'] } : given);
  return {
    ...decoded,
    requirements: words,
    hash: flags.hash ?? null,
    form,
    with: flags.with ?? [],
    pure,
    run,
    name,
    interpreter,
    repository: decodeRepositoryChoice(flags.repository),
  };
}
