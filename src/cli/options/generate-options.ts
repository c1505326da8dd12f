import { Option } from 'commander';
import { defineCommand, type Given, usage } from './command.ts';
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
  requirementTable,
} from './resolving-options.ts';
import { filled, list } from './values.ts';

/** What the command line of `generate` says, decoded. Null: not given. */
export interface GenerateOptions extends ResolvingOptions {
  readonly deps: 'named' | 'missing' | 'all';
  readonly bootstrap: boolean;
  readonly nixpkgs: 'builtin' | 'none';
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
  ],
  decode,
  load: async () => (await import('../generate.ts')).generate,
});

const PACKAGE_SETS: readonly GenerateOptions['nixpkgs'][] = ['builtin', 'none'];

/** The flags as commander gives them; each name belongs to an option of the table. */
interface GenerateFlags extends ResolvingFlags {
  readonly deps: GenerateOptions['deps'];
  readonly bootstrap: boolean;
  readonly nixpkgs?: GenerateOptions['nixpkgs'];
  readonly extras?: readonly string[];
  readonly checks: boolean;
  readonly output?: string;
  readonly force: boolean;
  readonly archives?: string;
  readonly hash?: 'sri' | 'hex' | 'base32';
  readonly maintainer?: string;
  readonly json: boolean;
}

/** How much is generated, and for which package set. */
function widthTable(): Option[] {
  return [
    new Option(
      '--deps <which>',
      'what is generated: only what is named, also what the package set lacks, or the whole closure',
    )
      .choices(['named', 'missing', 'all'])
      .default('missing'),
    new Option(
      '--bootstrap',
      'generate setuptools, wheel and the other bootstrap packages too, for package sets without any Python package',
    ).default(false),
    new Option(
      '--nixpkgs <set>',
      'the package set: the shipped list of names, or none; else PYPI2NIX_NIXPKGS says it, or builtin holds',
    ).choices(PACKAGE_SETS),
    new Option(
      '--extras <names>',
      'extras that become optional-dependencies: all, none or names (default: those that are available)',
    ).argParser(list),
    new Option('--no-checks', 'leave all check inputs out'),
    new Option('--with-checks', 'generate check inputs that the package set lacks, too').default(false),
    new Option(
      '--release <release>',
      'nixpkgs release whose form is printed, for example 16.03 (default: the form of 24.05 to unstable)',
    ),
  ];
}

function outputTable(): Option[] {
  return [
    new Option('-o, --output <dir>', 'write a repository of one file a package into a folder').argParser(filled),
    new Option('--force', 'with -o: overwrite files that are not ours or that changed').default(false),
    new Option('--archives <dir>', 'put every archive that the expressions name into a folder').argParser(filled),
    new Option('--hash <form>', 'how hashes are written (default: as the release writes them)').choices([
      'sri',
      'hex',
      'base32',
    ]),
    new Option('--maintainer <handle>', 'a maintainer for meta.maintainers').argParser(filled),
    new Option('--json', 'print the facts as JSON instead of Nix').default(false),
  ];
}

function decode(flags: GenerateFlags, given: Given): GenerateOptions {
  if (flags.deps === 'named' && flags.withChecks === true)
    throw usage('--deps named and --with-checks exclude each other: check inputs are not named', given.command);
  return {
    ...decodeResolving(flags, given),
    deps: flags.deps,
    bootstrap: flags.bootstrap,
    nixpkgs: flags.nixpkgs ?? packageSetOf(given.environment.PYPI2NIX_NIXPKGS),
    extras: extrasOf(flags.extras),
    checks: flags.checks,
    output: flags.output ?? null,
    force: flags.force,
    archives: flags.archives ?? null,
    hash: flags.hash ?? null,
    maintainers: flags.maintainer === undefined ? [] : [flags.maintainer],
    json: flags.json,
  };
}

function packageSetOf(named: string | undefined): GenerateOptions['nixpkgs'] {
  if (named === undefined || named === '') return 'builtin';
  const known = PACKAGE_SETS.find((set) => set === named);
  if (known === undefined)
    throw usage(`PYPI2NIX_NIXPKGS: ${JSON.stringify(named)} is none of ${PACKAGE_SETS.join(', ')}`);
  return known;
}

function extrasOf(given: readonly string[] | undefined): GenerateOptions['extras'] {
  if (given === undefined) return 'available';
  if (given.includes('all')) return 'all';
  return given.includes('none') ? 'none' : given;
}
