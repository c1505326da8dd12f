import type { Note } from '../base/note.ts';
import { compareText, joinWords, oneLine, sortedUnique } from '../base/text.ts';
import { evaluateMarker, type Marker, type MarkerEnvironment, type MarkerVariable } from '../pep/marker.ts';
import { formatRequirement, type Requirement } from '../pep/requirement.ts';
import type { Resolution, ResolvedPackage } from './provider.ts';
import type { World } from './world.ts';

/** What the user should know about a resolution, ordered by project. */
export async function resolutionNotes(resolution: Resolution, world: World): Promise<Note[]> {
  const notes: Note[] = [];
  for (const found of resolution.packages.values()) notes.push(...(await packageNotes(found, world)));
  notes.push(...unheldNotes(world));
  return notes.sort((a, b) => compareText(a.project ?? '', b.project ?? '') || compareText(a.text, b.text));
}

async function packageNotes(found: ResolvedPackage, world: World): Promise<Note[]> {
  const { name: project, version, yanked } = found;
  const label = `${project} ${version.text}`;
  const listing = await world.listing(project);
  const declared = await world.releaseRequirements(project, version);
  const notes: Note[] = (await world.notes(project, version)).map((note) => ({ project, ...note }));
  if (yanked !== null) {
    const reason = oneLine(yanked);
    notes.push({ kind: 'warning', project, text: `${label} was yanked${reason === '' ? '' : `: ${reason}`}` });
  }
  for (const rejected of listing?.rejected ?? []) {
    const text = `${project} ${rejected.version.text} was passed over: ${oneLine(rejected.reason)}`;
    notes.push({ kind: 'omitted', project, text });
  }
  if (listing?.onlyPrereleases === true) {
    notes.push({ kind: 'fallback', project, text: `${label} was taken because ${project} has only pre-releases` });
  }
  for (const extra of found.extras) {
    if (declared.some(({ marker }) => marker !== null && dependsOnExtra(marker, extra, world.targets))) continue;
    notes.push({ kind: 'warning', project, text: `nothing belongs to the extra ${extra} of ${label} on any target` });
  }
  for (const requirement of declared) {
    const open = openVariables(requirement, world.targets);
    if (open.length === 0 || !found.requirements.some(({ name }) => name === requirement.name)) continue;
    const text = `conditions on ${joinWords(open)} in the requirement ${oneLine(formatRequirement({ ...requirement, url: null }))} of ${label} count as true because the targets leave them open`;
    notes.push({ kind: 'guess', project, text });
  }
  return notes;
}

function unheldNotes({ request, requirements }: World): Note[] {
  const held = new Set(requirements);
  return request.requirements
    .filter((requirement) => !held.has(requirement))
    .map((requirement) => ({
      kind: 'omitted',
      project: requirement.name,
      text: `the requirement ${oneLine(formatRequirement({ ...requirement, url: null }))} holds on none of the targets`,
    }));
}

function dependsOnExtra(marker: Marker, extra: string, targets: readonly MarkerEnvironment[]): boolean {
  return targets.some(
    (target) => evaluateMarker(marker, { ...target, extra }) && !evaluateMarker(marker, { ...target, extra: '' }),
  );
}

// Variables of the marker that some target leaves open. `extra` is the business of the search.
function openVariables({ marker }: Requirement, targets: readonly MarkerEnvironment[]): MarkerVariable[] {
  if (marker === null) return [];
  const open = variablesOf(marker).filter(
    (variable) => variable !== 'extra' && targets.some((target) => target[variable] === undefined),
  );
  const wanted = new Set<string>(sortedUnique(open));
  return open.filter((variable, index) => wanted.has(variable) && open.indexOf(variable) === index);
}

function variablesOf(marker: Marker): MarkerVariable[] {
  if (marker.kind !== 'compare') return marker.operands.flatMap(variablesOf);
  return [marker.left, marker.right].flatMap((operand) => (operand.kind === 'variable' ? [operand.name] : []));
}
