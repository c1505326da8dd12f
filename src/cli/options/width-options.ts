import { Option } from 'commander';
import { type Given, usage } from './command.ts';
import type { GenerateOptions } from './generate-options.ts';
import { decodeResolving, type ResolvingFlags } from './resolving-options.ts';
import { list } from './values.ts';

const PACKAGE_SETS: readonly GenerateOptions['nixpkgs'][] = ['builtin', 'none'];

/** The flags of `widthTable()` as commander gives them. */
export interface WidthFlags {
  readonly deps: GenerateOptions['deps'];
  readonly bootstrap: boolean;
  readonly nixpkgs?: GenerateOptions['nixpkgs'];
  readonly extras?: readonly string[];
  readonly checks: boolean;
}

/** Options that say how much is generated, and for which package set: they decide inputs as well. */
export function widthTable(): Option[] {
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

/** How expressions are written when a command line says nothing of it. */
export const UNWRITTEN = {
  output: null,
  force: false,
  archives: null,
  hash: null,
  maintainers: [],
  json: false,
} as const satisfies Partial<GenerateOptions>;

/** Decodes what decides expressions. What only says how they are written has the values of a line that says nothing. */
export function decodeWidth(flags: ResolvingFlags & WidthFlags, given: Given): GenerateOptions {
  if (flags.deps === 'named' && flags.withChecks === true)
    throw usage('--deps named and --with-checks exclude each other: check inputs are not named', given.command);
  return {
    ...UNWRITTEN,
    ...decodeResolving(flags, given),
    deps: flags.deps,
    bootstrap: flags.bootstrap,
    nixpkgs: flags.nixpkgs ?? packageSetOf(given),
    extras: extrasOf(flags.extras),
    checks: flags.checks,
  };
}

function packageSetOf({ environment, command }: Given): GenerateOptions['nixpkgs'] {
  const named = environment.PYPI2NIX_NIXPKGS ?? '';
  if (named === '') return 'builtin';
  const known = PACKAGE_SETS.find((set) => set === named);
  if (known === undefined)
    throw usage(`PYPI2NIX_NIXPKGS: ${JSON.stringify(named)} is none of ${PACKAGE_SETS.join(', ')}`, command);
  return known;
}

function extrasOf(given: readonly string[] | undefined): GenerateOptions['extras'] {
  if (given === undefined) return 'available';
  if (given.includes('all')) return 'all';
  return given.includes('none') ? 'none' : given;
}
