import { oneLine } from '../base/text.ts';
import type { RuleVerdict } from '../overrides/conditions.ts';
import type { FactsDiff } from '../overrides/facts-diff.ts';
import type { OverrideRule } from '../overrides/rule.ts';
import { verdictText } from './overrides-list.ts';

/** A rule with what it changes of the package as the rules before it left it. */
export interface ExplainedRule {
  readonly rule: OverrideRule;
  readonly verdict: RuleVerdict;
  readonly diff: FactsDiff;
}

/** The rules in order, each with `-` before lines that it takes away and `+` before those that it adds. Ends with a line break. */
export function explainText({
  title,
  explained,
}: {
  readonly title: string;
  readonly explained: readonly ExplainedRule[];
}): string {
  const lines = [oneLine(title)];
  for (const { rule, verdict, diff } of explained) {
    lines.push(
      '',
      oneLine(`rule ${rule.number} of ${rule.file}, line ${rule.line}: ${verdictText(verdict)}`),
      `# ${oneLine(rule.reason)}`,
    );
    const changes = [...diff.gone.map((line) => `- ${line}`), ...diff.added.map((line) => `+ ${line}`)];
    if (verdict.kind === 'applies')
      lines.push(...(changes.length === 0 ? ['  changes nothing'] : changes.map(oneLine)));
  }
  if (explained.length === 0) lines.push('', 'no folder has rules for it');
  return `${lines.join('\n')}\n`;
}

/** The same as one JSON object of the form 1. */
export function explainJson({
  name,
  version,
  explained,
}: {
  readonly name: string;
  readonly version: string;
  readonly explained: readonly ExplainedRule[];
}): string {
  const rules = explained.map(({ rule, verdict, diff }) => ({
    file: rule.file,
    line: rule.line,
    number: rule.number,
    reason: rule.reason,
    applies: verdict.kind === 'applies',
    why: verdict.kind === 'applies' ? [] : verdict.why,
    ...diff,
  }));
  return `${JSON.stringify({ form: 1, name, version, rules }, null, 2)}\n`;
}
