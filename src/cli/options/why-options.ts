import { Option } from 'commander';
import { defineCommand, type Given, usage } from './command.ts';
import type { GenerateOptions } from './generate-options.ts';
import { generateCommand } from './generate-options.ts';
import {
  choiceTable,
  decodeResolving,
  indexTable,
  messageTable,
  RESOLVING_RULES,
  type ResolvingFlags,
  readingTable,
  requirementTable,
} from './resolving-options.ts';

/** What the command line of `why` says, decoded: all that decides what `generate` would write, and what is asked about it. */
export interface WhyOptions extends GenerateOptions {
  /** The first requirement, which is what is asked about. */
  readonly name: string;
  /** What of it: an input, an attribute, or a list; null: everything. */
  readonly input: string | null;
}

export const whyCommand = defineCommand({
  name: 'why',
  summary: 'where each input and attribute of an expression comes from',
  usage: 'NAME [INPUT] [options]',
  words: {
    name: 'words',
    text: 'a project, as a requirement where a version is meant; and an input, an attribute or a list of it',
  },
  table: () => [
    ...requirementTable(),
    ...widthTable(),
    ...choiceTable(),
    new Option('--json', 'print the trace as JSON').default(false),
    ...readingTable(),
    ...indexTable(),
    ...messageTable(),
  ],
  rules: [...RESOLVING_RULES, { kind: 'exclude', options: ['with-checks', 'no-checks'] }],
  examples: [
    'pypi2nix why lxml                    all inputs of lxml, and who says so',
    'pypi2nix why lxml==3.4.4 libxml2     one input of one version',
    'pypi2nix why datashape license       one attribute',
    'pypi2nix why datashape dependencies  one list',
  ],
  decode,
  load: async () => (await import('../why.ts')).why,
});

/** The flags of `widthTable()` as commander gives them. */
export interface WidthFlags {
  readonly deps: GenerateOptions['deps'];
  readonly bootstrap: boolean;
  readonly nixpkgs?: GenerateOptions['nixpkgs'];
  readonly extras?: readonly string[];
  readonly checks: boolean;
}

const WIDTH_OPTIONS = ['--deps', '--bootstrap', '--nixpkgs', '--extras', '--no-checks', '--with-checks', '--release'];

/** The options of `generate` that say how much is generated, and for which package set: they decide inputs as well. */
export function widthTable(): Option[] {
  return generateCommand.table().filter(({ long }) => WIDTH_OPTIONS.includes(long ?? ''));
}

/** Decodes what decides expressions. What only says how they are written has the values of a line that says nothing. */
export function decodeWidth(flags: ResolvingFlags & WidthFlags, given: Given): GenerateOptions {
  if (flags.deps === 'named' && flags.withChecks === true)
    throw usage('--deps named and --with-checks exclude each other: check inputs are not named', given.command);
  return {
    ...decodeResolving(flags, given),
    deps: flags.deps,
    bootstrap: flags.bootstrap,
    nixpkgs: flags.nixpkgs ?? packageSetOf(given),
    extras: extrasOf(flags.extras),
    checks: flags.checks,
    output: null,
    force: false,
    archives: null,
    hash: null,
    maintainers: [],
    json: false,
  };
}

function decode(flags: ResolvingFlags & WidthFlags & { readonly json: boolean }, given: Given): WhyOptions {
  const [name, input, ...more] = given.words;
  if (more.length > 0) throw usage(`why explains one project and one input, not ${more.length + 1}`, given.command);
  const options = decodeWidth(flags, { ...given, words: given.words.slice(0, 1) });
  // Files of requirements decide versions; what is asked about is named.
  if (name === undefined) throw usage('no project is named, for example: pypi2nix why lxml libxml2', given.command);
  return { ...options, name, input: input ?? null, json: flags.json };
}

function packageSetOf({ environment, command }: Given): GenerateOptions['nixpkgs'] {
  const named = environment.PYPI2NIX_NIXPKGS ?? '';
  if (named === '' || named === 'builtin') return 'builtin';
  if (named === 'none') return 'none';
  throw usage(`PYPI2NIX_NIXPKGS: ${JSON.stringify(named)} is none of builtin, none`, command);
}

function extrasOf(given: readonly string[] | undefined): GenerateOptions['extras'] {
  if (given === undefined) return 'available';
  if (given.includes('all')) return 'all';
  return given.includes('none') ? 'none' : given;
}
