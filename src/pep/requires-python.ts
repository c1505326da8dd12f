import { type Specifier, type SpecifierSet, specifierAllows, tryParseSpecifierSet } from './specifier.ts';
import { tryParseVersion } from './version.ts';

/**
 * Whether a `requires-python` text admits an interpreter: `3.13.2`, or `3.13` for some patch release of it.
 * Upper bounds (`<4`, `<=3.12`, the upper half of `~=`) do not count, as in uv: they are guesses about versions that were not out, and to heed
 * them would choose an old release that was uploaded before the habit. Null when the text cannot be read.
 */
export function requiresPythonAdmits(requiresPython: string, python: string): boolean | null {
  const interpreters = asked.get(requiresPython) ?? new Map<string, boolean | null>();
  if (asked.size >= MOST_ASKED) asked.clear();
  asked.set(requiresPython, interpreters);
  const known = interpreters.get(python);
  if (known !== undefined) return known;
  const answer = admits(requiresPython, python);
  interpreters.set(python, answer);
  return answer;
}

// The releases of a run have few texts between them, each asked for every interpreter again and again.
const asked = new Map<string, Map<string, boolean | null>>();
const MOST_ASKED = 1000;

function admits(requiresPython: string, python: string): boolean | null {
  const specifiers = tryParseSpecifierSet(requiresPython);
  const interpreter = tryParseVersion(/^\d+\.\d+$/.test(python) ? `${python}.${LATEST_PATCH}` : python);
  if (specifiers === null || interpreter === null) return null;
  return specifierAllows(withoutUpperBounds(specifiers), interpreter, { prereleases: true });
}

/** What counts of a `requires-python`: lower bounds, exclusions and exact versions, in the order in which they are written. */
export function withoutUpperBounds(specifiers: SpecifierSet): SpecifierSet {
  return specifiers.flatMap(withoutUpperBound);
}

// Stands for the newest patch release of a minor version: bounds as `>=3.13.1` hold for it.
const LATEST_PATCH = 999;

function withoutUpperBound(specifier: Specifier): Specifier[] {
  if (specifier.operator === '<' || specifier.operator === '<=') return [];
  if (specifier.operator === '~=') return [{ operator: '>=', version: specifier.version }];
  return [specifier];
}
