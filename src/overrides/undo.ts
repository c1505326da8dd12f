import { entryName } from './list-entry.ts';
import type { Change, OverrideRule } from './rule.ts';

/** The rules among `later` that take away or set anew what a rule of `earlier` adds or sets, when they apply after them. */
export function rulesThatUndo(
  earlier: readonly OverrideRule[],
  later: readonly OverrideRule[],
): readonly OverrideRule[] {
  const made = earlier.flatMap(({ changes }) => changes);
  return later.filter(({ changes }) => changes.some((change) => made.some((before) => undoes(change, before))));
}

function undoes(change: Change, before: Change): boolean {
  switch (before.kind) {
    case 'inputs':
      return change.kind === 'inputs' && change.list === before.list && undoesList(named(change), named(before));
    case 'texts':
      return change.kind === 'texts' && change.list === before.list && undoesList(change, before);
    case 'text':
      return change.kind === 'text' && change.attribute === before.attribute;
    case 'env':
      return change.kind === 'env' && change.name === before.name;
    default:
      return false;
  }
}

interface NamedChange {
  readonly verb: string;
  readonly entries: readonly string[];
}

function named({ verb, entries }: Extract<Change, { readonly kind: 'inputs' }>): NamedChange {
  return { verb, entries: entries.map(entryName) };
}

function undoesList(change: NamedChange, before: NamedChange): boolean {
  if (before.verb === 'remove') return false;
  if (change.verb === 'remove') return before.entries.some((entry) => change.entries.includes(entry));
  return change.verb === 'replace' && before.entries.some((entry) => !change.entries.includes(entry));
}
