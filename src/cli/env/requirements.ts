import type { Note } from '../../base/note.ts';
import { dialectFor } from '../../nix/dialect.ts';
import { checkForm } from '../../nix/environment-request.ts';
import { generatedBy } from '../generate.ts';
import type { CommandResult } from '../options/command.ts';
import type { EnvOptions } from '../options/env-options.ts';
import { runOverrides } from '../overrides/override-layers.ts';
import { withFoundRun } from '../run/found-run.ts';
import type { CommandContext } from '../world.ts';
import { asksNothing } from './env.ts';
import { packageSetOf } from './package-set.ts';
import { environmentResult } from './result.ts';

/** An environment with all that requirements lead to in the file itself, and with packages of nixpkgs. Throws what `generate` throws. */
export async function requirementsEnvironment(
  options: EnvOptions,
  { context, notes: earlier }: { readonly context: CommandContext; readonly notes: readonly Note[] },
): Promise<CommandResult> {
  if (asksNothing(options)) return nixpkgsEnvironment(options, context);
  const rulesOf = await runOverrides([...options.overrides], context);
  return withFoundRun(options, { context, rulesOf }, async (found) => {
    checkForm(options.form, dialectFor(found.inputs.release));
    const { generated, notes, packages } = await generatedBy(found, context);
    const { toPrint, direct, asked } = generated;
    const attributes = new Map(toPrint.map(({ facts, attribute }) => [facts.name, attribute]));
    return environmentResult(
      {
        ...generated,
        release: found.inputs.options.release,
        python: found.inputs.options.pythons?.[0] ?? null,
        packages: { kind: 'generated', packages: toPrint },
        attributes: direct.flatMap((name) => attributes.get(name) ?? []),
        extras: asked.extras,
        generated: attributes,
        notes: [...earlier, ...notes, ...asked.notes, ...packages.flatMap((facts) => facts.notes)],
      },
      options,
    );
  });
}

/** Nothing is resolved: only names are looked up. */
async function nixpkgsEnvironment(options: EnvOptions, context: CommandContext): Promise<CommandResult> {
  const { release, asked, targets, names, notes } = await packageSetOf(options, context);
  return environmentResult(
    {
      dialect: dialectFor(release),
      release: asked,
      python: options.pythons?.[0] ?? null,
      targets,
      names,
      packages: { kind: 'generated', packages: [] },
      attributes: [],
      extras: [],
      generated: new Map(),
      assumed: [],
      onlyFor: null,
      notes,
    },
    options,
  );
}
