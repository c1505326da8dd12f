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
  const found = new Map<string, string | null>();
  for (const part of partsOf(paths)) {
    const { values } = await evaluateIsolated({
      text: DESCRIPTIONS,
      arguments: { nixpkgs: folder, paths: part },
      environment,
      directory: folder,
    });
    for (const { pair, description } of v.parse(v.array(Described), values)) found.set(pair.join('.'), description);
  }
  return paths.map((path) => found.get(path.join('.')) ?? null);
}

/** In bytes. Linux takes no argument of a command of 128 KiB or more, and a nixpkgs has many thousands of packages. */
const LARGEST_PART = 100_000;

/** Paths as JSON lists that fit into an argument each. */
function partsOf(paths: readonly PackagePath[]): readonly string[] {
  const parts: string[][] = [];
  let room = 0;
  for (const path of paths) {
    const text = JSON.stringify(path);
    const size = Buffer.byteLength(text) + 1;
    if (size > room) {
      parts.push([]);
      room = LARGEST_PART;
    }
    parts.at(-1)?.push(text);
    room -= size;
  }
  return parts.map((part) => `[${part.join(',')}]`);
}

const Described = v.object({ pair: v.array(v.string()), description: v.nullable(v.string()) });
