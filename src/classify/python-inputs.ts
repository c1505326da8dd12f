import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import { formatMarker, type Marker, type MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import { formatSpecifierSet } from '../pep/specifier.ts';
import type { Origin, PythonInput } from './package-facts.ts';
import type { Demand } from './why.ts';

/**
 * Inputs from requirement texts: one for each project, with the extras and specifiers of all its texts together. A requirement whose marker
 * is false on every target is left out; of the markers that hold on some, the weakest condition remains.
 * A text that is no requirement becomes a note.
 */
export function pythonInputs(
  demands: readonly Demand[],
  targets: readonly MarkerEnvironment[],
): { readonly inputs: readonly PythonInput[]; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const parsed: { requirement: Requirement; origin: Origin }[] = [];
  for (const { text, origin } of demands) {
    const requirement = tryParseRequirement(text);
    if (requirement !== null) {
      parsed.push({ requirement, origin });
      continue;
    }
    notes.push({
      kind: 'unknown',
      text: `“${text}” is no requirement that could be read`,
      ...(origin.file === undefined ? {} : { file: origin.file }),
      ...(origin.line === undefined ? {} : { line: origin.line }),
    });
  }
  const read = inputsOfRequirements(parsed, targets);
  return { inputs: read.inputs, notes: [...notes, ...read.notes] };
}

/** The same for requirements that are parsed already. Where one names an address (PEP 508, `name @ URL`), a note says that only its name counts. */
export function inputsOfRequirements(
  parsed: readonly { readonly requirement: Requirement; readonly origin: Origin }[],
  targets: readonly MarkerEnvironment[],
): { readonly inputs: readonly PythonInput[]; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const byName = new Map<string, PythonInput>();
  for (const { requirement, origin } of parsed) {
    const marker = requirement.marker === null ? true : simplifyMarker(requirement.marker, targets);
    if (marker === false) continue;
    if (requirement.url !== null) notes.push(addressNote(requirement.name, origin));
    const input: PythonInput = {
      kind: 'python',
      name: requirement.name,
      extras: requirement.extras,
      specifier: formatSpecifierSet(requirement.specifier),
      marker: marker === true ? null : marker,
      origins: [origin],
    };
    const before = byName.get(input.name);
    byName.set(input.name, before === undefined ? input : mergeInputs(before, input, targets));
  }
  return { inputs: [...byName.values()].sort((a, b) => compareText(a.name, b.name)), notes };
}

function addressNote(name: string, { file, line }: Origin): Note {
  return {
    kind: 'warning',
    text: `the address that ${name} is required from is passed over: the project of that name stands for it`,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

function mergeInputs(a: PythonInput, b: PythonInput, targets: readonly MarkerEnvironment[]): PythonInput {
  return {
    kind: 'python',
    name: a.name,
    extras: sortedUnique([...a.extras, ...b.extras]),
    specifier:
      a.specifier === b.specifier ? a.specifier : sortedUnique([a.specifier, b.specifier].flatMap(parts)).join(','),
    marker: either(a.marker, b.marker, targets),
    origins: [...a.origins, ...b.origins],
  };
}

function parts(specifier: string): string[] {
  return specifier === '' ? [] : specifier.split(',');
}

function either(a: Marker | null, b: Marker | null, targets: readonly MarkerEnvironment[]): Marker | null {
  if (a === null || b === null) return null;
  if (formatMarker(a) === formatMarker(b)) return a;
  const both = simplifyMarker({ kind: 'or', operands: [a, b] }, targets);
  return both === true || both === false ? null : both;
}
