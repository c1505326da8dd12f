import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { EXIT, UserError } from '../base/user-error.ts';
import { HELP_COLUMNS, HELP_EXAMPLES, optionDescription } from './help.ts';

/** What the command line of `generate` says, decoded. Null: not given. */
export interface GenerateOptions {
  readonly requirements: readonly string[];
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
  readonly deps: 'named' | 'missing' | 'all';
  readonly bootstrap: boolean;
  readonly nixpkgs: 'builtin' | 'none';
  readonly release: string | null;
  readonly pythons: readonly string[] | null;
  readonly platforms: readonly string[] | null;
  readonly extras: 'available' | 'all' | 'none' | readonly string[];
  readonly format: string;
  readonly checks: boolean;
  readonly output: string | null;
  readonly force: boolean;
  readonly archives: string | null;
  readonly indexUrl: string | null;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly asOf: string | null;
  readonly pre: boolean;
  readonly overrides: readonly string[];
  readonly hash: 'sri' | 'hex' | 'base32' | null;
  readonly maintainers: readonly string[];
  readonly json: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly jobs: number;
}

/** What a command line asks for: a command with its options, or a text (help, version) to show. */
export type Invocation =
  | { readonly kind: 'generate'; readonly options: GenerateOptions }
  | { readonly kind: 'text'; readonly text: string };

/**
 * Reads a command line.
 * @throws UserError E_USAGE (exit 2) for unknown options, wrong values and missing arguments.
 */
export function parseArguments(
  args: readonly string[],
  {
    version,
    environment,
  }: { readonly version: string; readonly environment: Readonly<Record<string, string | undefined>> },
): Invocation {
  const texts: string[] = [];
  let options: GenerateOptions | null = null;
  const program = createProgram(version, (requirements, flags) => {
    options = decode(withoutCommand(requirements, args), flags, environment);
  });
  for (const command of [program, ...program.commands]) {
    // Errors are thrown, so what commander writes of them is not needed.
    command.configureOutput({
      writeOut: (text) => texts.push(text),
      writeErr: () => {},
      getOutHelpWidth: () => HELP_COLUMNS,
      getOutHasColors: () => false,
    });
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text: texts.join('') };
    throw new UserError('E_USAGE', error.message.replace(/^error: /u, ''), {
      exit: EXIT.usage,
      hint: 'pypi2nix --help lists the options',
    });
  }
  if (options === null) return { kind: 'text', text: texts.join('') };
  return { kind: 'generate', options };
}

function createProgram(version: string, onGenerate: (requirements: readonly string[], flags: Flags) => void): Command {
  const program = new Command('pypi2nix')
    .description('Turns Python requirements into Nix expressions that build unedited.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .usage('[generate] REQUIREMENT... [options]')
    .helpCommand(false)
    .addHelpText('after', HELP_EXAMPLES);
  const generate = program
    .command('generate', { isDefault: true })
    .description('expressions to stdout as one file, or with -o as a repository')
    .argument('[requirements...]', 'names with extras, specifiers and markers, for example "celery[redis]>=5"')
    .helpOption('-h, --help', 'show this help')
    .usage('REQUIREMENT... [options]')
    .exitOverride()
    .addHelpText('after', HELP_EXAMPLES);
  for (const option of generateOptions()) generate.addOption(option);
  generate.action(onGenerate);
  // `generate` is what happens without a command, so the first help that anybody asks for has to show its arguments and options.
  generate.configureHelp({ optionDescription });
  program.configureHelp({
    optionDescription,
    visibleArguments: () => [...generate.registeredArguments],
    visibleOptions: (command) => [...generate.options, ...new Help().visibleOptions(command)],
  });
  return program;
}

const PACKAGE_SETS: readonly GenerateOptions['nixpkgs'][] = ['builtin', 'none'];

/** The flags as commander gives them; each name belongs to an option of `generateOptions`. */
interface Flags {
  readonly requirement: readonly string[];
  readonly constraint: readonly string[];
  readonly deps: GenerateOptions['deps'];
  readonly bootstrap: boolean;
  readonly nixpkgs?: GenerateOptions['nixpkgs'];
  readonly release?: string;
  readonly python?: readonly string[];
  readonly platform?: readonly string[];
  readonly extras?: readonly string[];
  readonly format: string;
  readonly checks: boolean;
  readonly output?: string;
  readonly force: boolean;
  readonly archives?: string;
  readonly indexUrl?: string;
  readonly extraIndexUrl: readonly string[];
  readonly findLinks: readonly string[];
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly asOf?: string;
  readonly pre: boolean;
  readonly overrides: readonly string[];
  readonly hash?: 'sri' | 'hex' | 'base32';
  readonly maintainer?: string;
  readonly json: boolean;
  readonly color: GenerateOptions['color'];
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly jobs: number;
}

/** The table of options: what the parser reads and `--help` shows. */
function generateOptions(): Option[] {
  return [
    new Option('-r, --requirement <file>', 'requirements from a file in pip’s format').argParser(collect).default([]),
    new Option('-c, --constraint <file>', 'versions that nothing may leave, from a file in pip’s format')
      .argParser(collect)
      .default([]),
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
      '--release <release>',
      'nixpkgs release whose form is printed, for example 16.03 (default: the form of 24.05 to unstable)',
    ),
    new Option(
      '--python <versions>',
      'interpreters, the first decides versions, for example 3.13,3.12 (default: those of the release)',
    ).argParser(list),
    new Option(
      '--platform <systems>',
      'platforms, for example x86_64-linux,aarch64-darwin (default: those of the release)',
    ).argParser(list),
    new Option(
      '--extras <names>',
      'extras that become optional-dependencies: all, none or names (default: those that are available)',
    ).argParser(list),
    new Option('--format <formats>', 'sdist, wheel or any, also for a project: any,lxml:wheel').default('sdist'),
    new Option('--no-checks', 'leave all check inputs out'),
    new Option('-o, --output <dir>', 'write a repository of one file a package into a folder').argParser(filled),
    new Option('--force', 'with -o: overwrite files that are not ours or that changed').default(false),
    new Option('--archives <dir>', 'put every archive that the expressions name into a folder').argParser(filled),
    new Option('--index-url <url>', 'the package index (default: PyPI, or what pip is configured for)').argParser(
      filled,
    ),
    new Option('--extra-index-url <url>', 'a further index, asked when the ones before do not have a project')
      .argParser(collect)
      .default([]),
    new Option('--find-links <where>', 'a folder or page with archives, looked at before the indexes')
      .argParser(collect)
      .default([]),
    new Option('--offline', 'use only what is in the cache').default(false),
    new Option('--refresh', 'ask the index again although the cache is fresh').default(false),
    new Option('--as-of <date>', 'only files uploaded until then: a date (its end in UTC) or an RFC 3339 time'),
    new Option('--pre', 'allow pre-releases').default(false),
    new Option('--overrides <dir>', 'a folder of override files, applied after the shipped ones')
      .argParser(collect)
      .default([]),
    new Option('--hash <form>', 'how hashes are written (default: as the release writes them)').choices([
      'sri',
      'hex',
      'base32',
    ]),
    new Option('--maintainer <handle>', 'a maintainer for meta.maintainers').argParser(once),
    new Option('--json', 'print the facts as JSON instead of Nix').default(false),
    new Option('--color <when>', 'colours on stderr').choices(['auto', 'always', 'never']).default('auto'),
    new Option('-q, --quiet', 'no progress and no notes').default(false),
    new Option('-v, --verbose', 'tell each request').default(false),
    new Option('-j, --jobs <number>', 'requests at a time').argParser(positive).default(16),
  ];
}

function decode(
  requirements: readonly string[],
  flags: Flags,
  environment: Readonly<Record<string, string | undefined>>,
): GenerateOptions {
  if (flags.quiet && flags.verbose) throw usage('--quiet and --verbose exclude each other');
  if (flags.json && flags.output !== undefined)
    throw usage('--json and --output exclude each other: --json prints facts, --output writes files');
  if (flags.force && flags.output === undefined) throw usage('--force only has a meaning with --output');
  if (flags.offline && flags.refresh) throw usage('--offline and --refresh exclude each other');
  if (requirements.length + flags.requirement.length === 0)
    throw usage('no requirement is given: name at least one project, for example: pypi2nix toolz');
  return {
    requirements,
    requirementFiles: flags.requirement,
    constraintFiles: flags.constraint,
    deps: flags.deps,
    bootstrap: flags.bootstrap,
    nixpkgs: flags.nixpkgs ?? packageSetOf(environment.PYPI2NIX_NIXPKGS),
    release: flags.release ?? null,
    pythons: flags.python ?? null,
    platforms: flags.platform ?? null,
    extras: extrasOf(flags.extras),
    format: flags.format,
    checks: flags.checks,
    output: flags.output ?? null,
    force: flags.force,
    archives: flags.archives ?? null,
    indexUrl: flags.indexUrl ?? null,
    extraIndexUrls: flags.extraIndexUrl,
    findLinks: flags.findLinks,
    offline: flags.offline,
    refresh: flags.refresh,
    asOf: flags.asOf ?? null,
    pre: flags.pre,
    overrides: flags.overrides,
    hash: flags.hash ?? null,
    maintainers: flags.maintainer === undefined ? [] : [flags.maintainer],
    json: flags.json,
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
    jobs: flags.jobs,
  };
}

/** `pypi2nix --offline generate toolz`: after an option commander takes the name of the command for a requirement. */
function withoutCommand(requirements: readonly string[], args: readonly string[]): readonly string[] {
  const isCommand = requirements[0] === 'generate' && args[0] !== 'generate' && !args.includes('--');
  return isCommand ? requirements.slice(1) : requirements;
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

function usage(message: string): UserError {
  return new UserError('E_USAGE', message, { exit: EXIT.usage, hint: 'pypi2nix --help lists the options' });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, filled(value)];
}

function once(value: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError('It can be given once.');
  return filled(value);
}

// An empty text is a variable of a script that has no value, and would mean the working directory or the default.
function filled(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

function list(value: string, before: readonly string[] = []): readonly string[] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.includes('')) throw new InvalidArgumentError('An empty entry in the list.');
  return [...before, ...parts];
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 256)
    throw new InvalidArgumentError('A whole number from 1 to 256 is needed.');
  return number;
}
