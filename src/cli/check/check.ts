import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { joinWords, sortedUnique } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { CheckedPackage } from '../../check/check-result.ts';
import type { NixOptions } from '../../nix-run/nix-process.ts';
import { placeFlake } from '../../nixpkgs/flake.ts';
import { identityOf } from '../../nixpkgs/identity.ts';
import { checkText } from '../../report/check.ts';
import { checkJson } from '../../report/check-json.ts';
import { noteLines } from '../../report/notes.ts';
import { MANIFEST_PATH } from '../../repository/manifest.ts';
import type { CheckOptions } from '../options/check-options.ts';
import type { CommandResult } from '../options/command.ts';
import { isRead, parseNixpkgsChoice } from '../options/nixpkgs-choice.ts';
import { readManifest } from '../repository/repository-manifest.ts';
import type { CommandContext } from '../world.ts';
import { findNixpkgs, presentSets } from './evaluate.ts';
import { fixPackages } from './fix.ts';
import { catchInterrupts, Interrupted } from './interrupt.ts';
import { checkedNames } from './names.ts';
import { refuseUnrecorded, regeneratePackages } from './regenerate.ts';
import { chosenPackages, readCheckedRepository } from './repository.ts';
import { type CheckRun, runCheck } from './run.ts';
import { takeBackUntried } from './trial.ts';

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
  const untried = await takeBackUntried(folder, (projects) => regeneratePackages(folder, projects, context));
  const ender = new AbortController();
  const interrupt = options.fix ? catchInterrupts(() => ender.abort()) : null;
  try {
    const nix: NixOptions = { environment: context.environment, directory: folder, signal: ender.signal };
    const wanted = await namedSets(options.pythons, folder);
    const choice = options.nixpkgs ?? (await nixpkgsOfManifest(folder));
    const { folder: nixpkgs, revision } = await nixpkgsOf(choice, {
      context: { ...context, directory: options.nixpkgs === null ? folder : context.directory },
      nix,
    });
    const { sets, notes } = await presentAmong(wanted, { isAll: options.pythons === 'all', folder, nixpkgs, nix });
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
      stdout: options.json
        ? checkJson(
            result,
            await identityOf(nixpkgs, { named: nameOf(choice), environment: context.environment, revision }),
          )
        : checkText(result, { uncalled }),
      report: (style) => noteLines([...untried, ...notes, ...names.notes], style),
      ...(result.packages.every(isWell) && uncalled.length === 0 ? {} : { exit: EXIT.unmet }),
    };
  } catch (thrown) {
    const code = interrupt?.code() ?? null;
    if (code === null || !(thrown instanceof Interrupted)) throw thrown;
    return process.exit(code);
  } finally {
    interrupt?.release();
    // What still builds when the run cannot go on would keep the program until it is done.
    ender.abort();
  }
}

/** The path of the nixpkgs that is named by its path, as `<NAME>`, or by a flake reference. */
async function nixpkgsOf(
  nixpkgs: CheckOptions['nixpkgs'],
  { context, nix }: { readonly context: CommandContext; readonly nix: NixOptions },
): Promise<{ readonly folder: string; readonly revision?: string | undefined }> {
  const { directory, environment } = context;
  if (nixpkgs?.kind !== 'flake') return { folder: await findNixpkgs(nixpkgs?.path ?? null, { directory, nix }) };
  const { folder, title } = await placeFlake(nixpkgs.reference, { directory, environment, offline: false });
  return { folder, revision: title };
}

function nameOf(nixpkgs: CheckOptions['nixpkgs']): string {
  if (nixpkgs === null) return '<nixpkgs>';
  return nixpkgs.kind === 'flake' ? nixpkgs.reference : nixpkgs.path;
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

/** The nixpkgs that the manifest of a repository names; null: it has none, or names one that is not read. Throws what reading the manifest throws. */
async function nixpkgsOfManifest(folder: string): Promise<CheckOptions['nixpkgs']> {
  if (!existsSync(path.join(folder, MANIFEST_PATH))) return null;
  const { nixpkgs } = (await readManifest(folder)).options;
  const choice = nixpkgs === undefined ? null : parseNixpkgsChoice(nixpkgs);
  return choice !== null && isRead(choice) ? choice : null;
}

interface ChosenSets {
  readonly sets: readonly (string | null)[];
  readonly notes: readonly Note[];
}

/** The sets of default.nix that are meant; none for its top. Throws UserError E_NO_INTERPRETER (exit 1) for one that it does not have. */
async function namedSets(pythons: CheckOptions['pythons'], folder: string): Promise<readonly string[]> {
  if (pythons === null) return [];
  const text = await readFile(path.join(folder, 'default.nix'), 'utf8');
  const named = sortedUnique(
    [...text.matchAll(/\b(python\d{2,3}|pypy\d{2,3})\b(?=\s*=)/gu)].map(([, name = '']) => name),
  );
  return pythons === 'all' ? named : pythons.map((python) => setOf(python, named));
}

/** Those of the sets that this nixpkgs has. Throws UserError E_NO_INTERPRETER (exit 1) where one is missing that was named, or all are. */
async function presentAmong(
  wanted: readonly string[],
  {
    isAll,
    folder,
    nixpkgs,
    nix,
  }: { readonly isAll: boolean; readonly folder: string; readonly nixpkgs: string; readonly nix: NixOptions },
): Promise<ChosenSets> {
  if (wanted.length === 0) return { sets: [null], notes: [] };
  const sets = await presentSets(wanted, { folder, nixpkgs, nix });
  const missing = wanted.filter((set) => !sets.includes(set));
  if (missing.length === 0) return { sets, notes: [] };
  if (!isAll || sets.length === 0) {
    throw new UserError('E_NO_INTERPRETER', `this nixpkgs has no ${joinWords(missing, 'or')}`, {
      hint: sets.length === 0 ? 'leave --python out to check what is at the top' : `it has ${joinWords(sets)}`,
    });
  }
  const note: Note = {
    kind: 'omitted',
    text: `this nixpkgs has no ${joinWords(missing, 'or')}: nothing is checked for ${missing.length === 1 ? 'it' : 'them'}`,
  };
  return { sets, notes: [note] };
}

/** The name of the set for an interpreter, X.Y or pypyX.Y. */
function setOf(python: string, named: readonly string[]): string {
  const set = `${python.startsWith('pypy') ? '' : 'python'}${python.replace(/[.-]/gu, '')}`;
  if (named.includes(set)) return set;
  throw new UserError('E_NO_INTERPRETER', `default.nix has no packages for Python ${python}`, {
    hint: named.length === 0 ? 'it has those at its top only' : `it has ${named.join(', ')}`,
  });
}
