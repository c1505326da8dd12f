import needs from './data/package-needs.json' with { type: 'json' };
import { generationOf } from './releases.ts';

/**
 * What the package of a project (PEP 503 name) in the package set of a release needs to be built and to run, by the same names; null when that is not known.
 * The shipped table has the tools that tests are written with and all that these need. It names a need that only some releases of the generation have, because leaving a check input
 * out is safe, and recursing for ever is not.
 */
export function packageNeeds(project: string, release: string): readonly string[] | null {
  const table: Readonly<Record<string, string>> = generationOf(release) === 'modern' ? needs.modern : needs.old;
  const found = Object.hasOwn(table, project) ? table[project] : undefined;
  if (found === undefined) return null;
  return found === '' ? [] : found.split(' ');
}
