import type { PackageFacts } from '../../classify/package-facts.ts';
import { applyOverrides } from '../../overrides/apply.ts';
import { ruleVerdict } from '../../overrides/conditions.ts';
import { type FactsDiff, factsDiff } from '../../overrides/facts-diff.ts';
import type { OverrideRule } from '../../overrides/rule.ts';
import { noteLines } from '../../report/notes.ts';
import { type ExplainedRule, explainJson, explainText } from '../../report/overrides-explain.ts';
import type { CommandResult } from '../options/command.ts';
import type { OverridesOptions } from '../options/overrides-options.ts';
import { releaseTitle } from '../run/found-run.ts';
import type { CommandContext } from '../world.ts';
import { readBeforeRules } from './before.ts';

/** `pypi2nix overrides explain NAME`: what each rule changes of a release, one after the other, as differences of its facts. Throws what generating throws. */
export async function explainOverrides(options: OverridesOptions, context: CommandContext): Promise<CommandResult> {
  const { reading, requirements } = options;
  const before = await readBeforeRules(requirements[0] ?? '', reading, context);
  const explained: ExplainedRule[] = [];
  // All at once for the notes: one rule does not know what another has set.
  const all = applyOverrides(before.facts, before.rules, before.ruleContext);
  let facts: PackageFacts = before.facts;
  for (const rule of before.rules) {
    const verdict = ruleVerdict(rule, facts.version, before.ruleContext);
    const after = applyOverrides(facts, [rule], before.ruleContext);
    explained.push({ rule, verdict, diff: withFormat(rule, factsDiff(facts, after)) });
    facts = after;
  }
  const title = `${facts.name} ${facts.version} for ${releaseTitle(reading.release)}`;
  const own = all.notes.filter((note) => !before.facts.notes.includes(note));
  return {
    stdout: options.json
      ? explainJson({ name: facts.name, version: facts.version, explained })
      : explainText({ title, explained }),
    report: (style) => noteLines(own, style),
  };
}

/** The kind of archive was chosen before the release was read, so that no difference of its facts shows it. */
function withFormat({ changes }: OverrideRule, diff: FactsDiff): FactsDiff {
  const chosen = changes.flatMap((change) => (change.kind === 'format' ? [`format: ${change.value}`] : []));
  return { ...diff, added: [...diff.added, ...chosen] };
}
