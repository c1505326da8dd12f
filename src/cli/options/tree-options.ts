import { Option } from 'commander';
import { defineCommand, type Given } from './command.ts';
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
  releaseOfTargets,
  requirementTable,
} from './resolving-options.ts';
import { filled, wholeNumber } from './values.ts';

/** What the command line of `tree` says, decoded. Null: not given. */
export interface TreeOptions extends ResolvingOptions {
  /** The project whose dependents are shown, in place of what is needed. */
  readonly invert: string | null;
  /** How many levels below the roots are shown; null: all. */
  readonly depth: number | null;
  readonly json: boolean;
}

export const treeCommand = defineCommand({
  name: 'tree',
  summary: 'what needs what: the resolved graph as a tree',
  usage: '[REQUIREMENT... | --lock FILE] [options]',
  words: REQUIREMENT_WORDS,
  table: () => [
    ...requirementTable(),
    ...ownTable(),
    ...choiceTable(),
    nixpkgsOption('whose interpreters are the targets, and whose versions --prefer nixpkgs means'),
    releaseOfTargets(),
    ...indexTable(),
    ...messageTable(),
  ],
  rules: [
    ...RESOLVING_RULES,
    { kind: 'exclude', options: ['lock', 'prefer'], why: 'the lock file has decided the versions' },
    { kind: 'exclude', options: ['json', 'invert'], why: '--json has the whole graph' },
    { kind: 'exclude', options: ['json', 'depth'], why: '--json has the whole graph' },
  ],
  examples: [
    'pypi2nix tree datashape                             what datashape leads to',
    'pypi2nix tree datashape --invert numpy              who needs numpy, and why it is there',
    'pypi2nix tree --lock uv.lock --depth 1              the first level below a lock file’s roots',
  ],
  decode: (flags: TreeFlags, given: Given): TreeOptions => ({
    ...decodeResolving(flags, given),
    invert: flags.invert ?? null,
    depth: flags.depth ?? null,
    json: flags.json,
  }),
  load: async () => (await import('../tree.ts')).tree,
});

/** The flags as commander gives them; each name belongs to an option of the table. */
interface TreeFlags extends ResolvingFlags {
  readonly invert?: string;
  readonly depth?: number;
  readonly json: boolean;
}

function ownTable(): Option[] {
  return [
    new Option('--invert <name>', 'show who needs a project, up to what was asked for').argParser(filled),
    new Option('--depth <number>', 'how many levels below the roots are shown').argParser(wholeNumber(0, 1000)),
    new Option('--json', 'print the graph as JSON').default(false),
  ];
}
