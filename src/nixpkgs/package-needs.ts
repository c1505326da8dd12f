import needs from './data/package-needs.json' with { type: 'json' };
import { generationOf } from './releases.ts';

/**
 * What the package of a project (PEP 503 name) in the package set of a release needs to be built, tested and run, by the same names; null when that is not known. What
 * its releases say comes first.
 *
 * The shipped table has the tools that tests are written with and all that these lead to. It names a need that only some releases of the generation have, because leaving a
 * check input out is safe, and recursing for ever is not. `npx tsx scripts/record-package-needs.ts` writes it:
 * - `modern`: what the build-system and run-time requirements of PyPI's releases say, those of November 2026 on Python 3.13 and those of June 2024 on 3.12 and 3.9, the usual and the
 *   oldest interpreter of the first package sets of the 24.05 form.
 * - `modernByHand`: where the package set differs, each with its reason, from the expressions of nixpkgs and of a derivative of 2026: what it tests with, what it takes out.
 * - `old`: the inputs in the sets of 16.03 for Python 2.7 and 3.5, where test inputs are among the others.
 */
export function packageNeeds(project: string, release: string): readonly string[] | null {
  const certain = certainPackageNeeds(project, release);
  const earlier = generationOf(release) === 'modern' ? (differenceOf(project)?.earlier ?? []) : [];
  return earlier.length === 0 ? certain : [...(certain ?? []), ...earlier];
}

/**
 * As `packageNeeds`, without what only earlier releases of the project needed, which package sets may keep beside the newest (`earlier` in the table): for what
 * ends a run.
 */
export function certainPackageNeeds(project: string, release: string): readonly string[] | null {
  if (generationOf(release) !== 'modern') return lineOf(needs.old, project);
  const recorded = lineOf(needs.modern, project);
  const difference = differenceOf(project);
  if (difference === null) return recorded;
  const kept = (recorded ?? []).filter((name) => !difference.without.includes(name));
  return [...kept, ...difference.needs];
}

interface Difference {
  readonly needs: readonly string[];
  readonly earlier: readonly string[];
  readonly without: readonly string[];
}

interface StatedDifference {
  readonly needs?: string;
  readonly earlier?: string;
  readonly without?: string;
  readonly why: string;
}

function differenceOf(project: string): Difference | null {
  const byHand: Readonly<Record<string, StatedDifference>> = needs.modernByHand;
  const found = Object.hasOwn(byHand, project) ? byHand[project] : undefined;
  if (found === undefined) return null;
  const { needs: added = '', earlier = '', without = '' } = found;
  return { needs: namesOf(added), earlier: namesOf(earlier), without: namesOf(without) };
}

function lineOf(table: Readonly<Record<string, string>>, project: string): readonly string[] | null {
  return Object.hasOwn(table, project) ? namesOf(table[project] ?? '') : null;
}

function namesOf(line: string): readonly string[] {
  return line === '' ? [] : line.split(' ');
}
