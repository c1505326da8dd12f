import type { Input, Origin } from '../classify/package-facts.ts';
import { formatMarker, type Marker } from '../pep/marker.ts';
import { formatSpecifierSet, parseSpecifierSet } from '../pep/specifier.ts';
import { entryName } from './list-entry.ts';
import type { InputEntry, ListVerb } from './rule.ts';

/** A list after a change, and what about the change was in vain, each as a clause: `removes six, which is not there`. */
export interface ChangedList<Entry> {
  readonly entries: readonly Entry[];
  readonly vain: readonly string[];
}

/** Applies one verb of a rule to a list of inputs. What the rule adds has `origin`; an input that stays keeps its own before it. */
export function changeInputs(
  inputs: readonly Input[],
  {
    verb,
    entries,
    origin,
  }: { readonly verb: ListVerb; readonly entries: readonly InputEntry[]; readonly origin: Origin },
): ChangedList<Input> {
  if (verb === 'replace') {
    const kept = (entry: InputEntry): readonly Origin[] => inputs.find((input) => isSame(input, entry))?.origins ?? [];
    return { entries: entries.map((entry) => ({ ...entry, origins: [...kept(entry), origin] })), vain: [] };
  }
  const vain: string[] = [];
  let changed = inputs;
  for (const entry of entries) {
    const next = verb === 'add' ? added(changed, entry, origin) : changed.filter((input) => !isNamed(input, entry));
    if (verb === 'remove' && next.length === changed.length)
      vain.push(`removes ${entryName(entry)}, which is not there`);
    if (verb === 'add' && isDeclared(changed, entry)) vain.push(`adds ${entryName(entry)}, which is there already`);
    changed = next;
  }
  return { entries: changed, vain };
}

/** Applies one verb of a rule to a list of texts; the same texts mean the same entry. */
export function changeTexts(
  texts: readonly string[],
  { verb, entries }: { readonly verb: ListVerb; readonly entries: readonly string[] },
): ChangedList<string> {
  if (verb === 'replace') return { entries: [...new Set(entries)], vain: [] };
  if (verb === 'remove') {
    const vain = entries
      .filter((entry) => !texts.includes(entry))
      .map((entry) => `removes ${entry}, which is not there`);
    return { entries: texts.filter((entry) => !entries.includes(entry)), vain };
  }
  const vain = entries.filter((entry) => texts.includes(entry)).map((entry) => `adds ${entry}, which is there already`);
  return { entries: [...new Set([...texts, ...entries])], vain };
}

function added(inputs: readonly Input[], entry: InputEntry, origin: Origin): readonly Input[] {
  if (inputs.some((input) => covers(input, entry))) {
    return inputs.map((input) => (covers(input, entry) ? { ...input, origins: [...input.origins, origin] } : input));
  }
  if (entry.kind === 'system') return [...inputs, { ...entry, origins: [origin] }];
  // An entry that always holds takes the place of those of the same project that hold sometimes.
  const merged = inputs.filter((input) => isNamed(input, entry) && (entry.marker === null || isSame(input, entry)));
  const same = merged.find((input) => isSame(input, entry));
  const extras = same?.kind === 'python' ? [...new Set([...same.extras, ...entry.extras])].sort() : entry.extras;
  const specifiers = [same?.kind === 'python' ? same.specifier : '', entry.specifier].filter((set) => set !== '');
  return [
    ...inputs.filter((input) => !merged.includes(input)),
    {
      ...entry,
      extras,
      specifier: formatSpecifierSet(parseSpecifierSet(specifiers.join(','))),
      origins: [...merged.flatMap((input) => input.origins), origin],
    },
  ];
}

// What was only inferred is settled by the rule, so that the rule is not in vain.
function isDeclared(inputs: readonly Input[], entry: InputEntry): boolean {
  return inputs.some((input) => covers(input, entry) && input.origins.some(({ kind }) => kind !== 'inference'));
}

function covers(input: Input, entry: InputEntry): boolean {
  if (!isNamed(input, entry)) return false;
  if (input.kind === 'system' || entry.kind === 'system') return true;
  const holds = input.marker === null || markerText(input.marker) === markerText(entry.marker);
  const bounds = entry.specifier === '' || entry.specifier === input.specifier;
  return holds && bounds && entry.extras.every((extra) => input.extras.includes(extra));
}

function isNamed(input: Input, entry: InputEntry): boolean {
  return input.kind === entry.kind && entryName(input) === entryName(entry);
}

function isSame(input: Input, entry: InputEntry): boolean {
  if (!isNamed(input, entry)) return false;
  if (input.kind === 'system' || entry.kind === 'system') return true;
  return markerText(input.marker) === markerText(entry.marker);
}

function markerText(marker: Marker | null): string {
  return marker === null ? '' : formatMarker(marker);
}
