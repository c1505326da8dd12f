import type { Note } from '../../base/note.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { findClosure } from '../closure/closure.ts';
import type { RunTimeResolution } from '../closure/run-time-resolution.ts';
import { UNWRITTEN } from '../options/width-options.ts';
import type { GenerateOptions, LockOptions } from '../options.ts';
import { type RulesOf, runOverrides } from '../overrides/override-layers.ts';
import { runNames } from '../run/run-names.ts';
import type { CommandContext } from '../world.ts';

/** What building and checking need beyond the run-time resolution: versions by PEP 503 name. */
export interface BuildSolves {
  readonly builds: ReadonlyMap<string, string>;
  readonly checks: ReadonlyMap<string, string>;
  readonly notes: readonly Note[];
}

/** The rules that hold for what `solveBuilds` reads. Throws UserError for faults in the user's own. */
export function rulesOfBuilds(options: LockOptions, context: CommandContext): Promise<RulesOf> {
  return runOverrides(options.overrides, context);
}

/**
 * Solves build requirements, and with `--with-checks` check inputs, of all packages of a resolution, whose versions stay as they are. What every package set
 * brings to start with (setuptools, wheel and their like) is not among them. Every sdist is read.
 */
export async function solveBuilds(
  { requested, roots, targets, reader, resolution, locked }: RunTimeResolution,
  {
    options,
    context,
    rulesOf,
  }: { readonly options: LockOptions; readonly context: CommandContext; readonly rulesOf: RulesOf },
): Promise<BuildSolves> {
  const whole = closureOptions(options, requested.options.pre);
  const closure = await findClosure({
    requested: { ...requested, requirements: roots, options: whole },
    options: whole,
    release: options.release,
    targets,
    names: runNames(options.release ?? DEFAULT_RELEASE, whole),
    rulesOf,
    reader,
    onProgress: context.onProgress,
    phase: options.withChecks ? 'resolving what builds and tests need' : 'resolving what builds need',
    locked,
    preferences: new Map([...resolution.packages].map(([name, { version }]) => [name, version])),
  });
  const chosenFor = (solve: 'build' | 'check'): ReadonlyMap<string, string> =>
    new Map(
      closure.packages
        .filter(({ name }) => closure.solvedFor.get(name) === solve)
        .map(({ name, version }) => [name, version]),
    );
  const notes = [...closure.notes, ...closure.packages.flatMap((facts) => facts.notes)];
  return { builds: chosenFor('build'), checks: chosenFor('check'), notes };
}

/** The closure of a lock is all that is needed, whatever a package set has. */
function closureOptions(options: LockOptions, pre: boolean): GenerateOptions {
  return {
    ...options,
    ...UNWRITTEN,
    pre,
    deps: 'all',
    bootstrap: false,
    nixpkgs: { kind: 'none' },
    relax: false,
    extras: 'none',
    checks: options.withChecks,
  };
}
