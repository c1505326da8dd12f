import { Option } from 'commander';
import type { ManifestOptions } from '../../repository/manifest-options.ts';
import { choiceTable, indexTable, type ResolvingFlags, readingTable, writingTable } from './resolving-options.ts';
import { collect } from './values.ts';
import { type WidthFlags, widthTable } from './width-options.ts';

/** The flags of `keptTable()` as commander gives them. */
export interface KeptFlags extends Omit<ResolvingFlags, 'format' | 'resolution'>, Omit<WidthFlags, 'deps'> {
  readonly deps?: WidthFlags['deps'];
  readonly format?: ResolvingFlags['format'];
  readonly resolution?: ResolvingFlags['resolution'];
  readonly hash?: 'sri' | 'hex' | 'base32';
  readonly maintainer: readonly string[];
}

/** Options of a single run: a repository does not keep them. */
const OF_A_RUN: ReadonlySet<string | undefined> = new Set(['--offline', '--refresh', '--jobs', '--prefer']);

/** The options of `generate` that a manifest keeps. A choice has no default: what is not given stays as the manifest has it. */
export function keptTable(): Option[] {
  return [
    ...[...widthTable(), ...choiceTable(), ...readingTable(), ...indexTable()]
      .filter(({ long }) => !OF_A_RUN.has(long))
      .map((option) => (typeof option.defaultValue === 'string' ? option.default(undefined) : option)),
    new Option('-c, --constraint <file>', 'versions that nothing may leave, from a file in pip’s format')
      .argParser(collect)
      .default([]),
    ...writingTable(),
  ];
}

/** What was given, as `[options]` of a manifest says it. */
export function keptOptions(flags: KeptFlags): ManifestOptions {
  const texts = (values: readonly string[] | undefined): string[] => [...(values ?? [])];
  const all: ManifestOptions = {
    release: flags.release,
    nixpkgs: flags.nixpkgs,
    relax: flags.relax || undefined,
    python: texts(flags.python),
    platform: texts(flags.platform),
    deps: flags.deps,
    bootstrap: flags.bootstrap || undefined,
    extras: texts(flags.extras),
    'with-checks': flags.withChecks === true || undefined,
    'no-checks': !flags.checks || undefined,
    format: flags.format,
    resolution: flags.resolution,
    'as-of': flags.asOf,
    pre: flags.pre || undefined,
    constraint: texts(flags.constraint),
    overrides: texts(flags.overrides),
    'index-url': flags.indexUrl,
    'extra-index-url': texts(flags.extraIndexUrl),
    'find-links': texts(flags.findLinks),
    'no-index': !flags.index || undefined,
    hash: flags.hash,
    maintainer: texts(flags.maintainer),
  };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}
