import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { normalizeName } from '../../src/pep/name.ts';

/** What the command line of `build-corpus` says; paths are absolute. */
export interface BuildCorpusOptions {
  readonly list: string;
  /** The share of projects that have to build, in percent. */
  readonly atLeast: number;
  /** How many builds run at a time. */
  readonly jobs: number;
  /** PEP 503 names; empty: the whole list. */
  readonly only: readonly string[];
  /** Whether the tests of each project are run as well. */
  readonly withChecks: boolean;
  /** The folder of the package set to build with. */
  readonly set: string;
  /** Where the store of the builds stays from run to run; null: an empty one, removed afterwards. */
  readonly store: string | null;
}

export const BUILD_CORPUS_USAGE = `usage: npm run -s build-corpus -- LIST [options]
  --at-least PERCENT  how many have to build for exit code 0 (default: 90)
  --jobs N            builds at a time (default: one a processor)
  --only NAME         only this project of the list; may be given several times
  --with-checks       also run the tests of each project
  --set DIR           the package set to build with (default: test/nixpkgs)
  --store DIR         keep what was built for the next run (default: an empty store, removed afterwards)`;

/** Reads the command line; paths are relative to `directory`. Throws an Error that says what is wrong. */
export function parseBuildCorpusOptions(args: readonly string[], directory: string): BuildCorpusOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'at-least': { type: 'string', default: '90' },
      jobs: { type: 'string', default: String(os.availableParallelism()) },
      only: { type: 'string', multiple: true, default: [] },
      'with-checks': { type: 'boolean', default: false },
      set: { type: 'string' },
      store: { type: 'string' },
    },
  });
  const [list, ...others] = positionals;
  if (list === undefined || others.length > 0) throw new Error('one LIST is wanted');
  return {
    list: path.resolve(directory, list),
    atLeast: numberOf('--at-least', values['at-least'], { least: 0, most: 100 }),
    jobs: numberOf('--jobs', values.jobs, { least: 1, most: 1000 }),
    only: values.only.map(normalizeName),
    withChecks: values['with-checks'],
    set: values.set === undefined ? STAND_IN : path.resolve(directory, values.set),
    store: values.store === undefined ? null : path.resolve(directory, values.store),
  };
}

const STAND_IN = fileURLToPath(new URL('../../test/nixpkgs', import.meta.url));

function numberOf(
  option: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = /^\d{1,4}$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Error(`${option}: ${JSON.stringify(text)} is no number from ${least} to ${most}`);
}
