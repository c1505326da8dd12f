import type { Command, Option } from 'commander';
import { joinWords } from '../../base/text.ts';
import { EXIT, type ExitCode, UserError } from '../../base/user-error.ts';
import type { Style } from '../../report/style.ts';
import type { CommandContext } from '../world.ts';

/** What every command takes: how it tells its messages. */
export interface MessageOptions {
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** What a command gives back: the text for stdout, and the lines for stderr in a style. */
export interface CommandResult {
  readonly stdout: string;
  readonly report: (style: Style) => string[];
  /** Missing: 0. For results that say themselves that something is wrong, such as a list of findings. */
  readonly exit?: ExitCode;
}

/** What stands on a command line besides the flags. */
export interface Given {
  /** The words that are no options, without the name of the command. */
  readonly words: readonly string[];
  /** The beginning of the line as far as it says the command: `pypi2nix` or `pypi2nix lock`. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One command as its file describes it. `Flags` is what commander makes of its options, `Options` what the command takes. */
export interface CommandDescription<Name extends string, Flags extends object, Options extends MessageOptions> {
  readonly name: Name;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What stands behind the name in the line `Usage:`. */
  readonly usage: string;
  readonly words: { readonly name: string; readonly text: string };
  /** Every option of the command: what is not among them is wrong use, so nothing is read and then ignored. */
  readonly table: () => readonly Option[];
  readonly rules: readonly OptionRule[];
  /** Lines below the options. */
  readonly examples: readonly string[];
  readonly decode: (flags: Flags, given: Given) => Options;
  /** Loads the command itself, which --help and wrong use do without. */
  readonly load: () => Promise<(options: Options, context: CommandContext) => Promise<CommandResult>>;
}

/** What two options have to do with each other, by their long names without dashes. */
export type OptionRule =
  | { readonly kind: 'exclude'; readonly options: readonly [string, string]; readonly why?: string }
  /** The option has a meaning only where one of the others is given too. */
  | { readonly kind: 'need'; readonly option: string; readonly oneOf: readonly string[] };

/** A command that a line asks for, ready to run. */
export interface CommandInvocation<Name extends string, Options> {
  readonly kind: Name;
  readonly options: Options;
  readonly run: (context: CommandContext) => Promise<CommandResult>;
}

/** A command in the table of all commands, whatever its options are. */
export interface CommandEntry<Name extends string, Options extends MessageOptions> {
  readonly name: Name;
  readonly summary: string;
  readonly usage: string;
  readonly words: { readonly name: string; readonly text: string };
  /** What its first word may be, where that is one of a few; `help COMMAND ACTION` is the help of the command. */
  readonly actions?: readonly string[];
  readonly table: () => readonly Option[];
  readonly examples: readonly string[];
  /** Throws UserError E_USAGE (exit 2) for options that contradict each other and values that mean nothing. */
  readonly read: (parsed: Command, given: Given) => CommandInvocation<Name, Options>;
}

/** Turns the description of a command into its entry in the table. */
export function defineCommand<Name extends string, Flags extends object, Options extends MessageOptions>(
  description: CommandDescription<Name, Flags, Options>,
): CommandEntry<Name, Options> {
  const { name, summary, usage, words, table, examples } = description;
  return {
    name,
    summary,
    usage,
    words,
    table,
    examples,
    read(parsed, given) {
      for (const rule of description.rules) checkRule(rule, parsed, given.command);
      const options = description.decode(parsed.opts<Flags>(), given);
      return { kind: name, options, run: async (context) => (await description.load())(options, context) };
    },
  };
}

/** An error of the command line, which points at the help of the command (`pypi2nix`, `pypi2nix lock`). */
export function usage(message: string, command = 'pypi2nix'): UserError {
  return new UserError('E_USAGE', message, { exit: EXIT.usage, hint: `${command} --help lists the options` });
}

function checkRule(rule: OptionRule, parsed: Command, command: string): void {
  if (rule.kind === 'exclude') {
    const [one, other] = rule.options;
    if (!isGiven(one, parsed) || !isGiven(other, parsed)) return;
    throw usage(`--${one} and --${other} exclude each other${rule.why === undefined ? '' : `: ${rule.why}`}`, command);
  }
  if (!isGiven(rule.option, parsed) || rule.oneOf.some((other) => isGiven(other, parsed))) return;
  const others = rule.oneOf.map((other) => `--${other}`);
  throw usage(`--${rule.option} only has a meaning with ${joinWords(others, 'or')}`, command);
}

function isGiven(long: string, parsed: Command): boolean {
  const option = parsed.options.find((each) => each.long === `--${long}`);
  if (option === undefined) throw new Error(`a rule names --${long}, which is no option of ${parsed.name()}`);
  return parsed.getOptionValueSource(option.attributeName()) === 'cli';
}
