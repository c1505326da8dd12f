import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import type { PythonInput } from '../../classify/package-facts.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
import type { OtherPackage, PackageSetEntry } from '../../nixpkgs/package-set.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { formatSpecifierSet, specifierAllows } from '../../pep/specifier.ts';
import { compareVersions, tryParseVersion, type Version } from '../../pep/version.ts';
import type { Resolution } from '../../resolve/provider.ts';
import type { GenerateOptions } from '../options.ts';
import type { ReleaseReader } from '../release/release-reader.ts';
import type { RunNames } from '../run/run-names.ts';
import type { RunTargets } from '../run/targets.ts';
import { lackText, setVersions } from './set-versions.ts';

/** What a run takes from the package set, as far as it knows. */
export interface SetContext {
  readonly options: Pick<GenerateOptions, 'deps' | 'bootstrap'> & Partial<Pick<GenerateOptions, 'relax'>>;
  readonly names: RunNames;
  /** Projects (PEP 503 names) that the set has in a version that does not fit. */
  readonly misfits: ReadonlyMap<string, Note>;
  /** The lock that decides the versions of the run. */
  readonly locked?: LockedProjects | null;
  /** Where markers of demands hold; missing: markers are not looked at. */
  readonly targets?: Pick<RunTargets, 'environments'>;
  /** Whether a project that the set has without an extra that is asked for does not fit. */
  readonly asksForExtras?: boolean;
  /** Knows which projects are had by address: the set does not have what lies there. */
  readonly reader?: Pick<ReleaseReader, 'addresses'>;
}

/** Whether a project (PEP 503 name) that something needs comes from the package set, and is not generated. */
export function isSupplied(project: string, { options, names, misfits, reader }: SetContext): boolean {
  if (options.deps !== 'named' && reader?.addresses?.has(project) === true) return false;
  switch (options.deps) {
    case 'named':
      return true;
    case 'missing':
      return names.onSomeInterpreter(project) !== null && !misfits.has(project);
    case 'all':
      return names.bootstrap.has(project) && !options.bootstrap;
  }
}

/** Whether an input comes from the set wherever the expressions have to work: it is supplied, and can be used where its marker holds. */
export function suppliesInput(input: Pick<PythonInput, 'name' | 'marker'>, context: SetContext): boolean {
  return isSupplied(input.name, context) && isUsable(input, context);
}

/** Whether the set has a project so that it can be used on all interpreters that bind and where the marker of the input holds. */
export function isUsable(
  { name, marker }: Pick<PythonInput, 'name' | 'marker'>,
  { names, targets }: Pick<SetContext, 'names' | 'targets'>,
): boolean {
  if (names.inSet(name) !== null) return true;
  const entry = names.onSomeInterpreter(name);
  if (entry === null) return false;
  const there = setVersions(entry, { marker, environments: targets?.environments ?? [] });
  return there.every(({ binds, lack }) => !binds || lack === null);
}

/** The version of a project in the set; null where that is not known. */
export function suppliedVersion(project: string, { names }: Pick<SetContext, 'names'>): Version | null {
  const has = names.inSet(project)?.version ?? null;
  return has === null ? null : tryParseVersion(has);
}

/** Who asks for a project of the set, and for what. */
type Demand = { readonly by: string | null; readonly requirement: Requirement };

/**
 * Which of the supplied projects the set does not have as a demand wants them: `replaced` have to be generated instead, and `kept` tells those
 * that stay all the same, because the builder of the set itself needs them. Where the set has a project under another attribute as all demands want it (`django_4`), that one is
 * taken from here on, see `names.taken`, which grows; demands that were looked at before have to be looked at again. Only with `--deps missing` are versions looked at. With `--relax` a version that does not fit is no
 * reason: `relaxedPackages` makes the expressions take it.
 */
export function misfitsOf(
  supplied: Resolution['supplied'],
  context: SetContext,
): { readonly replaced: readonly { readonly project: string; readonly note: Note }[]; readonly kept: readonly Note[] } {
  const replaced: { project: string; note: Note }[] = [];
  const kept: Note[] = [];
  for (const [project, demands] of context.options.deps === 'missing' ? supplied : []) {
    const entry = context.names.onSomeInterpreter(project);
    if (entry === null) continue;
    if (takesOther(project, { supplied, entry, context })) continue;
    const why = misfit(entry, { project, demands, context }) ?? clash(project, supplied, context);
    if (why === null) continue;
    if (context.names.bootstrap.has(project) && context.names.inSet(project) !== null)
      kept.push({ kind: 'warning', text: `${project} stays, since the builder needs it: ${why}`, project });
    else replaced.push({ project, note: { kind: 'fallback', text: `${project} is generated: ${why}`, project } });
  }
  return { replaced, kept };
}

/** Takes another package of the project where the one that the set gives first does not fit, and that one does. Once for each project, so that this has an end. */
function takesOther(
  project: string,
  {
    supplied,
    entry,
    context,
  }: { readonly supplied: Resolution['supplied']; readonly entry: PackageSetEntry; readonly context: SetContext },
): boolean {
  const { names } = context;
  if (names.taken.has(project) || names.bootstrap.has(project)) return false;
  const demand = {
    project,
    demands: supplied.get(project) ?? [],
    // What fits goes before what has to be relaxed.
    context: { ...context, options: { ...context.options, relax: false } },
  };
  const why = misfit(entry, demand);
  if (why === null) return false;
  const other = names.othersInSet(project).find((each) => misfit(each.entry, demand) === null);
  if (other === undefined || leadingTo(project, supplied, context) !== null) return false;
  names.take(project, other, takenNote(project, other, why));
  return true;
}

function takenNote(project: string, { entry }: OtherPackage, why: string): Note {
  return { kind: 'fallback', text: `${entry.attribute} stands for ${project}: under its usual name ${why}`, project };
}

/** Why what was taken instead cannot stay: Python has one version of a project at a time. */
function clash(project: string, supplied: Resolution['supplied'], context: SetContext): string | null {
  const by = context.names.taken.has(project) ? leadingTo(project, supplied, context) : null;
  return by === null ? null : `${by} of the package set may need it in another version`;
}

/** Another supplied project that may lead to this one by what the set's packages need of each other, where it is the one that the set gives first; null: there is none. */
function leadingTo(project: string, supplied: Resolution['supplied'], { names }: SetContext): string | null {
  for (const start of supplied.keys()) {
    const reached = new Set([start]);
    for (const each of start === project ? [] : reached) {
      const needs = names.needsOf(each);
      // Not known: it may.
      if (needs === null || needs.includes(project)) return start;
      for (const name of needs) reached.add(name);
    }
  }
  return null;
}

/** Why a package of the set is not what is asked for: `the package set has 0.5, low asks for >=99`; null when it is. */
function misfit(
  entry: PackageSetEntry,
  {
    project,
    demands,
    context,
  }: { readonly project: string; readonly demands: readonly Demand[]; readonly context: SetContext },
): string | null {
  const environments = context.targets?.environments ?? [];
  const isRelaxed = context.options.relax === true;
  for (const demand of demands) {
    const { marker, specifier, extras } = demand.requirement;
    for (const { version, lack, where, binds } of setVersions(entry, { marker, environments })) {
      const place = where === null ? '' : ` for ${where}`;
      if (!binds) continue;
      if (lack !== null) return `the package set ${lackText(lack)}${place}`;
      if (version === null) continue;
      const pinned = pinOf(project, version, context.locked ?? null);
      if (pinned !== null) return `the package set has ${version.text}, ${pinned}`;
      if (!isRelaxed && !specifierAllows(specifier, version, { prereleases: true }))
        return `the package set has ${version.text}, ${asker(demand)} for ${formatSpecifierSet(specifier)}`;
    }
    const lacking =
      context.asksForExtras === true ? extras.filter((extra) => entry.extras?.includes(extra) === false) : [];
    if (lacking.length > 0)
      return `the package set has it without the extra ${joinWords(lacking)}, which ${asker(demand)} for`;
  }
  return null;
}

function asker({ by }: Demand): string {
  return by === null ? 'you ask' : `${by} asks`;
}

/** `poetry.lock pins 1.16.0`, where that is another version. */
function pinOf(project: string, version: Version, locked: LockedProjects | null): string | null {
  const pinned = tryParseVersion(locked?.projects.get(project)?.version ?? '');
  if (locked === null || pinned === null || compareVersions(pinned, version) === 0) return null;
  return `${locked.file} pins ${pinned.text}`;
}
