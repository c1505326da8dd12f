import { compareText, joinWords } from '../base/text.ts';
import type { RuleFinding } from './lint.ts';
import type { OverrideRule } from './rule.ts';
import { RULE_KEYS } from './rule-schema.ts';
import { isTable } from './rule-values.ts';

/** What of a rule is not in its place: its keys (`when` first, attributes in the order of the documentation, `comment` and `reason` last), and its lists. */
export function disorders(rule: OverrideRule, table: unknown): RuleFinding[] {
  if (!isTable(table)) return [];
  const finding = (path: readonly (string | number)[], text: string, hint: string): RuleFinding => ({
    code: 'order',
    fails: true,
    rule,
    path,
    text,
    hint,
  });
  const keys = Object.keys(table);
  const sorted = [...keys].sort((a, b) => rankOf(a) - rankOf(b));
  const misplaced = keys.find((key, index) => key !== sorted[index]);
  return [
    ...(misplaced === undefined
      ? []
      : [
          finding(
            [misplaced],
            'the attributes of the rule are not in order',
            `the order is ${joinWords(sorted.map((key) => `\`${key}\``))}`,
          ),
        ]),
    // Patches are applied in the order of their list.
    ...listsIn(table).flatMap(({ path, entries }) => {
      if (path[0] === 'patches') return [];
      const at = entries.findIndex((entry, index) => compareText(entries[index - 1] ?? entry, entry) > 0);
      const entry = entries[at];
      return entry === undefined
        ? []
        : [
            finding(
              [...path, at],
              `\`${entry}\` does not come after \`${entries[at - 1] ?? ''}\``,
              'lists are sorted, capitals before small letters',
            ),
          ];
    }),
  ];
}

function rankOf(key: string): number {
  const order = [
    'when',
    ...RULE_KEYS.filter((each) => !['when', 'comment', 'reason'].includes(each)),
    'comment',
    'reason',
  ];
  return order.indexOf(key);
}

/** A list of texts of a rule, with the way to it. */
export interface WrittenList {
  readonly path: readonly string[];
  readonly entries: readonly string[];
}

/** All lists of a rule as they are written. */
export function listsIn(table: unknown, path: readonly string[] = []): WrittenList[] {
  if (!isTable(table)) return [];
  return Object.entries(table).flatMap(([key, value]): WrittenList[] => {
    const at = [...path, key];
    if (!Array.isArray(value)) return listsIn(value, at);
    return [{ path: at, entries: value.filter((entry) => typeof entry === 'string') }];
  });
}
