import { sortedUnique } from '../base/text.ts';
import { ALWAYS, and, type Condition, unknownIn } from './python/condition.ts';
import { mayHoldOnUnix } from './python/condition-marker.ts';
import type { SetupCall } from './python/machine.ts';
import { because, isUnknown, reading, textReading, textsReading } from './python/setup-keywords.ts';
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

/** The `libraries` (and `-l` among the linker's arguments) of all extensions that count on Linux or macOS. */
export function extensionLibraries(call: SetupCall): Reading<readonly string[]> {
  // numpy.distutils declares its extensions in a function of its own.
  const configuration = call.keywords.get('configuration');
  if (configuration !== undefined) {
    return { kind: 'unknown', place: configuration.place, why: 'numpy.distutils finds the extensions when it runs' };
  }
  return reading(call, 'ext_modules', (value, place): readonly string[] | Unknown | null => {
    const all = extensions(call, value, place);
    if (isUnknown(all)) return all;
    const names: string[] = [];
    for (const one of all) {
      const before = names.length;
      const libraries = textsReading(one, 'libraries');
      if (libraries.kind === 'unknown') return { kind: 'unknown', why: libraries.why, place: libraries.place };
      if (libraries.kind === 'known') names.push(...libraries.value);
      const args = textsReading(one, 'extra_link_args');
      if (args.kind === 'unknown')
        return { kind: 'unknown', why: `extra_link_args ${args.why}`.slice(0, MAX_WHY), place: args.place };
      if (args.kind === 'known') names.push(...args.value.flatMap((arg) => /^-l(\S+)$/u.exec(arg)?.[1] ?? []));
      const open = unknownIn(one.when);
      if (open !== null && names.length > before) return { kind: 'unknown', why: open.why, place: open.place };
    }
    return names.length === 0 ? null : sortedUnique(names);
  });
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
  return all.flatMap((one) => {
    const name = textReading(one, 'name');
    return name.kind === 'known' ? [name.value] : [];
  });
}
