import { compareText } from '../base/text.ts';
import type { Origin, PackageFacts } from '../classify/package-facts.ts';
import { type AttributeOrigins, type TracedPart, traceOf } from './why-trace.ts';

/**
 * The trace of a package as JSON has it: by list of inputs the origins of each input, by extra under `optional-dependencies`, and beside these
 * `attributes` of which an origin is known (with `value` and `origins`), `left-out`, `removed`, and `overrides`, every change of a rule in order.
 */
export function whyJson(facts: PackageFacts, known: AttributeOrigins = {}): object {
  const parts = traceOf(facts, known).filter(({ name, origins }) => name !== null || origins.length > 0);
  return { ...partsJson(parts, Object.keys(facts.inputs)), overrides: facts.overridden ?? [] };
}

/** Some parts of a trace in the same form; `lists` are there even when they are empty. */
export function partsJson(parts: readonly TracedPart[], lists: readonly string[] = []): object {
  const inputs = new Map<string, Record<string, readonly Origin[]>>(lists.map((list) => [list, record()]));
  const extras = new Map<string, Record<string, readonly Origin[]>>();
  for (const { attribute, name, state, origins } of parts) {
    if (state !== 'kept' || name === null) continue;
    const extra = /^optional-dependencies\.(.*)$/u.exec(attribute)?.[1];
    const map = extra === undefined ? inputs : extras;
    const key = extra ?? attribute;
    const members = map.get(key) ?? record();
    members[name] = [...(members[name] ?? []), ...origins];
    map.set(key, members);
  }
  const attributes = parts.filter(({ name, state }) => name === null && state === 'kept');
  return {
    ...sortedRecord(inputs),
    'optional-dependencies': sortedRecord(extras),
    attributes: sortedRecord(attributes.map(({ attribute, value, origins }) => [attribute, { value, origins }])),
    'left-out': parts.filter(({ state }) => state === 'left out').map(besides),
    removed: parts.filter(({ state }) => state === 'removed').map(besides),
  };
}

function besides({ attribute, name, value, origins }: TracedPart): object {
  return { attribute, name, value, origins };
}

// Names come from outside, `__proto__` too.
function record(): Record<string, readonly Origin[]> {
  return Object.create(null);
}

function sortedRecord<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}
