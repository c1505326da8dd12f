import { Option } from 'commander';
import { type Given, usage } from './command.ts';
import type { GenerateOptions } from './generate-options.ts';
import { isRead, type NixpkgsChoice, nixpkgsOption } from './nixpkgs-choice.ts';
import { decodeResolving, type ResolvingFlags } from './resolving-options.ts';
import { list } from './values.ts';

/** The flags of `widthTable()` as commander gives them. */
export interface WidthFlags {
  readonly deps: GenerateOptions['deps'];
  readonly bootstrap: boolean;
  readonly relax: boolean;
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
    nixpkgsOption('the package set'),
    new Option(
      '--relax',
      'use packages that the nixpkgs has in another version than is asked for, with pythonRelaxDeps, instead of generating them',
    ).default(false),
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
  const resolving = decodeResolving(flags, given);
  checkWidth(flags, { nixpkgs: resolving.nixpkgs, command: given.command });
  return {
    ...UNWRITTEN,
    ...resolving,
    deps: flags.deps,
    bootstrap: flags.bootstrap,
    relax: flags.relax,
    extras: extrasOf(flags.extras),
    checks: flags.checks,
  };
}

function checkWidth(
  { deps, bootstrap, relax }: WidthFlags,
  { nixpkgs, command }: { readonly nixpkgs: NixpkgsChoice; readonly command: string },
): void {
  if (bootstrap && isRead(nixpkgs))
    throw usage(
      '--bootstrap and a nixpkgs that is read exclude each other: it has the bootstrap packages, and they have to be its own',
      command,
    );
  if (!relax) return;
  if (deps !== 'missing')
    throw usage(`--relax only has a meaning with --deps missing, not with --deps ${deps}`, command);
  // Of the modern lists no version is known, and the old releases relax nothing.
  if (!isRead(nixpkgs))
    throw usage('--relax needs to know the versions of a nixpkgs: name one with --nixpkgs', command);
}

function extrasOf(given: readonly string[] | undefined): GenerateOptions['extras'] {
  if (given === undefined) return 'available';
  if (given.includes('all')) return 'all';
  return given.includes('none') ? 'none' : given;
}
