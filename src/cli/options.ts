import { Command, CommanderError, type Option } from 'commander';
import { nearestName } from '../base/nearest-name.ts';
import { UserError } from '../base/user-error.ts';
import { HELP_COLUMNS, helpTail, optionDescription } from './help.ts';
import { type CommandEntry, type CommandInvocation, type MessageOptions, usage } from './options/command.ts';
import { COMMANDS } from './options/commands.ts';
import { findCommand } from './options/find-command.ts';
import { collect, list } from './options/values.ts';

export type { GenerateOptions } from './options/generate-options.ts';
export type { LockOptions } from './options/lock-options.ts';
export type { ResolvingOptions } from './options/resolving-options.ts';
export type { TreeOptions } from './options/tree-options.ts';

type Entry = (typeof COMMANDS)[number];

/** A command line of one command. */
type InvocationOf<Each> =
  Each extends CommandEntry<infer Name, infer Options>
    ? CommandInvocation<Name, Options> & {
        /** The command that the first word may have been meant for, when it was taken for a project. */
        readonly meant: string | null;
        /** The words that are no options. */
        readonly words: readonly string[];
      }
    : never;

/** What a command line asks for: a command with its options, or a text (help, version) to show. */
export type Invocation = InvocationOf<Entry> | { readonly kind: 'text'; readonly text: string };

interface Parsing {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads a command line: `[COMMAND] [WORD...] [OPTION...]` or `help [COMMAND]`. Without a command it is one of `generate`.
 * @throws UserError E_USAGE (exit 2) for unknown options and commands, wrong values, options that exclude each other, and missing arguments.
 */
export function parseArguments(args: readonly string[], { version, environment }: Parsing): Invocation {
  const names = [...COMMANDS.map(({ name }) => name), 'help'];
  const options = COMMANDS.flatMap(({ table }) => table());
  const found = findCommand(args, { names, options });
  if (found.name === 'help') return { kind: 'text', text: helpFor(found.rest, version) };
  const [first] = COMMANDS;
  const entry = COMMANDS.find(({ name }) => name === found.name) ?? first;
  const texts: string[] = [];
  const command = found.name === null ? programOf(first, version) : commandOf(entry);
  command.configureOutput({ writeOut: (text) => texts.push(text), writeErr: () => {} });
  try {
    command.parse(found.rest, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text: texts.join('') };
    throw wrongUse(error, { entry, command: command.name() });
  }
  const meant =
    found.name === null && found.word !== null && !found.rest.includes('--') ? nearestName(found.word, names) : null;
  return {
    ...entry.read(command, { words: command.args, command: command.name(), environment }),
    meant,
    words: command.args,
  };
}

/** The text of `pypi2nix help [COMMAND]`. */
function helpFor(words: readonly string[], version: string): string {
  const [first] = COMMANDS;
  const [name, ...more] = words.filter((word) => !['-h', '--help'].includes(word));
  if (name === undefined) return shown(programOf(first, version));
  const entry = COMMANDS.find((each) => each.name === name);
  const actions: readonly string[] = entry?.actions ?? [];
  const isAction = more.length === 1 && more.every((word) => actions.includes(word));
  if (entry !== undefined && (more.length === 0 || isAction)) return shown(commandOf(entry));
  if (entry !== undefined) throw usage(`help explains one command, not ${more.length + 1}`);
  const nearest = nearestName(
    name,
    COMMANDS.map((each) => each.name),
  );
  throw usage(`there is no command ${JSON.stringify(name)}${nearest === null ? '' : `. Did you mean ${nearest}?`}`);
}

function shown(command: Command): string {
  const texts: string[] = [];
  command.configureOutput({ writeOut: (text) => texts.push(text) }).outputHelp();
  return texts.join('');
}

/** The parser of one command. */
function commandOf(entry: CommandEntry<string, MessageOptions>, name = `pypi2nix ${entry.name}`): Command {
  const command = new Command(name)
    .description(entry.summary)
    .argument(`[${entry.words.name}...]`, entry.words.text)
    .helpOption('-h, --help', 'show this help')
    .usage(entry.usage)
    .exitOverride()
    .addHelpText('after', helpTail(entry.examples))
    .configureOutput({ getOutHelpWidth: () => HELP_COLUMNS, getOutHasColors: () => false })
    .configureHelp({ optionDescription });
  for (const option of entry.table()) {
    command.addOption(option);
    if (option.required && !isRepeatable(option)) refuseTwice(option, command);
  }
  return command;
}

function isRepeatable({ parseArg }: Option): boolean {
  return REPEATABLE.some((parse) => parse === parseArg);
}

const REPEATABLE: readonly unknown[] = [collect, list];

/** The last one would count, and the other be passed over in silence. */
function refuseTwice(option: Option, command: Command): void {
  let isGiven = false;
  command.on(`option:${option.name()}`, () => {
    if (isGiven) throw usage(`--${option.name()} is given twice, and takes one value`, command.name());
    isGiven = true;
  });
}

/** The parser of a line without a command: that of the default one, but its help is the first that anybody asks for and names the others. */
function programOf(entry: CommandEntry<string, MessageOptions>, version: string): Command {
  const others = [
    ...COMMANDS.map(({ name, summary }) => new Command(name).description(summary)),
    new Command('help').description('this text, or with the name of a command its own'),
  ];
  return commandOf(entry, 'pypi2nix')
    .description('Turns Python requirements into Nix expressions that build unedited.')
    .usage(`[COMMAND] ${entry.usage}`)
    .version(version, '-V, --version', 'show the version')
    .configureHelp({
      optionDescription,
      visibleCommands: () => others,
      subcommandTerm: (command) => command.name(),
    });
}

/** What commander finds wrong, with the help of the command at hand, and the commands that know an option which this one does not. */
function wrongUse(error: CommanderError, { entry, command }: { entry: Entry; command: string }): UserError {
  const message = error.message.replace(/^error: /u, '').replace(/\n/gu, ' ');
  const unknown = /^unknown option '(--[^'=]+)/u.exec(message)?.[1];
  const owners = COMMANDS.filter(
    (each) => each !== entry && each.table().some(({ long }) => long !== undefined && long === unknown),
  );
  const others = owners.length === 0 ? '' : `; ${unknown} is an option of ${owners.map(({ name }) => name).join(', ')}`;
  const base = usage(message, command);
  const isEditable = /^unknown option '(?:-e|--editable)/u.test(message);
  const hint = isEditable
    ? 'write the folder alone, ./DIR: what Nix builds cannot be edited in place'
    : `${base.hint}${others}`;
  return new UserError(base.code, base.message, { exit: base.exit, hint });
}
