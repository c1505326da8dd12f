import { type Command, Option } from 'commander';
import { type CommandEntry, type Given, type MessageOptions, usage } from './command.ts';
import type { GenerateOptions } from './generate-options.ts';
import { choiceTable, indexTable, messageTable, type ResolvingFlags, readingTable } from './resolving-options.ts';
import { filled } from './values.ts';
import { decodeWidth, type WidthFlags, widthTable } from './width-options.ts';

const ACTIONS = ['list', 'lint', 'explain', 'test'] as const;
export type OverridesAction = (typeof ACTIONS)[number];

/** What the command line of `overrides` says, decoded. */
export interface OverridesOptions extends MessageOptions {
  readonly action: OverridesAction;
  /** What stands behind the action: projects, or files and folders for `lint`. */
  readonly requirements: readonly string[];
  readonly json: boolean;
  /** For `lint`: whether each rule is tried out. */
  readonly redundant: boolean;
  /** For `test`: whether the package is built. */
  readonly build: boolean;
  /** For `test`: the folder of the nixpkgs to evaluate and build with; null: `<nixpkgs>`. */
  readonly packageSet: string | null;
  /** How releases are chosen and read, without requirements. */
  readonly reading: GenerateOptions;
}

/** `overrides ACTION`. The actions share a table, and each refuses the options that mean nothing to it. */
export const overridesCommand: CommandEntry<'overrides', OverridesOptions> = {
  name: 'overrides',
  summary: 'the override files: list, lint, explain or test their rules',
  usage: 'list [NAME...] | lint [FILE | DIR...] | explain NAME | test NAME  [options]',
  words: {
    name: 'action',
    text: 'list, lint, explain or test; then projects, as requirements where a version is meant',
  },
  actions: ACTIONS,
  table: () => [
    ...ownTable(),
    ...widthTable(),
    ...choiceTable(),
    ...readingTable(),
    ...indexTable(),
    ...messageTable(),
  ],
  examples: [
    'pypi2nix overrides list                              all rules of all folders',
    'pypi2nix overrides list lxml==3.4.4 --release 16.03  which of them apply, and why others do not',
    'pypi2nix overrides lint overrides                    faults, dead rules, rules in each other’s way',
    'pypi2nix overrides lint --redundant overrides        also rules that make no difference',
    'pypi2nix overrides explain lxml                      what each rule changes',
    'pypi2nix overrides test lxml --build                 whether it evaluates and builds with them',
  ],
  read(parsed, given) {
    const options = decode(parsed, given);
    return { kind: 'overrides', options, run: async (context) => (await load(options.action))(options, context) };
  },
};

async function load(action: OverridesAction) {
  switch (action) {
    case 'list':
      return (await import('../overrides/list.ts')).listOverrides;
    case 'lint':
      return (await import('../overrides/lint.ts')).lintOverrides;
    case 'explain':
      return (await import('../overrides/explain.ts')).explainOverrides;
    case 'test':
      return (await import('../overrides/test.ts')).testOverrides;
  }
}

interface Flags extends Omit<ResolvingFlags, 'requirement' | 'constraint' | 'project' | 'group' | 'lock'>, WidthFlags {
  readonly json: boolean;
  readonly redundant: boolean;
  readonly build: boolean;
  readonly packageSet?: string;
}

function ownTable(): Option[] {
  return [
    new Option('--json', 'print the result as JSON').default(false),
    new Option(
      '--redundant',
      'lint: generate with and without each rule, and tell those that make no difference',
    ).default(false),
    new Option('--build', 'test: build the package too').default(false),
    new Option('--package-set <path>', 'test: the nixpkgs to evaluate and build with (default: <nixpkgs>)').argParser(
      filled,
    ),
  ];
}

/** What decides how much is generated besides the project itself. */
const OF_WIDTH = ['deps', 'bootstrap', 'nixpkgs', 'relax', 'extras', 'no-checks', 'with-checks'];

/** The options that an action has besides those of messages, by their long names: `only` these, or all but `not`. */
const MEANT_FOR: Readonly<
  Record<OverridesAction, { readonly only: readonly string[] | null; readonly not: readonly string[] }>
> = {
  list: { only: ['json', 'release', 'python', 'platform', 'overrides'], not: [] },
  // Each rule is tried for a release that it is for.
  lint: { only: null, not: ['build', 'package-set', 'release', ...OF_WIDTH] },
  explain: { only: null, not: ['redundant', 'build', 'package-set', ...OF_WIDTH] },
  test: { only: null, not: ['redundant'] },
};

const OF_MESSAGES = ['color', 'quiet', 'verbose'];

/** Without `--redundant`, `lint` reads files and nothing else. */
const OF_PLAIN_LINT = ['json', 'redundant', 'overrides'];

function decode(parsed: Command, given: Given): OverridesOptions {
  const [word, ...words] = given.words;
  const action = ACTIONS.find((each) => each === word);
  if (action === undefined) {
    const found = word === undefined ? 'no action is given' : `overrides has no action ${JSON.stringify(word)}`;
    throw usage(`${found}: list, lint, explain or test`, given.command);
  }
  const flags = parsed.opts<Flags>();
  refuseOthers(parsed, { action, redundant: flags.redundant, command: given.command });
  if ((action === 'explain' || action === 'test') && words.length !== 1)
    throw usage(`overrides ${action} takes one project, not ${words.length}`, given.command);
  if (flags.quiet && flags.verbose) throw usage('--quiet and --verbose exclude each other', given.command);
  if (flags.offline && flags.refresh) throw usage('--offline and --refresh exclude each other', given.command);
  return {
    action,
    requirements: words,
    json: flags.json,
    redundant: flags.redundant,
    build: flags.build,
    packageSet: flags.packageSet ?? null,
    reading: readingOf(flags, given),
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
  };
}

function refuseOthers(
  parsed: Command,
  { action, redundant, command }: { action: OverridesAction; redundant: boolean; command: string },
): void {
  const { only, not } = MEANT_FOR[action];
  const allowed = action === 'lint' && !redundant ? OF_PLAIN_LINT : only;
  for (const option of parsed.options) {
    const name = option.long?.replace(/^--/u, '') ?? '';
    if (parsed.getOptionValueSource(option.attributeName()) !== 'cli' || OF_MESSAGES.includes(name)) continue;
    if (not.includes(name) || allowed?.includes(name) === false)
      throw usage(`--${name} means nothing to overrides ${action}${redundant ? ' --redundant' : ''}`, command);
  }
}

/** A line that names files asks for no requirement, so the word is a stand-in for those that each action makes itself. */
function readingOf(flags: Flags, given: Given): GenerateOptions {
  const none = { requirement: [], constraint: [], project: [], group: [] };
  return { ...decodeWidth({ ...none, ...flags }, { ...given, words: ['stand-in'] }), requirements: [] };
}
