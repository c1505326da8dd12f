import { EXIT, UserError } from '../../base/user-error.ts';
import { DEFAULT_RELEASE, dialectFor } from '../../nix/dialect.ts';
import type { OverrideContext } from '../../overrides/conditions.ts';
import { type Closure, findClosure } from '../closure/closure.ts';
import { type SettledClosure, settleClosure } from '../closure/settle-closure.ts';
import type { GenerateOptions } from '../options.ts';
import type { RulesOf } from '../overrides/override-layers.ts';
import type { CommandContext } from '../world.ts';
import { type OpenRun, type RunInputs, type RunSeam, readRunInputs, withOpenRun } from './run-inputs.ts';
import { type RunNames, runNames } from './run-names.ts';

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
 * Throws UserError E_USAGE (exit 2) for `--relax` where the release cannot, and what generating throws.
 */
export async function withFoundRun<Result>(
  options: GenerateOptions,
  {
    context,
    rulesOf,
    seam = {},
  }: { readonly context: CommandContext; readonly rulesOf: RulesOf; readonly seam?: RunSeam },
  use: (run: FoundRun) => Promise<Result>,
): Promise<Result> {
  const read = await readRunInputs(options, context, seam.fallback === undefined ? {} : { fallback: seam.fallback });
  const inputs = seam.adapt?.(read) ?? read;
  const { release, targets, requested, locked, preferences } = inputs;
  const dialect = dialectFor(release);
  if (options.relax && dialect.relaxDeps === null) throw cannotRelax(release);
  const names = runNames(release, options, inputs.evaluated);
  const isSupplied = (project: string): boolean => names.inSet(project) !== null;
  return withOpenRun(
    inputs,
    { context, rulesOf, metadataFrom: 'sdist', isSupplied, seam },
    async ({ world, reader }) => {
      const closure = await findClosure({
        requested,
        options: inputs.options,
        release: inputs.options.release,
        targets,
        names,
        usesExtras: dialect.setHasExtras,
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
        ruleContext: { release: inputs.options.release, environments: targets.environments },
        settled: () => settleClosure(closure, { release, names, options: inputs.options, reader, direct, targets }),
      });
    },
  );
}

function cannotRelax(release: string): UserError {
  return new UserError(
    'E_USAGE',
    `--relax needs pythonRelaxDeps, which nixpkgs ${release} does not have: what asks for another version would not start there`,
    { hint: 'leave out --relax, so that a version that fits is generated', exit: EXIT.usage },
  );
}

/** The release of nixpkgs that a run is for, as messages call it. */
export function releaseTitle(release: string | null): string {
  return release === null ? `nixpkgs ${DEFAULT_RELEASE} to unstable` : `nixpkgs ${release}`;
}
