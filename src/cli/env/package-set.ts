import type { Note } from '../../base/note.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import type { PackagePath } from '../../nixpkgs/descriptions.ts';
import { builtinSet, type PackageSetNames } from '../../nixpkgs/package-set.ts';
import { isRead } from '../options/nixpkgs-choice.ts';
import type { GenerateOptions } from '../options.ts';
import { type RunNames, runNames } from '../run/run-names.ts';
import { type RunTargets, runTargets } from '../run/targets.ts';
import type { CommandContext } from '../world.ts';

/** A package set in which names are looked up, and nothing is resolved. */
export interface PackageSetChoice {
  /** What was asked for or what the nixpkgs says; null: the form that serves several. */
  readonly asked: string | null;
  readonly release: string;
  readonly targets: RunTargets;
  readonly set: PackageSetNames;
  readonly names: RunNames;
  readonly notes: readonly Note[];
  /** What packages of it say of themselves; null where that is not known. */
  descriptions(paths: readonly PackagePath[]): Promise<readonly (string | null)[]>;
}

/** The package set that options name. Throws what reading a nixpkgs throws. */
export async function packageSetOf(
  options: Pick<GenerateOptions, 'nixpkgs' | 'bootstrap' | 'release' | 'offline' | 'pythons' | 'platforms'>,
  context: CommandContext,
): Promise<PackageSetChoice> {
  const { nixpkgs: choice } = options;
  // Loaded only then: it brings all that reads Nix.
  const nixpkgs = isRead(choice)
    ? await (await import('../run/run-nixpkgs.ts')).openRunNixpkgs(options, choice, context)
    : null;
  const asked = nixpkgs === null ? options.release : nixpkgs.release;
  const release = asked ?? DEFAULT_RELEASE;
  const targets = runTargets(asked, options, nixpkgs?.targets);
  const read = (await nixpkgs?.names(targets)) ?? null;
  return {
    asked,
    release,
    targets,
    set: read?.set ?? builtinSet(release),
    names: runNames(release, options, read?.set ?? null),
    notes: [...(nixpkgs?.notes ?? []), ...(read?.notes ?? [])],
    descriptions: async (paths) => (await nixpkgs?.descriptions(paths)) ?? paths.map(() => null),
  };
}
