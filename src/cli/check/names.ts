import type { Note } from '../../base/note.ts';
import { userErrorsOf } from '../../base/user-error.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { builtinSet, type PackageSetNames } from '../../nixpkgs/package-set.ts';
import { openRunNixpkgs } from '../run/run-nixpkgs.ts';
import { runTargets } from '../run/targets.ts';
import type { CommandContext } from '../world.ts';

/** The names of the package set that is checked with. */
export interface CheckedNames {
  /** Reads them the first time it is called: only explanations need them. Where the set cannot be read the shipped list stands in, with a note. */
  read(): Promise<PackageSetNames>;
  readonly notes: readonly Note[];
}

/** The names of a nixpkgs, by its path. */
export function checkedNames(nixpkgs: string, context: CommandContext): CheckedNames {
  const notes: Note[] = [];
  let names: Promise<PackageSetNames> | null = null;
  return {
    read() {
      names ??= namesOf(nixpkgs, context, notes);
      return names;
    },
    notes,
  };
}

async function namesOf(nixpkgs: string, context: CommandContext, notes: Note[]): Promise<PackageSetNames> {
  try {
    const opened = await openRunNixpkgs({ release: null, offline: false }, { kind: 'path', path: nixpkgs }, context);
    const targets = runTargets(opened.release, { pythons: null, platforms: null }, opened.targets);
    return (await opened.names(targets)).set;
  } catch (thrown) {
    const errors = userErrorsOf(thrown);
    if (errors === undefined) throw thrown;
    const why = errors.map(({ message }) => message).join('; ');
    notes.push({
      kind: 'fallback',
      text: `rules are proposed by the shipped list of names, because those of ${nixpkgs} cannot be read: ${why}`,
    });
    return builtinSet(DEFAULT_RELEASE);
  }
}
