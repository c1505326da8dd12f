import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sortedUnique } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { CheckedPackage } from '../../check/check-result.ts';
import type { NixOptions } from '../../nix-run/nix-process.ts';
import { placeFlake } from '../../nixpkgs/flake.ts';
import { checkText } from '../../report/check.ts';
import { checkJson } from '../../report/check-json.ts';
import { noteLines } from '../../report/notes.ts';
import type { CheckOptions } from '../options/check-options.ts';
import type { CommandResult } from '../options/command.ts';
import type { CommandContext } from '../world.ts';
import { findNixpkgs } from './evaluate.ts';
import { fixPackages } from './fix.ts';
import { checkedNames } from './names.ts';
import { refuseUnrecorded } from './regenerate.ts';
import { chosenPackages, readCheckedRepository } from './repository.ts';
import { type CheckRun, runCheck } from './run.ts';

/**
 * `pypi2nix check`: parses, evaluates and with `--build` builds the packages of a repository with the user's Nix, explains what fails, and with `--fix` writes rules
 * against it. Exit 1 when something fails at the end.
 * Throws UserError E_NO_REPOSITORY, E_NO_SUCH_PACKAGE, E_NIX_MISSING, E_NO_NIXPKGS, E_NO_INTERPRETER, and what `fixPackages` throws.
 */
export async function check(options: CheckOptions, context: CommandContext): Promise<CommandResult> {
  const { folder, names: words } = wordsOf(options.words, context.directory);
  const repository = await readCheckedRepository(folder);
  const chosen = chosenPackages(repository, words);
  if (options.fix) refuseUnrecorded(folder);
  const ender = new AbortController();
  // The commands of Nix end with this process, however it ends.
  const end = (): void => ender.abort();
  process.once('exit', end);
  try {
    const nix: NixOptions = { environment: context.environment, directory: folder, signal: ender.signal };
    const sets = await setsOf(options.pythons, folder);
    const nixpkgs = await nixpkgsOf(options, { context, nix });
    const names = checkedNames(nixpkgs, context);
    const run: CheckRun = {
      folder,
      projects: words.length === 0 ? null : new Set(chosen.map(({ project }) => project)),
      sets,
      nixpkgs,
      build: options.build,
      jobs: options.jobs ?? os.availableParallelism(),
      keepFailed: options.keepFailed,
      nix,
      onProgress: context.onProgress,
      context,
      names: names.read,
      built: new Map(),
      failed: new Map(),
    };
    const packages = await runCheck(run);
    const result = options.fix ? await fixPackages(packages, run, context) : { packages, tried: [] };
    const uncalled = chosen.filter(({ attribute }) => attribute === null).map(({ project }) => project);
    return {
      stdout: options.json ? checkJson(result) : checkText(result, { uncalled }),
      report: (style) => noteLines(names.notes, style),
      ...(result.packages.every(isWell) && uncalled.length === 0 ? {} : { exit: EXIT.unmet }),
    };
  } finally {
    process.off('exit', end);
  }
}

/** The path of the nixpkgs that is named by its path, as `<NAME>`, or by a flake reference. */
async function nixpkgsOf(
  { nixpkgs }: CheckOptions,
  { context, nix }: { readonly context: CommandContext; readonly nix: NixOptions },
): Promise<string> {
  const { directory, environment } = context;
  if (nixpkgs?.kind !== 'flake') return findNixpkgs(nixpkgs?.path ?? null, { directory, nix });
  return (await placeFlake(nixpkgs.reference, { directory, environment, offline: false })).folder;
}

function isWell({ outcome }: CheckedPackage): boolean {
  return outcome.kind === 'done' || outcome.kind === 'not for this interpreter';
}

/** The first word is a folder where there is one of that name, or it is written as a path. */
function wordsOf(
  words: readonly string[],
  directory: string,
): { readonly folder: string; readonly names: readonly string[] } {
  const [first, ...rest] = words;
  if (first === undefined) return { folder: directory, names: [] };
  const folder = path.resolve(directory, first);
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder || /^\.{1,2}$|\//u.test(first)) return { folder, names: rest };
  return { folder: directory, names: words };
}

/** The sets of default.nix that are meant. Throws UserError E_NO_INTERPRETER (exit 1) for one that it does not have. */
async function setsOf(pythons: CheckOptions['pythons'], folder: string): Promise<readonly (string | null)[]> {
  if (pythons === null) return [null];
  const text = await readFile(path.join(folder, 'default.nix'), 'utf8');
  const there = sortedUnique(
    [...text.matchAll(/\b(python\d{2,3}|pypy\d{2,3})\b(?=\s*=)/gu)].map(([, name = '']) => name),
  );
  if (pythons === 'all') return there.length === 0 ? [null] : there;
  return pythons.map((python) => {
    const set = `${python.startsWith('pypy') ? '' : 'python'}${python.replace(/[.-]/gu, '')}`;
    if (there.includes(set)) return set;
    throw new UserError('E_NO_INTERPRETER', `default.nix has no packages for Python ${python}`, {
      hint: there.length === 0 ? 'it has those at its top only' : `it has ${there.join(', ')}`,
    });
  });
}
