import type { Place, Reading } from '../metadata/release-facts.ts';
import { tryParseRequirement } from '../pep/requirement.ts';
import type { Origin } from './package-facts.ts';

/** A requirement text with the reason why it is an input. */
export interface Demand {
  readonly text: string;
  readonly origin: Origin;
  /** The release is of a form that no version outside of its bound can build; missing: false. */
  readonly isProven?: boolean;
}

/** An origin of the kind `requirement` at a place of the release. */
export function declaredAt(what: string, place: Place, requirement?: string): Origin {
  return {
    kind: 'requirement',
    text: `declared in ${what}`,
    file: place.file,
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(requirement === undefined ? {} : { requirement }),
  };
}

/** The demands of a list of requirement texts; none when the reading is not known. */
export function demandsOf(reading: Reading<readonly string[]>, what: string): Demand[] {
  if (reading.kind !== 'known') return [];
  return reading.value.map((text) => ({ text, origin: declaredAt(what, reading.place, text) }));
}

/** The PEP 503 name that a requirement text speaks of; null for what is no requirement. */
export function nameOf(text: string): string | null {
  return tryParseRequirement(text)?.name ?? null;
}

/** The PEP 503 names that the demands speak of; texts that are no requirements are passed over. */
export function namesOf(demands: readonly Demand[]): ReadonlySet<string> {
  return new Set(demands.flatMap(({ text }) => nameOf(text) ?? []));
}
