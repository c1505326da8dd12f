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
  return { inputs: inputsOfRequirements(parsed, targets), notes };
}

/** The same for requirements that are parsed already. */
export function inputsOfRequirements(
  parsed: readonly { readonly requirement: Requirement; readonly origin: Origin }[],
  targets: readonly MarkerEnvironment[],
): PythonInput[] {
  const byName = new Map<string, PythonInput>();
  for (const { requirement, origin } of parsed) {
    const marker = requirement.marker === null ? true : simplifyMarker(requirement.marker, targets);
    if (marker === false) continue;
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
  return [...byName.values()].sort((a, b) => compareText(a.name, b.name));
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
