import type { AppliedChange, Origin, PackageFacts, TextPart } from '../classify/package-facts.ts';
import { formatMarker } from '../pep/marker.ts';
import type { Change, InputEntry } from './rule.ts';

/** The facts with a change of a rule in their record. The kind of archive (`format`) was asked before the release was read, and is recorded all the same. */
export function recordChange(facts: PackageFacts, change: Change, origin: Origin): PackageFacts {
  return { ...facts, overridden: [...(facts.overridden ?? []), { ...describeChange(change), origin }] };
}

/** What a change does, in words that a reader of an override file knows. */
export function describeChange(change: Change): Omit<AppliedChange, 'origin'> {
  switch (change.kind) {
    case 'inputs':
      return { attribute: change.list, verb: change.verb, entries: change.entries.map(entryText) };
    case 'extra':
      return {
        attribute: `optional-dependencies.${change.extra}`,
        verb: change.verb,
        entries: change.entries.map(entryText),
      };
    case 'texts':
      return { attribute: change.list, verb: change.verb, entries: change.entries };
    case 'text':
      return { attribute: change.attribute, verb: 'set', entries: [partsText(change.parts)] };
    case 'env':
      return { attribute: `env.${change.name}`, verb: 'set', entries: [partsText(change.parts)] };
    case 'doCheck':
      return { attribute: 'doCheck', verb: 'set', entries: [String(change.value)] };
    case 'disabledOnPyPy':
      return { attribute: 'disabled', verb: 'set', entries: [change.value ? 'on PyPy' : 'not on PyPy'] };
    case 'meta':
      return { attribute: change.field, verb: 'set', entries: [change.value] };
    case 'licence':
      return {
        attribute: 'license',
        verb: 'set',
        entries: change.licences.map((licence) => ('spdx' in licence ? licence.spdx : licence.text)),
      };
    case 'format':
      return { attribute: 'format', verb: 'set', entries: [change.value] };
  }
}

/** The entry as a requirement, or the attribute. */
export function entryText(entry: InputEntry): string {
  if (entry.kind === 'system') return entry.attribute;
  const extras = entry.extras.length === 0 ? '' : `[${entry.extras.join(',')}]`;
  const marker = entry.marker === null ? '' : `; ${formatMarker(entry.marker)}`;
  return `${entry.name}${extras}${entry.specifier}${marker}`;
}

/** A text with its references as an override file spells them. */
export function partsText(parts: readonly TextPart[]): string {
  return parts
    .map((part) =>
      typeof part === 'string' ? part : `\${${part.output === 'out' ? '' : `${part.output}:`}${part.attribute}}`,
    )
    .join('');
}
