import { Option } from 'commander';
import { defineCommand, type Given, type MessageOptions, usage } from './command.ts';
import { parseNixpkgsChoice, type ReadChoice } from './nixpkgs-choice.ts';
import { messageTable } from './resolving-options.ts';
import { filled, list, wholeNumber } from './values.ts';

/** What the command line of `check` says, decoded. */
export interface CheckOptions extends MessageOptions {
  /** The words of the line: a folder first, where the first is one, then packages. */
  readonly words: readonly string[];
  readonly build: boolean;
  /** X.Y of the interpreters whose sets are checked, `all` for each that default.nix has; null: the packages at its top. */
  readonly pythons: readonly string[] | 'all' | null;
  /** How many builds at a time; null: as many as there are cores. */
  readonly jobs: number | null;
  readonly keepFailed: boolean;
  readonly fix: boolean;
  /** Path of a nixpkgs, a name in angle brackets, or a flake reference; null: `<nixpkgs>`. */
  readonly nixpkgs: ReadChoice | null;
  readonly json: boolean;
}

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'parse, evaluate and build the packages of a repository, and explain failures',
  usage: '[DIR] [NAME...] [options]',
  words: { name: 'folder and packages', text: 'the repository (default: this folder), then packages (default: all)' },
  table: () => [...ownTable(), ...messageTable()],
  rules: [
    { kind: 'exclude', options: ['quiet', 'verbose'] },
    { kind: 'need', option: 'keep-failed', oneOf: ['build'] },
    { kind: 'need', option: 'fix', oneOf: ['build'] },
  ],
  examples: [
    'pypi2nix check my-packages                        whether all packages evaluate',
    'pypi2nix check my-packages lxml --build           whether lxml builds, and if not why',
    'pypi2nix check my-packages --build --fix          write rules for what failed, and try again',
    'pypi2nix check --build --keep-failed              keep the folders of failed builds',
  ],
  decode,
  load: async () => (await import('../check/check.ts')).check,
});

/** The flags as commander gives them. */
interface CheckFlags {
  readonly build: boolean;
  readonly python?: readonly string[];
  readonly jobs?: number;
  readonly keepFailed: boolean;
  readonly fix: boolean;
  readonly nixpkgs?: string;
  readonly json: boolean;
  readonly color: CheckOptions['color'];
  readonly quiet: boolean;
  readonly verbose: boolean;
}

function ownTable(): Option[] {
  return [
    new Option('--build', 'build the packages too').default(false),
    new Option(
      '--python <versions>',
      'interpreters, for example 3.13,3.12, or all that default.nix has (default: that of its top)',
    ).argParser(list),
    new Option('--jobs <number>', 'builds at a time (default: one a core)').argParser(wholeNumber(1, 64)),
    new Option('-K, --keep-failed', 'keep the folders of failed builds, and tell how to enter them').default(false),
    new Option(
      '--fix',
      'write rules for what failed to overrides/, generate again and try again, at most five times a package',
    ).default(false),
    new Option(
      '--nixpkgs <which>',
      'the nixpkgs to evaluate and build with, a folder, <nixpkgs> or a flake reference; else PYPI2NIX_NIXPKGS says it, or <nixpkgs> holds',
    ).argParser(filled),
    new Option('--json', 'print the result as JSON').default(false),
  ];
}

function decode(flags: CheckFlags, given: Given): CheckOptions {
  return {
    words: given.words,
    build: flags.build,
    pythons: pythonsOf(flags.python, given.command),
    jobs: flags.jobs ?? null,
    keepFailed: flags.keepFailed,
    fix: flags.fix,
    nixpkgs: nixpkgsOf(flags.nixpkgs, given),
    json: flags.json,
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
  };
}

function pythonsOf(given: readonly string[] | undefined, command: string): CheckOptions['pythons'] {
  if (given === undefined) return null;
  if (given.includes('all')) return 'all';
  for (const each of given) {
    if (!/^(?:pypy-?)?\d\.\d{1,2}$/u.test(each))
      throw usage(`--python: ${JSON.stringify(each)} is no version such as 3.13`, command);
  }
  return given;
}

/** The variable may also name what is no nixpkgs to evaluate with. */
function nixpkgsOf(flag: string | undefined, { environment, command }: Given): ReadChoice | null {
  const named = environment.PYPI2NIX_NIXPKGS?.trim() ?? '';
  const choice = parseNixpkgsChoice(flag ?? (named === '' ? 'builtin' : named));
  if (choice.kind === 'path' || choice.kind === 'flake') return choice;
  if (flag === undefined) return null;
  throw usage(`--nixpkgs: ${choice.kind} is no nixpkgs that packages can be evaluated with`, command);
}
