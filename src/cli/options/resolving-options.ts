import { Option } from 'commander';
import type { Given, MessageOptions, OptionRule } from './command.ts';
import { usage } from './command.ts';
import { chosenNixpkgs, type NixpkgsChoice } from './nixpkgs-choice.ts';
import { collect, filled, list, wholeNumber } from './values.ts';

/** What every command that resolves takes, decoded. Null: not given. */
export interface ResolvingOptions extends MessageOptions {
  readonly requirements: readonly string[];
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
  /** pyproject.toml files, each as `FILE` or `FILE[extra,...]`. */
  readonly projectFiles: readonly string[];
  /** Dependency groups (PEP 735) of these files, or groups of the lock file. */
  readonly groups: readonly string[];
  /** A lock file of any kind: its versions are the resolution. */
  readonly lock: string | null;
  readonly resolution: 'highest' | 'lowest' | 'lowest-direct';
  /** Whose versions are tried first: `nixpkgs` for the package set, else the path of a lock file. */
  readonly prefer: string | null;
  /** Whether check inputs are resolved too. */
  readonly withChecks: boolean;
  /** The package set; one that is read gives release and default targets. */
  readonly nixpkgs: NixpkgsChoice;
  /** The nixpkgs release that gives the default targets. */
  readonly release: string | null;
  readonly pythons: readonly string[] | null;
  readonly platforms: readonly string[] | null;
  /** As `--format` takes it; what no command line says is `sdist`. */
  readonly format: string;
  readonly indexUrl: string | null;
  readonly extraIndexUrls: readonly string[];
  readonly findLinks: readonly string[];
  /** Only `findLinks` are looked at. */
  readonly noIndex: boolean;
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly asOf: string | null;
  readonly pre: boolean;
  readonly overrides: readonly string[];
  readonly jobs: number;
}

/** The flags of the shared tables as commander gives them. */
export interface ResolvingFlags {
  readonly requirement: readonly string[];
  readonly constraint: readonly string[];
  readonly project: readonly string[];
  readonly group: readonly string[];
  readonly lock?: string;
  readonly resolution: ResolvingOptions['resolution'];
  readonly prefer?: string;
  readonly withChecks?: boolean;
  readonly nixpkgs?: string;
  readonly release?: string;
  readonly python?: readonly string[];
  readonly platform?: readonly string[];
  readonly format?: string;
  readonly indexUrl?: string;
  readonly extraIndexUrl: readonly string[];
  readonly findLinks: readonly string[];
  readonly index: boolean;
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly asOf?: string;
  readonly pre: boolean;
  readonly overrides?: readonly string[];
  readonly color: ResolvingOptions['color'];
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly jobs: number;
}

/** The words of every command that takes requirements. */
export const REQUIREMENT_WORDS = {
  name: 'requirements',
  text: 'names with extras, specifiers and markers, for example "celery[redis]>=5"; folders, archives and name @ URL',
} as const;

/** Options that say what is asked for. */
export function requirementTable(): Option[] {
  return [
    new Option('-r, --requirement <file>', 'requirements from a file in pip’s format').argParser(collect).default([]),
    new Option('-c, --constraint <file>', 'versions that nothing may leave, from a file in pip’s format')
      .argParser(collect)
      .default([]),
    new Option('-p, --project <file>', 'the dependencies of a pyproject.toml, with extras as FILE[extra,...]')
      .argParser(collect)
      .default([]),
    new Option('--group <name>', 'a dependency group too, of the files of -p or of the lock file')
      .argParser(collect)
      .default([]),
    new Option(
      '--lock <file>',
      'take the versions of a pylock.toml, poetry.lock, uv.lock, Pipfile.lock or hashed requirements file, with its extras as FILE[extra,...]',
    ).argParser(filled),
  ];
}

/** Options that say for what versions are chosen, and which. */
export function choiceTable(): Option[] {
  return [
    new Option(
      '--python <versions>',
      'interpreters, the first decides versions, for example 3.13,3.12 (default: those of the release)',
    ).argParser(list),
    new Option(
      '--platform <systems>',
      'platforms, for example x86_64-linux,aarch64-darwin (default: those of the release)',
    ).argParser(list),
    new Option('--resolution <which>', 'which versions are tried first')
      .choices(['highest', 'lowest', 'lowest-direct'])
      .default('highest'),
    new Option(
      '--prefer <whose>',
      'try these versions first where they fit: nixpkgs for those of the package set, or a lock file',
    ).argParser(filled),
    new Option('--as-of <date>', 'only files uploaded until then: a date (its end in UTC) or an RFC 3339 time'),
    new Option('--pre', 'allow pre-releases').default(false),
  ];
}

/** The release as commands have it that print no expressions: it only gives the default targets. */
export function releaseOfTargets(): Option {
  return new Option('--release <release>', 'nixpkgs release whose interpreters and platforms are the targets');
}

/** Options that say where releases are looked for. */
export function indexTable(): Option[] {
  return [
    new Option('--index-url <url>', 'the package index (default: PyPI, or what pip is configured for)').argParser(
      filled,
    ),
    new Option('--extra-index-url <url>', 'a further index, asked when the ones before do not have a project')
      .argParser(collect)
      .default([]),
    new Option('--find-links <where>', 'a folder or page with archives, looked at before the indexes')
      .argParser(collect)
      .default([]),
    new Option('--no-index', 'ask no index, only what --find-links names'),
    new Option('--offline', 'use only what is in the cache').default(false),
    refreshOption(),
    new Option('-j, --jobs <number>', 'requests at a time').argParser(wholeNumber(1, 256)).default(16),
  ];
}

/** `--refresh`, for commands that ask an index. */
export function refreshOption(): Option {
  return new Option('--refresh', 'ask the index again although the cache is fresh').default(false);
}

/** Options that say what is written into expressions. */
export function writingTable(): Option[] {
  return [
    new Option('--hash <form>', 'how hashes are written (default: as the release writes them)').choices([
      'sri',
      'hex',
      'base32',
    ]),
    new Option('--maintainer <handle>', 'a maintainer for meta.maintainers, several times for several')
      .argParser(collect)
      .default([]),
  ];
}

/** Options that say how archives are read; only commands that read sdists have them. */
export function readingTable(): Option[] {
  return [
    new Option('--format <formats>', 'sdist, wheel or any, also for a project: any,lxml:wheel').default('sdist'),
    new Option('--overrides <dir>', 'a folder of override files, applied after the shipped ones')
      .argParser(collect)
      .default([]),
  ];
}

/** Options of messages, which every command has. */
export function messageTable(): Option[] {
  return [
    new Option('--color <when>', 'colours on stderr').choices(['auto', 'always', 'never']).default('auto'),
    new Option('-q, --quiet', 'no progress and no notes').default(false),
    new Option('-v, --verbose', 'tell each request').default(false),
  ];
}

/** What the options of the shared tables have to do with each other. */
export const RESOLVING_RULES: readonly OptionRule[] = [
  { kind: 'exclude', options: ['quiet', 'verbose'] },
  { kind: 'exclude', options: ['offline', 'refresh'] },
  { kind: 'exclude', options: ['lock', 'resolution'], why: 'the lock file has decided the versions' },
  { kind: 'need', option: 'group', oneOf: ['project', 'lock'] },
];

/** Decodes the flags of the shared tables. Throws UserError E_USAGE (exit 2) when nothing is asked for. */
export function decodeResolving(flags: ResolvingFlags, { words, command, environment }: Given): ResolvingOptions {
  const files = [...flags.requirement, ...flags.project];
  if (words.length + files.length === 0 && flags.lock === undefined)
    throw usage(`no requirement is given: name at least one project, for example: ${command} toolz`, command);
  return {
    requirements: words,
    requirementFiles: flags.requirement,
    constraintFiles: flags.constraint,
    projectFiles: flags.project,
    groups: flags.group,
    lock: flags.lock ?? null,
    resolution: flags.resolution,
    prefer: flags.prefer ?? null,
    withChecks: flags.withChecks ?? false,
    nixpkgs: chosenNixpkgs(flags.nixpkgs, environment),
    release: flags.release ?? null,
    pythons: flags.python ?? null,
    platforms: flags.platform ?? null,
    format: flags.format ?? 'sdist',
    indexUrl: flags.indexUrl ?? null,
    extraIndexUrls: flags.extraIndexUrl,
    findLinks: flags.findLinks,
    noIndex: !flags.index,
    offline: flags.offline,
    refresh: flags.refresh,
    asOf: flags.asOf ?? null,
    pre: flags.pre,
    overrides: flags.overrides ?? [],
    color: flags.color,
    quiet: flags.quiet,
    verbose: flags.verbose,
    jobs: flags.jobs,
  };
}
