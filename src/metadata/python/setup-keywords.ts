import type { Place, Reading, RequirementGroups } from '../release-facts.ts';
import { and, type Condition, or, unknownIn } from './condition.ts';
import { mayHoldOnUnix, withMarker } from './condition-marker.ts';
import { type SetupCall, tableOf } from './machine.ts';
import { toText } from './text-format.ts';
import { keyValue, type Slot, type Unknown, unknown, type Value } from './value.ts';

const ABSENT = { kind: 'absent' } as const;

/** A text with the condition under which it is in a list. */
export interface ConditionalText {
  readonly text: string;
  readonly when: Condition;
}

/** The requirements under a keyword; those that hold on some interpreters or platforms only have a marker. */
export function requirementsReading(call: SetupCall, keyword: string): Reading<readonly string[]> {
  return reading(call, keyword, (value, place) =>
    value.kind === 'none' ? null : requirementTexts(call, value, place),
  );
}

/** The texts of a list (or text of lines) under a keyword, those for Windows left out. */
export function textsReading(call: SetupCall, keyword: string): Reading<readonly string[]> {
  return reading(call, keyword, (value, place) => {
    if (value.kind === 'none') return null;
    const texts = textsOf(call, value, place);
    return isUnknown(texts) ? texts : texts.filter(({ when }) => mayHoldOnUnix(when)).map(({ text }) => text);
  });
}

/** The same with the condition under which each is there. */
export function conditionalTexts(call: SetupCall, keyword: string): Reading<readonly ConditionalText[]> {
  return reading(call, keyword, (value, place) => {
    if (value.kind === 'none') return null;
    const texts = textsOf(call, value, place);
    return isUnknown(texts) ? texts : texts.filter(({ when }) => mayHoldOnUnix(when));
  });
}

/** One text under a keyword. */
export function textReading(call: SetupCall, keyword: string): Reading<string> {
  return reading(call, keyword, (value, place) => {
    const text = toText(value, new Map(call.heap));
    if (text !== null && value.kind !== 'none') return text;
    return value.kind === 'none' ? null : because(value, place, 'is no text that can be known');
  });
}

/** `extras_require`: requirements by extra, or by `extra:marker` and `:marker`. */
export function groupsReading(call: SetupCall, keyword: string): Reading<RequirementGroups> {
  return reading(call, keyword, (value, place) => {
    if (value.kind === 'none') return null;
    const table = tableOf(call, value);
    if (table === null) return because(value, place, 'is no dictionary that can be known');
    if (table.rest !== null) return table.rest;
    const groups = new Map<string, readonly string[]>();
    for (const [key, slot] of table.slots) {
      const name = keyValue(key);
      const texts = requirementTexts(call, slot.value, slot.place);
      if (isUnknown(texts)) return texts;
      if (name.kind === 'string') groups.set(name.value, texts);
    }
    return Object.fromEntries(groups);
  });
}

/** The value under a keyword, decoded. `decode` gives null for what counts as absent. */
export function reading<T>(
  call: SetupCall,
  keyword: string,
  decode: (value: Value, place: Place) => T | Unknown | null,
): Reading<T> {
  const slot: Slot | null = call.keywords.get(keyword) ?? null;
  if (slot === null)
    return call.rest === null ? ABSENT : { kind: 'unknown', place: call.rest.place, why: call.rest.why };
  if (slot.value.kind === 'missing') return ABSENT;
  const value = decode(slot.value, slot.place);
  if (value === null) return ABSENT;
  if (isUnknown(value)) {
    const place = value.place.file === '' ? slot.place : value.place;
    return { kind: 'unknown', place, why: value.why };
  }
  return { kind: 'known', value, place: slot.place };
}

export function isUnknown(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'unknown' && 'why' in value;
}

/** Why a value is not known. */
export function because(value: Value, place: Place, why: string): Unknown {
  if (value.kind === 'unknown') return value;
  return value.kind === 'native' ? unknown(`comes from ${value.path}`, value.place) : unknown(why, place);
}

function requirementTexts(call: SetupCall, value: Value, place: Place): readonly string[] | Unknown {
  const texts = textsOf(call, value, place);
  if (isUnknown(texts)) return texts;
  // Lines of a requirements file can be options.
  return texts.filter(({ text }) => !text.startsWith('-')).map(({ text, when }) => withMarker(text, when));
}

/** The texts of a list, tuple or text of lines, each once. Comments and blank lines are no texts. */
function textsOf(call: SetupCall, value: Value, place: Place): readonly ConditionalText[] | Unknown {
  const found = new Map<string, Condition>();
  const problem = collect(call, value, { kind: 'always' }, place, found);
  if (problem !== null) return problem;
  const texts: ConditionalText[] = [];
  for (const [text, when] of found) {
    const open = unknownIn(when);
    if (open !== null) return unknown(open.why, open.place);
    if (when.kind !== 'never') texts.push({ text, when });
  }
  return texts;
}

function collect(
  call: SetupCall,
  value: Value,
  when: Condition,
  place: Place,
  found: Map<string, Condition>,
): Unknown | null {
  switch (value.kind) {
    case 'none':
    case 'missing':
      return null;
    case 'string':
      for (const line of value.value.split('\n')) {
        const text = line.replace(/(?:^|\s)#.*/u, '').trim();
        if (text === '') continue;
        const before = found.get(text);
        found.set(text, before === undefined ? when : or([before, when]));
      }
      return null;
    case 'choice':
      return firstProblem(value.options, (option) =>
        collect(call, option.value, and([when, option.when]), place, found),
      );
    case 'tuple':
      return firstProblem(value.items, (item) => collect(call, item.value, and([when, item.when]), place, found));
    case 'ref': {
      const object = call.heap.get(value.id);
      if (object?.kind === 'list') {
        return firstProblem(object.items, (item) => collect(call, item.value, and([when, item.when]), place, found));
      }
      const text = toText(value, new Map(call.heap));
      return text === null
        ? unknown('is no list that can be known', place)
        : collect(call, { kind: 'string', value: text }, when, place, found);
    }
    default:
      return because(value, place, 'is no text or list that can be known');
  }
}

function firstProblem<T>(parts: readonly T[], check: (part: T) => Unknown | null): Unknown | null {
  for (const part of parts) {
    const problem = check(part);
    if (problem !== null) return problem;
  }
  return null;
}
