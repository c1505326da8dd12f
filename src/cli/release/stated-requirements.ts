import type { Note } from '../../base/note.ts';
import { excerpt } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import type { ReadRelease } from '../../classify/classify.ts';
import { statedText } from '../../classify/stated-text.ts';
import type { IndexFile } from '../../index/project-page.ts';
import { type MetadataLines, requirementLines } from '../../metadata/metadata-lines.ts';
import type { SdistFacts } from '../../metadata/release-facts.ts';
import {
  metadataRequirements,
  type ReleaseRequirements,
  staticRequirements,
} from '../../metadata/release-requirements.ts';
import { isReliable } from '../../metadata/requirement-source.ts';
import { type MendedRequirement, mendedRequirement } from '../../metadata/wheel/mended-requirement.ts';
import type { CoreMetadata } from '../../pep/core-metadata.ts';
import { evaluateMarker, type MarkerVariable } from '../../pep/marker.ts';
import { mentionsVariable } from '../../pep/marker-variables.ts';
import { type Requirement, tryParseRequirement } from '../../pep/requirement.ts';
import { requiresPythonAdmits } from '../../pep/requires-python.ts';
import { UNUSABLE_RELEASE } from '../../resolve/provider.ts';
import type { RunTargets } from '../run/targets.ts';

/** What one archive of a release states of its requirements. */
export interface Stated {
  readonly requirements: readonly Requirement[];
  readonly from: ReadRelease['requirementsFrom'];
  /** Of the requirements of extras; missing: the same. */
  readonly extrasFrom?: ReadRelease['requirementsFrom'];
  readonly requiresPython: string | null;
  readonly notes: readonly Note[];
}

/** What the METADATA of a wheel states, slips mended. Throws UserError `UNUSABLE_RELEASE` for a requirement that is not valid. */
export function statedByWheel(metadata: CoreMetadata, wheel: IndexFile): Stated {
  const { requirements, notes } = wheelRequirements(metadata, wheel);
  return {
    requirements,
    from: originOfMetadata(wheel.filename, metadata),
    requiresPython: wheel.requiresPython ?? metadata.requiresPython,
    notes,
  };
}

/** What an sdist states; `isExact`: a wheel built of it cannot state otherwise. `project` is the PEP 503 name. */
export function statedBySdist(
  facts: SdistFacts,
  { file, project }: { readonly file: IndexFile; readonly project: string },
): Stated & { readonly isExact: boolean } {
  const known = staticRequirements(facts, project);
  const metadata = facts.coreMetadata;
  const holds = metadata !== null && isReliable(metadata) && !metadata.dynamic.includes('requires-dist');
  return {
    requirements: known.requirements,
    ...originsOf(known.places, facts),
    requiresPython: file.requiresPython ?? metadata?.requiresPython ?? null,
    notes: known.notes,
    isExact: holds || known.source.endsWith('of pyproject.toml'),
  };
}

/** Where the requirements of an sdist come from, and those of its extras. */
export function originsOf(
  { base, extras }: ReleaseRequirements['places'],
  { fieldLines }: Pick<SdistFacts, 'fieldLines'>,
): Required<Pick<Stated, 'from' | 'extrasFrom'>> {
  const originOf = ({ what, ...place }: typeof base) => ({
    text: `declared in ${what}`,
    ...place,
    ...(place.file === 'PKG-INFO' ? { lines: linesOfRequirements(fieldLines) } : {}),
  });
  return { from: originOf(base), extrasFrom: originOf(extras) };
}

/** Where the requirements of a wheel come from; `name` is its file. */
export function originOfMetadata(name: string, { lines }: CoreMetadata): Stated['from'] {
  return { text: `declared in Requires-Dist of ${name}`, file: 'METADATA', lines: linesOfRequirements(lines) };
}

function linesOfRequirements(lines: MetadataLines | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    requirementLines(lines).flatMap(([text, line]) => {
      const requirement = tryParseRequirement(text) ?? tryParseRequirement(mendedRequirement(text)?.text ?? '');
      return requirement === null ? [] : [[statedText(requirement), line] as const];
    }),
  );
}

const EXTRA: ReadonlySet<MarkerVariable> = new Set(['extra']);

/** The statement without requirements that hold only on interpreters which the release excludes: these are not demanded. */
export function onTargets(statement: Stated, targets: RunTargets): Stated {
  const admitted = targets.environments.filter((environment) =>
    admitsPython(statement.requiresPython, environment.python_version ?? ''),
  );
  if (admitted.length === 0 || admitted.length === targets.environments.length) return statement;
  const requirements = statement.requirements.filter(
    ({ marker }) =>
      marker === null ||
      mentionsVariable(marker, EXTRA) ||
      admitted.some((environment) => evaluateMarker(marker, environment)),
  );
  return { ...statement, requirements };
}

/** Whether a release with this requires-python can be used on the interpreter; a text that cannot be read excludes none. */
export function admitsPython(requiresPython: string | null, python: string): boolean {
  return requiresPython === null || (requiresPythonAdmits(requiresPython, python) ?? true);
}

function wheelRequirements(
  metadata: CoreMetadata,
  wheel: IndexFile,
): { readonly requirements: readonly Requirement[]; readonly notes: readonly Note[] } {
  const stated = metadataRequirements(metadata, 'METADATA');
  if (stated.requirements.length === metadata.requiresDist.length) return stated;
  const mended = metadata.requiresDist.map((text) => mendedRequirement(text) ?? refuseRequirement(text));
  const known = metadataRequirements({ ...metadata, requiresDist: mended.map(({ text }) => text) }, 'METADATA');
  return { ...known, notes: [...known.notes, ...mendNotes(wheel, metadata.requiresDist, mended)] };
}

function mendNotes(wheel: IndexFile, stated: readonly string[], mended: readonly MendedRequirement[]): Note[] {
  return mended.flatMap(({ text, mended: how }, index) => {
    if (how === null) return [];
    const was = JSON.stringify(excerpt(stated[index] ?? ''));
    const note = `the requirement ${was} in the METADATA of ${wheel.filename} has ${how} and is read as ${JSON.stringify(excerpt(text))}`;
    return [{ kind: 'guess', text: note }];
  });
}

function refuseRequirement(text: string): never {
  throw new UserError(UNUSABLE_RELEASE, `has the requirement ${JSON.stringify(excerpt(text))}, which is not valid`);
}
