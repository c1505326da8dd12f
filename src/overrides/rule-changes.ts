import {
  type Change,
  type InputEntry,
  LISTS_OF_INPUTS,
  type ListVerb,
  META_TEXTS,
  PHASES,
  TEXT_LISTS,
} from './rule.ts';
import type { RuleTable } from './rule-schema.ts';

/** The changes of a rule, in a fixed order whatever the order of its text: of one list first what is removed, then what is added. */
export function changesOf(rule: RuleTable): readonly Change[] {
  const changes: Change[] = [];
  for (const list of LISTS_OF_INPUTS) {
    for (const [verb, entries] of verbsOf<InputEntry>(rule[list]))
      changes.push({ kind: 'inputs', list, verb, entries });
  }
  for (const [extra, verbs] of rule['optional-dependencies'] ?? []) {
    for (const [verb, entries] of verbsOf<InputEntry>(verbs)) changes.push({ kind: 'extra', extra, verb, entries });
  }
  for (const list of TEXT_LISTS) {
    for (const [verb, entries] of verbsOf<string>(rule[list])) changes.push({ kind: 'texts', list, verb, entries });
  }
  for (const attribute of PHASES) {
    const parts = rule[attribute];
    if (parts !== undefined) changes.push({ kind: 'text', attribute, parts });
  }
  for (const [name, parts] of rule.env ?? []) changes.push({ kind: 'env', name, parts });
  for (const field of META_TEXTS) {
    const value = rule[field];
    if (value !== undefined) changes.push({ kind: 'meta', field, value });
  }
  if (rule.doCheck !== undefined) changes.push({ kind: 'doCheck', value: rule.doCheck });
  if (rule.disabledOnPyPy !== undefined) changes.push({ kind: 'disabledOnPyPy', value: rule.disabledOnPyPy });
  if (rule.license !== undefined) changes.push({ kind: 'licence', licences: rule.license });
  if (rule.format !== undefined) changes.push({ kind: 'format', value: rule.format });
  return changes;
}

function* verbsOf<Entry>(
  verbs: { readonly [verb in ListVerb]?: readonly Entry[] | undefined } | undefined,
): Generator<[ListVerb, readonly Entry[]]> {
  for (const verb of ['replace', 'remove', 'add'] as const) {
    const entries = verbs?.[verb];
    if (entries !== undefined) yield [verb, entries];
  }
}
