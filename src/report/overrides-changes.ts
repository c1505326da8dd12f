import { oneLine } from '../base/text.ts';
import type { AppliedChange } from '../classify/package-facts.ts';
import type { Change, OverrideRule } from '../overrides/rule.ts';

/** What a rule changes, one line each: `buildInputs.add libxml2, libxslt`, `doCheck = false`. Of scripts only the size. */
export function changeLines({ changes }: OverrideRule): string[] {
  return changes.map((change) => changeLine(change));
}

function changeLine(change: Change): string {
  switch (change.kind) {
    case 'inputs':
      return listLine(change.list, change.verb, change.entries.map(entryName));
    case 'extra':
      return listLine(`optional-dependencies.${change.extra}`, change.verb, change.entries.map(entryName));
    case 'texts':
      return listLine(change.list, change.verb, change.entries);
    case 'text':
      return `${change.attribute} = ${scriptText(change.parts)}`;
    case 'env':
      return `env.${change.name} = ${scriptText(change.parts)}`;
    case 'doCheck':
    case 'disabledOnPyPy':
      return `${change.kind} = ${change.value}`;
    case 'meta':
      return `${change.field} = ${oneLine(change.value)}`;
    case 'licence':
      return `license = ${change.licences.map((licence) => ('spdx' in licence ? licence.spdx : licence.text)).join(', ')}`;
    case 'format':
      return `format = ${change.value}`;
  }
}

function listLine(attribute: string, verb: AppliedChange['verb'], entries: readonly string[]): string {
  return oneLine(`${attribute}.${verb} ${entries.length === 0 ? 'nothing' : entries.join(', ')}`);
}

type ListChange = Extract<Change, { kind: 'inputs' }>;

function entryName(entry: ListChange['entries'][number]): string {
  if (entry.kind === 'system') return entry.attribute;
  const extras = entry.extras.length === 0 ? '' : `[${entry.extras.join(',')}]`;
  return `${entry.name}${extras}${entry.specifier}`;
}

function scriptText(parts: Extract<Change, { kind: 'text' }>['parts']): string {
  const text = parts.map((part) => (typeof part === 'string' ? part : `\${${part.attribute}}`)).join('');
  if (text === '') return 'nothing';
  const [first = '', ...more] = text.trimEnd().split('\n');
  return more.length === 0 ? oneLine(first) : `${oneLine(first)} … (${more.length + 1} lines)`;
}
