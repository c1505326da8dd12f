import { Option } from 'commander';
import { defineCommand, type Given, type MessageOptions, usage } from './command.ts';
import { chosenNixpkgs, type NixpkgsChoice, nixpkgsOption } from './nixpkgs-choice.ts';
import { decodeRepositoryChoice, type RepositoryChoice, repositoryChoiceTable } from './repository-choice.ts';
import { messageTable } from './resolving-options.ts';
import { list } from './values.ts';

/** What the command line of `search` says, decoded. */
export interface SearchOptions extends MessageOptions {
  /** All of them have to be found in a package. */
  readonly words: readonly string[];
  /** Numbers of the list; empty: the list itself is wanted. */
  readonly pick: readonly number[];
  readonly nixpkgs: NixpkgsChoice;
  readonly release: string | null;
  readonly pythons: readonly string[] | null;
  readonly repository: RepositoryChoice;
  readonly offline: boolean;
}

interface SearchFlags extends MessageOptions {
  readonly pick?: readonly string[];
  readonly nixpkgs?: string;
  readonly release?: string;
  readonly python?: readonly string[];
  readonly repository?: string | false;
  readonly offline: boolean;
}

export const searchCommand = defineCommand({
  name: 'search',
  summary: 'packages of the repository and of nixpkgs by a part of their names or descriptions, numbered',
  usage: 'TEXT... [options]',
  words: {
    name: 'text',
    text: 'a part of the name or, where that is known, of the description; of several words all have to be there',
  },
  table: () => [
    new Option(
      '--pick <numbers>',
      'print the pypi2nix env line for these of the list, for example 1,3, instead of the list',
    ).argParser(list),
    nixpkgsOption('the package set'),
    new Option('--release <release>', 'the nixpkgs release whose shipped list is looked through'),
    new Option('--python <versions>', 'interpreters, for example 3.13,3.12 (default: those of the release)').argParser(
      list,
    ),
    ...repositoryChoiceTable('look through nixpkgs alone'),
    new Option('--offline', 'use only what is in the cache').default(false),
    ...messageTable(),
  ],
  rules: [{ kind: 'exclude', options: ['quiet', 'verbose'] }],
  examples: [
    'pypi2nix search numpy',
    'pypi2nix search numpy --pick 1,3                    the environment with these',
    "pypi2nix search --nixpkgs '<nixpkgs>' numpy         with the versions that are there",
  ],
  decode,
  load: async () => (await import('../search/search.ts')).search,
});

function decode(flags: SearchFlags, { words, command, environment }: Given): SearchOptions {
  if (words.length === 0) throw usage(`nothing is looked for: ${command} numpy`, command);
  const pick = (flags.pick ?? []).map((word) => {
    if (!/^[1-9]\d{0,5}$/u.test(word)) throw usage(`--pick: ${JSON.stringify(word)} is no number of the list`, command);
    return Number(word);
  });
  return {
    words,
    pick,
    nixpkgs: chosenNixpkgs(flags.nixpkgs, environment),
    release: flags.release ?? null,
    pythons: flags.python ?? null,
    repository: decodeRepositoryChoice(flags.repository),
    offline: flags.offline,
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
  };
}
