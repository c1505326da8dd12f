import * as v from 'valibot';
import { evaluateIsolated } from './isolated-evaluation.ts';
import { DESCRIPTIONS } from './nix-text.ts';

/** A package by its set and its attribute in it: `python35Packages`, `numpy`. */
export type PackagePath = readonly [set: string, attribute: string];

/**
 * What packages of a nixpkgs say of themselves, in the order of the paths; null where they say nothing, and where Nix gives up on them. `folder` is absolute.
 * Throws UserError E_NIX_MISSING (exit 69), and E_NIX_EVALUATION (exit 1) for what is no nixpkgs.
 */
export async function readDescriptions(
  folder: string,
  paths: readonly PackagePath[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly (string | null)[]> {
  if (paths.length === 0) return [];
  const { values } = await evaluateIsolated({
    text: DESCRIPTIONS,
    arguments: { nixpkgs: folder, paths: JSON.stringify(paths) },
    environment,
    directory: folder,
  });
  const found = new Map(v.parse(v.array(Described), values).map((each) => [each.pair.join('.'), each.description]));
  return paths.map((path) => found.get(path.join('.')) ?? null);
}

const Described = v.object({ pair: v.array(v.string()), description: v.nullable(v.string()) });
