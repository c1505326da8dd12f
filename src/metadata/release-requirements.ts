import type { Note } from '../base/note.ts';
import { sortedUnique } from '../base/text.ts';
import { userErrorsOf } from '../base/user-error.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import { type Marker, parseMarker } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import { type Requirement, tryParseRequirement } from '../pep/requirement.ts';
import type { SdistFacts } from './release-facts.ts';
import { chooseSource, metadataSource, type RequirementSource } from './requirement-source.ts';

export { isReliable } from './requirement-source.ts';

/** The run-time requirements of a release, those of extras with `extra == "..."` markers. */
export interface ReleaseRequirements {
  readonly requirements: readonly Requirement[];
  /** PEP 685 names, sorted. */
  readonly extras: readonly string[];
  /** Where they stand, for example `datashape.egg-info/requires.txt`. */
  readonly source: string;
  /** In which words, on which line of which file; those of extras may stand elsewhere. */
  readonly places: NonNullable<RequirementSource['places']>;
  /** What could not be read, and where a second-best source was taken. */
  readonly notes: readonly Note[];
}

/**
 * The run-time requirements that an sdist states, from the most trustworthy source that says something: PKG-INFO where it holds for every
 * wheel (PEP 643, or a Requires-Dist of an older one), `[project]` or the backend's table, the egg-info, setup.cfg and setup.py, and
 * at last a requirements.txt. `project` is the PEP 503 name, for notes. Never fails; what is not known is a note of kind `unknown`.
 */
export function staticRequirements(facts: SdistFacts, project: string): ReleaseRequirements {
  const source = chooseSource(facts);
  return collect(source, project);
}

/** The run-time requirements that the METADATA of a wheel states; `file` is its name, for notes. */
export function metadataRequirements(metadata: CoreMetadata, file: string): ReleaseRequirements {
  return collect(metadataSource(metadata, file), normalizeName(metadata.name));
}

function collect(source: RequirementSource, project: string): ReleaseRequirements {
  const notes: Note[] = source.notes.map((note) => ({ ...note, project }));
  const requirements: Requirement[] = [];
  const extras = new Set(source.extras.map(normalizeName));
  for (const [group, texts] of source.groups) {
    const { extra, marker, problem } = readGroup(group);
    if (problem !== null)
      notes.push({
        kind: 'unknown',
        project,
        file: source.file,
        text: `the section [${group}] is not understood: ${problem}`,
      });
    if (extra !== '') extras.add(extra);
    for (const text of texts) {
      const requirement = tryParseRequirement(text);
      if (requirement === null) {
        notes.push({
          kind: 'unknown',
          project,
          file: source.file,
          text: `the requirement ${JSON.stringify(text)} of ${source.name} is not valid`,
        });
        continue;
      }
      const conditions = [requirement.marker, marker, extra === '' ? null : extraMarker(extra)];
      requirements.push({ ...requirement, marker: allOf(conditions) });
      for (const name of extrasIn(requirement.marker)) extras.add(name);
    }
  }
  const elsewhere = { what: source.name, file: source.file };
  const places = source.places ?? { base: elsewhere, extras: elsewhere };
  return { requirements, extras: sortedUnique(extras), source: source.name, places, notes };
}

/** group = [extra] [":" marker], as setuptools writes the sections of requires.txt. */
function readGroup(group: string): { extra: string; marker: Marker | null; problem: string | null } {
  const at = group.indexOf(':');
  const extra = normalizeName((at < 0 ? group : group.slice(0, at)).trim());
  const text = at < 0 ? '' : group.slice(at + 1).trim();
  if (text === '') return { extra, marker: null, problem: null };
  try {
    return { extra, marker: parseMarker(text), problem: null };
  } catch (error) {
    const [problem] = userErrorsOf(error) ?? [];
    if (problem === undefined) throw error;
    return { extra, marker: null, problem: problem.message };
  }
}

function extraMarker(extra: string): Marker {
  return {
    kind: 'compare',
    left: { kind: 'variable', name: 'extra' },
    operator: '==',
    right: { kind: 'literal', value: extra },
  };
}

function allOf(markers: readonly (Marker | null)[]): Marker | null {
  const present = markers.filter((marker) => marker !== null);
  const [first] = present;
  if (first === undefined) return null;
  return present.length === 1 ? first : { kind: 'and', operands: present };
}

function extrasIn(marker: Marker | null): string[] {
  if (marker === null) return [];
  if (marker.kind !== 'compare') return marker.operands.flatMap(extrasIn);
  const { left, right } = marker;
  if (left.kind === 'variable' && left.name === 'extra' && right.kind === 'literal')
    return [normalizeName(right.value)];
  return right.kind === 'variable' && right.name === 'extra' && left.kind === 'literal'
    ? [normalizeName(left.value)]
    : [];
}
