import { DEFAULT_RELEASE } from '../nix/dialect.ts';
import type { OverrideContext } from '../overrides/conditions.ts';
import { type Closure, findClosure } from './closure.ts';
import type { GenerateOptions } from './options.ts';
import type { RulesOf } from './override-layers.ts';
import { type OpenRun, type RunInputs, readRunInputs, withOpenRun } from './run-inputs.ts';
import { type RunNames, runNames } from './run-names.ts';
import { type SettledClosure, settleClosure } from './settle-closure.ts';
import type { CommandContext } from './world.ts';

/** A run of `generate` up to its facts, for it and for the commands that explain them. */
export interface FoundRun extends OpenRun {
  readonly inputs: RunInputs<GenerateOptions>;
  readonly names: RunNames;
  readonly closure: Closure;
  /** What was asked for, PEP 503 names in order. */
  readonly direct: readonly string[];
  readonly ruleContext: OverrideContext;
  /** Fits the packages to the package set, as an expression needs it. */
  readonly settled: () => Promise<SettledClosure>;
}

/**
 * Finds what the options lead to and gives it to `use`, while indexes and network are open. The facts are those of `generate` with the same options.
 * Throws what generating throws.
 */
export async function withFoundRun<Result>(
  options: GenerateOptions,
  { context, rulesOf }: { readonly context: CommandContext; readonly rulesOf: RulesOf },
  use: (run: FoundRun) => Promise<Result>,
): Promise<Result> {
  const inputs = await readRunInputs(options, context);
  const { release, targets, requested, locked, preferences } = inputs;
  const names = runNames(release, options);
  return withOpenRun(inputs, { context, rulesOf, metadataFrom: 'sdist' }, async ({ world, reader }) => {
    const closure = await findClosure({
      requested,
      options: inputs.options,
      release: options.release,
      targets,
      names,
      rulesOf,
      reader,
      locked,
      preferences: preferences.versions,
      onProgress: context.onProgress,
    });
    const direct = closure.roots.map(({ name }) => name);
    return use({
      world,
      reader,
      inputs,
      names,
      closure,
      direct,
      ruleContext: { release: options.release, environments: targets.environments },
      settled: () => settleClosure(closure, { release, names, options: inputs.options, reader, direct }),
    });
  });
}

/** The release of nixpkgs that a run is for, as messages call it. */
export function releaseTitle(release: string | null): string {
  return release === null ? `nixpkgs ${DEFAULT_RELEASE} to unstable` : `nixpkgs ${release}`;
}
