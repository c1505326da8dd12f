import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import type { PythonInput } from '../../classify/package-facts.ts';
import type { LockedProjects } from '../../lock/locked-projects.ts';
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
 * that stay all the same, because the builder of the set itself needs them. Only with `--deps missing` are versions looked at. With `--relax` a version that does not fit is no
 * reason: `relaxedPackages` makes the expressions take it.
 */
export function misfitsOf(
  supplied: Resolution['supplied'],
  context: SetContext,
): { readonly replaced: readonly { readonly project: string; readonly note: Note }[]; readonly kept: readonly Note[] } {
  const replaced: { project: string; note: Note }[] = [];
  const kept: Note[] = [];
  for (const [project, demands] of context.options.deps === 'missing' ? supplied : []) {
    const why = misfit(project, demands, context);
    if (why === null) continue;
    if (context.names.bootstrap.has(project) && context.names.inSet(project) !== null)
      kept.push({ kind: 'warning', text: `${project} stays, since the builder needs it: ${why}`, project });
    else replaced.push({ project, note: { kind: 'fallback', text: `${project} is generated: ${why}`, project } });
  }
  return { replaced, kept };
}

/** Why the set's package is not what is asked for: `the package set has 0.5, low asks for >=99`; null when it is. */
function misfit(project: string, demands: readonly Demand[], context: SetContext): string | null {
  const entry = context.names.onSomeInterpreter(project);
  if (entry === null) return null;
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
