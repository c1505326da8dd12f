import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { cacheDirectory } from '../../cache/cache-directory.ts';
import { createCacheStore } from '../../cache/store.ts';
import { DEFAULT_RELEASE, RELEASES } from '../../nix/dialect.ts';
import type { PackagePath } from '../../nixpkgs/descriptions.ts';
import { evaluatedSet, type TargetSet } from '../../nixpkgs/evaluated-set.ts';
import { type PlacedNixpkgs, placeFlake, placeSearchPath } from '../../nixpkgs/flake.ts';
import { type NixpkgsIdentity, releaseWord } from '../../nixpkgs/identity.ts';
import type { PackageSetNames } from '../../nixpkgs/package-set.ts';
import { type Interpreter, type Nixpkgs, readNixpkgs } from '../../nixpkgs/read-nixpkgs.ts';
import type { StatedRelease } from '../../nixpkgs/stated-release.ts';
import { type Targets, targetsOf } from '../../nixpkgs/targets.ts';
import type { ReadChoice } from '../options/nixpkgs-choice.ts';
import type { ResolvingOptions } from '../options.ts';
import type { CommandContext } from '../world.ts';
import type { RunTargets } from './targets.ts';

/** The nixpkgs that a run is for, read as far as the choice of targets needs it. */
export interface RunNixpkgs {
  /** For the header and messages: `nixpkgs 18.03 (commit 0123456789ab)`. */
  readonly title: string;
  readonly identity: NixpkgsIdentity;
  /** The release whose form is printed; null where it is not known: the form that serves several. */
  readonly release: string | null;
  /** What is meant unless interpreters are named. */
  readonly targets: Targets;
  readonly notes: readonly Note[];
  /** What it has for some targets. Throws UserError E_NO_INTERPRETER (exit 1) for one that binds and is not there, and what reading the sets throws. */
  names(targets: RunTargets): Promise<{ readonly set: PackageSetNames; readonly notes: readonly Note[] }>;
  /** What packages of its sets say of themselves, as `descriptions` of a `Nixpkgs`. */
  descriptions(paths: readonly PackagePath[]): Promise<readonly (string | null)[]>;
}

/**
 * Reads the nixpkgs that is chosen, or what the cache has of its revision.
 * Throws UserError E_NIX_MISSING, E_NO_FLAKES (exit 69), E_BAD_NIXPKGS and E_BAD_FLAKE (1).
 */
export async function openRunNixpkgs(
  given: Pick<ResolvingOptions, 'release' | 'offline'>,
  choice: ReadChoice,
  context: CommandContext,
): Promise<RunNixpkgs> {
  const { environment, directory, onProgress } = context;
  const cacheNotes: Note[] = [];
  const cache =
    context.cache ??
    createCacheStore({ folder: cacheDirectory(environment), onNote: (note) => void cacheNotes.push(note) });
  const placed = await placeOf(choice, { environment, directory, offline: given.offline });
  const nixpkgs = await readNixpkgs(placed.folder, {
    environment,
    cache,
    onProgress,
    ...(placed.title === undefined ? {} : { title: placed.title }),
  });
  const form = formOf(nixpkgs.release);
  const release = given.release ?? form.release;
  return {
    title: nixpkgs.title,
    identity: {
      named: choice.kind === 'flake' ? choice.reference : choice.path,
      folder: nixpkgs.folder,
      release: releaseWord(nixpkgs.release),
      revision: nixpkgs.revision,
    },
    release,
    targets: targetsIn(nixpkgs, release),
    notes: [...(given.release === null ? form.notes : otherReleaseNotes(given.release, nixpkgs))],
    async descriptions(paths) {
      const found = await nixpkgs.descriptions(paths);
      await cache.settled();
      return found;
    },
    async names(targets) {
      const wanted = wantedInterpreters(nixpkgs, targets);
      const records = await nixpkgs.pythonSets(wanted.map(({ interpreter }) => interpreter));
      await cache.settled();
      const sets = records.flatMap((record, index): TargetSet[] => {
        const found = wanted[index];
        return found === undefined ? [] : [{ ...found, record }];
      });
      const { title, systemNames, systemPaths, licences } = nixpkgs;
      return {
        set: evaluatedSet({ title, sets, systemNames, systemPaths, licences }),
        notes: [...cacheNotes, ...sets.flatMap(unreadableNotes)],
      };
    },
  };
}

function placeOf(choice: ReadChoice, options: Parameters<typeof placeFlake>[1]): Promise<PlacedNixpkgs> {
  if (choice.kind === 'flake') return placeFlake(choice.reference, options);
  const [, name] = /^<([^<>]+)>$/u.exec(choice.path) ?? [];
  if (name !== undefined) return placeSearchPath(name, options);
  return Promise.resolve({ folder: path.resolve(options.directory, choice.path) });
}

/** The release whose form serves a nixpkgs: of what came before a release the form of the one before that, which both read. */
function formOf(stated: StatedRelease | null): { readonly release: string | null; readonly notes: readonly Note[] } {
  if (stated === null) {
    const text = `this nixpkgs does not say of which release it is: the form of ${DEFAULT_RELEASE} to unstable is printed; --release names another`;
    return { release: null, notes: [{ kind: 'guess', text }] };
  }
  const { release, isBefore } = stated;
  const position = RELEASES.indexOf(release);
  if (position < 0) {
    const newest = RELEASES.at(-2) ?? DEFAULT_RELEASE;
    return { release: release > newest ? 'unstable' : release, notes: [] };
  }
  const before = RELEASES[position - 1];
  if (!isBefore || before === undefined) return { release, notes: [] };
  const text = `this nixpkgs was made on the way to ${release}: the form of ${before} is printed, which it reads too; --release names another`;
  return { release: before, notes: [{ kind: 'guess', text }] };
}

function otherReleaseNotes(given: string, { release, title }: Nixpkgs): readonly Note[] {
  if (release === null || release.release === given) return [];
  return [
    {
      kind: 'warning',
      text: `the form is that of nixpkgs ${given}, as --release says, and the package set that of ${title}`,
    },
  ];
}

/**
 * The interpreters of a nixpkgs from the oldest on that the table has for its release; without PyPy where the table has none. Versions are chosen for `python3`, but
 * in the releases without overlays, whose files name an interpreter, for the one of the table.
 */
function targetsIn(nixpkgs: Nixpkgs, release: string | null): Targets {
  const table = targetsOf(release);
  const there = nixpkgs.interpreters.filter(({ implementation }) => implementation === 'cpython');
  const versions = there.map(({ version }) => version);
  const oldest = versions.findIndex((version) => table.pythons.includes(version));
  const pythons = (oldest < 0 ? versions : versions.slice(oldest)).filter(
    (version) => table.pythons.includes(version) || !isOld(version),
  );
  const named = release !== null && release < '17.03' ? table.defaultPython : (nixpkgs.python3 ?? table.defaultPython);
  const defaultPython = versions.includes(named) ? named : (versions.at(-1) ?? named);
  const hasPyPy = nixpkgs.interpreters.some(({ implementation }) => implementation === 'pypy');
  return {
    ...table,
    pythons: pythons.includes(defaultPython) ? pythons : [...pythons, defaultPython],
    defaultPython,
    implementations: table.implementations.filter((implementation) => implementation === 'cpython' || hasPyPy),
  };
}

/** Interpreters that a nixpkgs keeps for their own sake, although the table of its release has none such. */
function isOld(version: string): boolean {
  return version.startsWith('2.') || /^3\.[0-3]$/u.test(version);
}

function wantedInterpreters(
  { interpreters, title }: Nixpkgs,
  { pythons, binding, environments }: RunTargets,
): readonly Pick<TargetSet, 'interpreter' | 'binds'>[] {
  const cpython = interpreters.filter(({ implementation }) => implementation === 'cpython');
  const missing = binding.filter((python) => !cpython.some(({ version }) => version === python));
  if (missing.length > 0)
    throw new UserError('E_NO_INTERPRETER', `${title} has no Python ${joinWords(missing, 'or')}`, {
      hint: `it has ${joinWords(cpython.map(({ version }) => version))}`,
      exit: EXIT.unmet,
    });
  const hasPyPy = environments.some(({ implementation_name }) => implementation_name === 'pypy');
  // PyPy stands for the oldest of the interpreters, as its markers do.
  const pypy = hasPyPy ? interpreters.filter(({ implementation }) => implementation === 'pypy').slice(0, 1) : [];
  const inOrder = [...binding, ...pythons.filter((python) => !binding.includes(python))];
  const named = inOrder.flatMap((python): Interpreter[] => cpython.filter(({ version }) => version === python));
  return [...named, ...pypy].map((interpreter) => ({
    interpreter,
    binds: interpreter.implementation === 'cpython' && binding.includes(interpreter.version),
  }));
}

function unreadableNotes({ interpreter, record }: TargetSet): readonly Note[] {
  if (record.unreadable.length === 0) return [];
  const text = `Nix cannot evaluate ${joinWords(record.unreadable)} of ${interpreter.attribute}.pkgs, which counts as missing`;
  return [{ kind: 'unknown', text }];
}
