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
 * is false on every target is left out; of the markers that hold on some, the weakest condition remains, and bounds under a narrower one keep theirs.
 * A text that is no requirement becomes a note.
 */
export function pythonInputs(
  demands: readonly Demand[],
  targets: readonly MarkerEnvironment[],
): { readonly inputs: readonly PythonInput[]; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const parsed: ParsedDemand[] = [];
  for (const { text, origin, isProven = false } of demands) {
    const requirement = tryParseRequirement(text);
    if (requirement !== null) {
      parsed.push({ requirement, origin, isProven });
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

interface ParsedDemand {
  readonly requirement: Requirement;
  readonly origin: Origin;
  readonly isProven?: boolean;
}

/** The same for requirements that are parsed already. Where one names an address (PEP 508, `name @ URL`), a note says that only its name counts. */
export function inputsOfRequirements(
  parsed: readonly ParsedDemand[],
  targets: readonly MarkerEnvironment[],
): { readonly inputs: readonly PythonInput[]; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const byName = new Map<string, PythonInput[]>();
  for (const { requirement, origin, isProven = false } of parsed) {
    const marker = requirement.marker === null ? true : simplifyMarker(requirement.marker, targets);
    if (marker === false) continue;
    if (requirement.url !== null) notes.push(addressNote(requirement.name, origin));
    const specifier = formatSpecifierSet(requirement.specifier);
    const input: PythonInput = {
      kind: 'python',
      name: requirement.name,
      extras: requirement.extras,
      specifier,
      marker: marker === true ? null : marker,
      origins: [origin],
      ...(isProven && marker === true ? { provenSpecifier: specifier } : {}),
    };
    byName.set(input.name, [...(byName.get(input.name) ?? []), input]);
  }
  const inputs = [...byName.values()].flatMap((same) => mergedInput(same, targets));
  return { inputs: inputs.sort((a, b) => compareText(a.name, b.name)), notes };
}

function addressNote(name: string, { file, line }: Origin): Note {
  return {
    kind: 'warning',
    text: `the address that ${name} is required from is passed over: the project of that name stands for it`,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  };
}

/** One input of several for the same project. A bound whose condition is narrower than that of the input keeps it. */
function mergedInput(same: readonly PythonInput[], targets: readonly MarkerEnvironment[]): PythonInput[] {
  const [first, ...others] = same;
  if (first === undefined || others.length === 0) return [...same];
  const marker = others.reduce((whole, { marker: next }) => either(whole, next, targets), first.marker);
  const isWhole = (input: PythonInput): boolean =>
    input.marker === null || (marker !== null && formatMarker(input.marker) === formatMarker(marker));
  const bounds = new Map(
    same.flatMap((input) =>
      input.marker === null || input.specifier === '' || isWhole(input)
        ? []
        : [[`${input.specifier};${formatMarker(input.marker)}`, { specifier: input.specifier, marker: input.marker }]],
    ),
  );
  const proven = joined(same.flatMap(({ provenSpecifier }) => provenSpecifier ?? []));
  const merged: PythonInput = {
    kind: 'python',
    name: first.name,
    extras: sortedUnique(same.flatMap(({ extras }) => extras)),
    specifier: joined(same.filter(isWhole).map(({ specifier }) => specifier)),
    marker,
    origins: same.flatMap(({ origins }) => origins),
    ...(proven === '' ? {} : { provenSpecifier: proven }),
  };
  return [bounds.size === 0 ? merged : { ...merged, bounds: [...bounds.values()] }];
}

function joined(specifiers: readonly string[]): string {
  const different = [...new Set(specifiers)];
  return different.length === 1 ? (different[0] ?? '') : sortedUnique(different.flatMap(parts)).join(',');
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
