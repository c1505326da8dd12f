import type { Note } from '../../base/note.ts';
import { excerpt, joinWords, sortedUnique } from '../../base/text.ts';
import { packageMarkers } from '../../lock/package-markers.ts';
import { evaluateMarker, type Marker } from '../../pep/marker.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { requiresPythonAdmits } from '../../pep/requires-python.ts';
import { compareVersions, parseVersion } from '../../pep/version.ts';
import type { Resolution } from '../../resolve/provider.ts';
import type { DirectReader } from '../direct/reader.ts';
import type { StatedPython } from '../requirements/project-python.ts';
import { narrowedTargets, type RunTargets } from '../run/targets.ts';

/** What a resolution was made of. */
export interface ServedBy {
  readonly resolution: Resolution;
  readonly roots: readonly Requirement[];
  readonly targets: RunTargets;
  readonly reader: Pick<DirectReader, 'admits'>;
  /** What the projects say that are asked for by `-p`. */
  readonly stated: readonly StatedPython[];
}

/**
 * The targets from the lowest interpreter on that all of a resolution admits, those of newer ones too, and a note on the others that names what excludes them; a package counts on the
 * interpreters alone that it is used on. Interpreters that bind stay.
 */
export async function servedTargets(
  by: ServedBy,
): Promise<{ readonly targets: RunTargets; readonly notes: readonly Note[] }> {
  const { targets } = by;
  const descending = [...targets.pythons].sort((a, b) => compareVersions(parseVersion(b), parseVersion(a)));
  const lowestBinding = descending.findLastIndex((python) => targets.binding.includes(python));
  const older = descending.slice(lowestBinding + 1);
  if (older.length === 0) return { targets, notes: [] };
  const markers = packageMarkers({
    resolution: by.resolution,
    requested: by.roots,
    targets: targets.environments,
  });
  const excluders = await Promise.all(older.map((python) => excludersOf(python, { ...by, markers })));
  const first = excluders.findIndex((names) => names.length > 0);
  if (first < 0) return { targets, notes: [] };
  const left = new Set(older.slice(first));
  const narrowed = narrowedTargets(targets, ({ python_version: python = '' }) => !left.has(python));
  const text = `the lock is for Python ${descending[lowestBinding + first]} and later: ${joinWords(excluders[first] ?? [])} ${excluders[first]?.length === 1 ? 'excludes' : 'exclude'} ${joinWords([...left].reverse())}`;
  return { targets: narrowed, notes: [{ kind: 'omitted', text }] };
}

/** `made-up-kettle 1.0`, sorted. */
async function excludersOf(
  python: string,
  { resolution, targets, reader, stated, markers }: ServedBy & { readonly markers: ReadonlyMap<string, Marker | null> },
): Promise<readonly string[]> {
  const environments = targets.environments.filter((each) => each.python_version === python);
  const used = [...resolution.packages.values()].filter(({ name }) => {
    const marker = markers.get(name) ?? null;
    return environments.some((environment) => marker === null || evaluateMarker(marker, environment));
  });
  const found = await Promise.all(
    used.map(async ({ name, version }) =>
      (await reader.admits(name, version.text, python)) ? [] : [`${name} ${version.text}`],
    ),
  );
  const projects = stated.filter(({ requiresPython }) => requiresPythonAdmits(requiresPython, python) === false);
  return sortedUnique([...found.flat(), ...projects.map((each) => `${each.by} (${excerpt(each.requiresPython)})`)]);
}
