import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sortedUnique } from '../../src/base/text.ts';
import { ATTRIBUTE_OF_PROGRAM } from '../../src/classify/build-tools.ts';
import { CONFIG_PROGRAMS } from '../../src/classify/config-programs.ts';
import { LIBRARY_ROWS } from '../../src/classify/native-names.ts';
import { MORE_LIBRARY_ROWS } from '../../src/classify/native-names-more.ts';
import { packageRoot } from '../../src/cli/package-root.ts';
import modern from '../../src/nixpkgs/data/python-packages-modern.json' with { type: 'json' };

/** The names that an expression for a current nixpkgs may take as arguments. */
export interface ListedNames {
  /** Attributes of the Python set that are packages. */
  readonly python: readonly string[];
  /** Attributes of the Python set that are none: helpers, builders, hooks. */
  readonly helpers: readonly string[];
  /** Attributes of nixpkgs, some of them paths: `libpq.pg_config`. */
  readonly system: readonly string[];
}

/** The names of the shipped list of the Python set, and of the tables of libraries and programs with what override files name. */
export async function listedNames(): Promise<ListedNames> {
  return {
    python: modern.packages.flatMap((line) => line.split(' ')),
    helpers: modern.others.split(' '),
    system: sortedUnique([
      ...[...LIBRARY_ROWS, ...MORE_LIBRARY_ROWS]
        .flatMap((row) => row.split(' | ')[0] ?? [])
        .filter((name) => name !== '-'),
      ...ATTRIBUTE_OF_PROGRAM.values(),
      ...[...CONFIG_PROGRAMS.values()].map(({ tool }) => tool),
      ...(await namesOfOverrides()),
      ...HELPERS,
    ]),
  };
}

/** What expressions take besides libraries and programs that build files ask for by name; all of them are in nixpkgs. */
const HELPERS = [
  ...['gitMinimal', 'patchelf'],
  ...[
    'autoPatchelfHook',
    'cargo',
    'fetchgit',
    'fetchurl',
    'gfortran.cc.lib',
    'lib',
    'pkgs',
    'python',
    'rustc',
    'stdenv',
  ],
  ...['rustPlatform.cargoSetupHook', 'rustPlatform.importCargoLock', 'rustPlatform.maturinBuildHook'],
];

/** The system libraries and programs that shipped rules add; a mistake in one of them shows where the rule is tested. */
async function namesOfOverrides(): Promise<readonly string[]> {
  const folder = path.join(packageRoot(), 'overrides');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.toml'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const lists = texts.flatMap((text) => [...text.matchAll(/^(?:nativeB|b)uildInputs\.\w+ *= *\[([^\]]*)\]/gmu)]);
  return lists.flatMap(([, entries = '']) => [...entries.matchAll(/"([^"]+)"/gu)].map(([, name = '']) => name));
}
