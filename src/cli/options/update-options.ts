import { InvalidArgumentError, Option } from 'commander';
import { UPDATE_TARGETS, type UpdateTarget } from '../../repository/package-update.ts';
import { defineCommand, type Given } from './command.ts';
import {
  decodeRepository,
  REPOSITORY_RULES,
  type RepositoryFlags,
  type RepositoryOptions,
  repositoryTable,
} from './repository-options.ts';
import { messageTable, refreshOption } from './resolving-options.ts';
import { collect, filled } from './values.ts';

/** What the command line of `update` says, decoded. `dryRun` holds unless it writes. */
export interface UpdateOptions extends RepositoryOptions {
  /** Names and globs of packages; none: all. */
  readonly words: readonly string[];
  readonly write: boolean;
  readonly target: UpdateTarget;
  readonly exclude: readonly string[];
  /** A date or an RFC 3339 time; null: as the manifest says. */
  readonly asOf: string | null;
  /** Releases that are younger are passed over, in milliseconds; null: none are. */
  readonly coolDown: { readonly milliseconds: number; readonly text: string } | null;
  /** Whether the new versions are built before they are taken. */
  readonly check: boolean;
  /** The nixpkgs that `check` builds with; null: `<nixpkgs>`. */
  readonly nixpkgs: string | null;
  readonly commit: 'each' | 'all' | null;
  readonly json: boolean;
  readonly failOnOutdated: boolean;
  readonly refresh: boolean;
}

interface UpdateFlags extends Omit<RepositoryFlags, 'dryRun'> {
  readonly write: boolean;
  readonly target: UpdateTarget;
  readonly exclude: readonly string[];
  readonly asOf?: string;
  readonly coolDown?: NonNullable<UpdateOptions['coolDown']>;
  readonly check: boolean;
  readonly nixpkgs?: string;
  readonly commit?: 'each' | 'all';
  readonly json: boolean;
  readonly failOnOutdated: boolean;
  readonly refresh: boolean;
}

export const updateCommand = defineCommand({
  name: 'update',
  summary: 'show which packages of a repository have newer versions, and with -w write them',
  usage: '[NAME...] [options]',
  words: { name: 'names', text: 'packages, also as patterns such as "django-*" (default: all)' },
  table: () => [
    new Option('-w, --write', 'write the new versions, all or none').default(false),
    new Option(
      '--target <step>',
      'how far: patch, minor, major within the bounds of the manifest, or latest, which lifts its bounds',
    )
      .choices([...UPDATE_TARGETS])
      .default('major'),
    new Option('--exclude <name>', 'a package, or a pattern, that stays').argParser(collect).default([]),
    new Option(
      '--as-of <date>',
      'only files uploaded until then: a date (its end in UTC) or an RFC 3339 time',
    ).argParser(filled),
    new Option('--cool-down <time>', 'only releases that are older, for example 7d, 2w or 12h').argParser(duration),
    new Option('--check', 'build first; what does not build stays, and the table tells why').default(false),
    new Option(
      '--nixpkgs <path>',
      'the nixpkgs that --check builds with; else PYPI2NIX_NIXPKGS says it, or <nixpkgs> holds',
    ).argParser(filled),
    new Option('--commit <how>', 'make a git commit for each package, or one for all').choices(['each', 'all']),
    new Option('--json', 'print the result as JSON').default(false),
    new Option('--fail-on-outdated', 'exit with 1 when there are updates that are not written').default(false),
    // Nothing is written without -w.
    ...repositoryTable().filter(({ long }) => long !== '--dry-run'),
    refreshOption(),
    ...messageTable(),
  ],
  rules: [
    ...REPOSITORY_RULES,
    { kind: 'exclude', options: ['offline', 'refresh'] },
    { kind: 'exclude', options: ['json', 'diff'] },
    { kind: 'need', option: 'commit', oneOf: ['write'] },
    { kind: 'need', option: 'nixpkgs', oneOf: ['check'] },
  ],
  examples: [
    'pypi2nix update                                     what there is',
    'pypi2nix update -w --target minor --cool-down 7d    nothing that is large, or fresh',
    'pypi2nix update "django-*" -w --check --commit each',
  ],
  decode: (flags: UpdateFlags, { words, environment }: Given): UpdateOptions => ({
    ...decodeRepository({ ...flags, dryRun: !flags.write }),
    words,
    write: flags.write,
    target: flags.target,
    exclude: flags.exclude,
    asOf: flags.asOf ?? null,
    coolDown: flags.coolDown ?? null,
    check: flags.check,
    nixpkgs: flags.nixpkgs ?? pathOf(environment.PYPI2NIX_NIXPKGS),
    commit: flags.commit ?? null,
    json: flags.json,
    failOnOutdated: flags.failOnOutdated,
    refresh: flags.refresh,
  }),
  load: async () => (await import('../update/update.ts')).update,
});

const HOUR = 60 * 60 * 1000;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', HOUR],
  ['d', 24 * HOUR],
  ['w', 7 * 24 * HOUR],
]);

/** duration = 1*5DIGIT ( "h" / "d" / "w" ) */
function duration(text: string): NonNullable<UpdateOptions['coolDown']> {
  const [, count = '', unit = ''] = /^(\d{1,5})([hdw])$/u.exec(text) ?? [];
  const size = UNITS.get(unit);
  if (size === undefined) throw new InvalidArgumentError('A time such as 7d, 2w or 12h is needed.');
  return { milliseconds: Number(count) * size, text };
}

/** The variable may also name what is no nixpkgs to build with. */
function pathOf(named: string | undefined): string | null {
  return named === undefined || ['', 'builtin', 'none'].includes(named) ? null : named;
}
