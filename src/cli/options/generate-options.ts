import { Option } from 'commander';
import { defineCommand, type Given } from './command.ts';
import {
  choiceTable,
  indexTable,
  messageTable,
  REQUIREMENT_WORDS,
  RESOLVING_RULES,
  type ResolvingFlags,
  type ResolvingOptions,
  readingTable,
  requirementTable,
  writingTable,
} from './resolving-options.ts';
import { filled } from './values.ts';
import { decodeWidth, type WidthFlags, widthTable } from './width-options.ts';

/** What the command line of `generate` says, decoded. Null: not given. */
export interface GenerateOptions extends ResolvingOptions {
  readonly deps: 'named' | 'missing' | 'all';
  readonly bootstrap: boolean;
  /** What the nixpkgs has in a version that does not fit is used all the same. */
  readonly relax: boolean;
  readonly extras: 'available' | 'all' | 'none' | readonly string[];
  readonly checks: boolean;
  readonly output: string | null;
  readonly force: boolean;
  readonly archives: string | null;
  readonly hash: 'sri' | 'hex' | 'base32' | null;
  readonly maintainers: readonly string[];
  readonly json: boolean;
}

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'expressions to stdout as one file, or with -o as a repository',
  usage: 'REQUIREMENT... [options]',
  words: REQUIREMENT_WORDS,
  table: () => [
    ...requirementTable(),
    ...widthTable(),
    ...choiceTable(),
    ...outputTable(),
    ...readingTable(),
    ...indexTable(),
    ...messageTable(),
  ],
  rules: [
    ...RESOLVING_RULES,
    { kind: 'exclude', options: ['json', 'output'], why: '--json prints facts, --output writes files' },
    { kind: 'exclude', options: ['json', 'hash'], why: 'the facts have the digest in hex' },
    { kind: 'exclude', options: ['json', 'maintainer'], why: 'the facts are those of the release' },
    { kind: 'exclude', options: ['with-checks', 'no-checks'] },
    { kind: 'need', option: 'force', oneOf: ['output'] },
  ],
  examples: [
    'pypi2nix toolz datashape > python-packages.nix     an overlay of a Python package set',
    'pypi2nix --release 16.03 lxml==3.4.4               in the form of nixpkgs 16.03',
    'pypi2nix -o my-packages -r requirements.txt        one file a package, in a folder',
    'pypi2nix --lock poetry.lock -o my-packages         the versions of a lock file',
    "pypi2nix --nixpkgs '<nixpkgs>' toolz                what that nixpkgs lacks, in its form",
  ],
  decode,
  load: async () => (await import('../generate.ts')).generate,
});

/** The flags as commander gives them; each name belongs to an option of the table. */
interface GenerateFlags extends ResolvingFlags, WidthFlags {
  readonly output?: string;
  readonly force: boolean;
  readonly archives?: string;
  readonly hash?: 'sri' | 'hex' | 'base32';
  readonly maintainer: readonly string[];
  readonly json: boolean;
}

function outputTable(): Option[] {
  return [
    new Option('-o, --output <dir>', 'write a repository of one file a package into a folder').argParser(filled),
    new Option('--force', 'with -o: overwrite files that are not ours or that changed').default(false),
    new Option('--archives <dir>', 'put every archive that the expressions name into a folder').argParser(filled),
    ...writingTable(),
    new Option('--json', 'print the facts as JSON instead of Nix').default(false),
  ];
}

function decode(flags: GenerateFlags, given: Given): GenerateOptions {
  return {
    ...decodeWidth(flags, given),
    output: flags.output ?? null,
    force: flags.force,
    archives: flags.archives ?? null,
    hash: flags.hash ?? null,
    maintainers: flags.maintainer,
    json: flags.json,
  };
}
