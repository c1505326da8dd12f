import { classify } from '../../classify/classify.ts';
import type { PackageFacts } from '../../classify/package-facts.ts';
import type { OverrideContext } from '../../overrides/conditions.ts';
import type { OverrideRule } from '../../overrides/rule.ts';
import { normalizeName } from '../../pep/name.ts';
import { parseVersion } from '../../pep/version.ts';
import type { GenerateOptions } from '../options.ts';
import { withFoundRun } from '../run/found-run.ts';
import type { CommandContext } from '../world.ts';
import { runOverrides } from './override-layers.ts';

/** A package before any rule, with the rules of its project. */
export interface BeforeRules {
  readonly facts: PackageFacts;
  /** Of all folders, in the order in which they apply; also those that do not. */
  readonly rules: readonly OverrideRule[];
  readonly ruleContext: OverrideContext;
}

/** Chooses a release of a project as `generate --deps named` does, and reads it. Throws what generating throws. */
export async function readBeforeRules(
  requirement: string,
  reading: GenerateOptions,
  context: CommandContext,
): Promise<BeforeRules> {
  const rulesOf = await runOverrides(reading.overrides, context);
  const options: GenerateOptions = { ...reading, requirements: [requirement], deps: 'named' };
  return withFoundRun(options, { context, rulesOf }, async ({ closure, direct, reader, inputs, ruleContext }) => {
    const [project = ''] = direct;
    const version = closure.packages.find(({ name }) => name === project)?.version;
    if (version === undefined) throw new Error(`${project} was asked for and is not among what was found`);
    const release = await reader.read(project, parseVersion(version));
    const askedExtras = inputs.requested.requirements
      .filter(({ name }) => name === project)
      .flatMap(({ extras }) => extras.map(normalizeName));
    const facts = classify(release, { targets: inputs.targets.environments, askedExtras });
    return { facts, rules: await rulesOf(project), ruleContext };
  });
}
