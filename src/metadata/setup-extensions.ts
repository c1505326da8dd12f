import { sortedUnique } from '../base/text.ts';
import { ALWAYS, and, type Condition, or, unknownIn } from './python/condition.ts';
import { markerOf, mayHoldOnUnix } from './python/condition-marker.ts';
import type { SetupCall } from './python/machine.ts';
import {
  because,
  type ConditionalText,
  conditionalTexts,
  isUnknown,
  reading,
  textReading,
} from './python/setup-keywords.ts';
import type { Unknown, Value } from './python/value.ts';
import type { Place, Reading } from './release-facts.ts';

/** Extensions of `ext_modules`, or why they are not known. Each is the table of its arguments, with the condition under which it is there. */
function extensions(call: SetupCall, value: Value, place: Place): SetupCall[] | Unknown {
  const found: SetupCall[] = [];
  const visit = (part: Value, when: Condition): Unknown | null => {
    if (part.kind === 'none' || part.kind === 'missing') return null;
    if (part.kind === 'choice') return firstOf(part.options, when, visit);
    if (part.kind === 'tuple') return firstOf(part.items, when, visit);
    const object = part.kind === 'ref' ? call.heap.get(part.id) : undefined;
    if (object?.kind === 'list') return firstOf(object.items, when, visit);
    if (object?.kind !== 'table' || object.type !== 'extension')
      return because(part, place, 'is no extension that can be known');
    found.push({ ...call, when, keywords: object.slots, rest: object.rest });
    return null;
  };
  return visit(value, ALWAYS) ?? found;
}

function firstOf(
  parts: readonly { readonly value: Value; readonly when: Condition }[],
  outer: Condition,
  visit: (part: Value, when: Condition) => Unknown | null,
): Unknown | null {
  for (const part of parts) {
    const problem = mayHoldOnUnix(part.when) ? visit(part.value, and([outer, part.when])) : null;
    if (problem !== null) return problem;
  }
  return null;
}

/** What the extensions link. */
export interface LinkedNames {
  /** The `libraries` (and `-l` among the linker's arguments) of all extensions that count on Linux or macOS. */
  readonly libraries: Reading<readonly string[]>;
  /** The markers of those that only some platforms or interpreters link, by name. */
  readonly markers: ReadonlyMap<string, string>;
  /** Where each is stated first, by name: an argument of an extension. */
  readonly places: ReadonlyMap<string, Place>;
}

/** Reads what the extensions of a call of setup() link. */
export function extensionLibraries(call: SetupCall): LinkedNames {
  // numpy.distutils declares its extensions in a function of its own.
  const configuration = call.keywords.get('configuration');
  if (configuration !== undefined) {
    const why = 'numpy.distutils finds the extensions when it runs';
    return { libraries: { kind: 'unknown', place: configuration.place, why }, markers: new Map(), places: new Map() };
  }
  const found = new Map<string, Condition>();
  const places = new Map<string, Place>();
  const libraries = reading(call, 'ext_modules', (value, place): readonly string[] | Unknown | null => {
    const all = extensions(call, value, place);
    if (isUnknown(all)) return all;
    for (const one of all) {
      const linked = linkedBy(one);
      if (isUnknown(linked)) return linked;
      const open = unknownIn(one.when);
      if (open !== null && linked.length > 0) return { kind: 'unknown', why: open.why, place: open.place };
      for (const { text, when, place: stated } of linked) {
        if (!places.has(text)) places.set(text, stated);
        const whole = and([one.when, when]);
        const before = found.get(text);
        found.set(text, before === undefined ? whole : or([before, whole]));
      }
    }
    return found.size === 0 ? null : sortedUnique(found.keys());
  });
  const markers = [...found].flatMap(([name, when]) => {
    const marker = markerOf(when);
    return marker === null ? [] : [[name, marker] as const];
  });
  return { libraries, markers: new Map(markers), places };
}

interface LinkedName extends ConditionalText {
  readonly place: Place;
}

function linkedBy(extension: SetupCall): readonly LinkedName[] | Unknown {
  const libraries = conditionalTexts(extension, 'libraries');
  if (libraries.kind === 'unknown') return { kind: 'unknown', why: libraries.why, place: libraries.place };
  const args = conditionalTexts(extension, 'extra_link_args');
  if (args.kind === 'unknown')
    return { kind: 'unknown', why: `extra_link_args ${args.why}`.slice(0, MAX_WHY), place: args.place };
  const placed = (texts: readonly ConditionalText[], place: Place): LinkedName[] =>
    texts.map((text) => ({ ...text, place }));
  return [
    ...(libraries.kind === 'known' ? placed(libraries.value, libraries.place) : []),
    ...(args.kind === 'known' ? placed(args.value.flatMap(linkerName), args.place) : []),
  ];
}

/** `-lname`, `-framework name` is of the system. */
function linkerName({ text, when }: ConditionalText): ConditionalText[] {
  const name = /^-l(\S+)$/u.exec(text)?.[1];
  return name === undefined ? [] : [{ text: name, when }];
}

const MAX_WHY = 300;

const EXTENSION_KEYWORDS = ['ext_modules', 'cffi_modules', 'rust_extensions', 'configuration', 'cmake_source_dir'];

/** Whether a call of setup() builds extensions, as far as its keywords tell. */
export function hasExtensions(call: SetupCall): boolean {
  return EXTENSION_KEYWORDS.some((keyword) => {
    const slot = call.keywords.get(keyword);
    if (slot === undefined || slot.value.kind === 'missing' || slot.value.kind === 'none') return false;
    const object = slot.value.kind === 'ref' ? call.heap.get(slot.value.id) : undefined;
    return object?.kind !== 'list' || object.items.length > 0;
  });
}

/** Full names of the extensions that are known. */
export function extensionNames(call: SetupCall): string[] {
  const slot = call.keywords.get('ext_modules');
  const all = slot === undefined ? [] : extensions(call, slot.value, slot.place);
  if (isUnknown(all)) return [];
  const prefix = textReading(call, 'ext_package');
  if (prefix.kind === 'unknown') return [];
  const folder = prefix.kind === 'known' && prefix.value !== '' ? `${prefix.value}.` : '';
  return all.flatMap((one) => {
    const name = textReading(one, 'name');
    return name.kind === 'known' ? [`${folder}${name.value}`] : [];
  });
}
