import type { Note } from '../base/note.ts';
import type { LockedProjects } from '../lock/locked-projects.ts';
import { BOOTSTRAP_PROJECTS } from '../nixpkgs/bootstrap.ts';
import type { Requirement } from '../pep/requirement.ts';
import { formatSpecifierSet, specifierAllows } from '../pep/specifier.ts';
import { compareVersions, tryParseVersion, type Version } from '../pep/version.ts';
import type { Resolution } from '../resolve/provider.ts';
import type { GenerateOptions } from './options.ts';
import type { ReleaseReader } from './release-reader.ts';
import type { RunNames } from './run-names.ts';

/** What a run takes from the package set, as far as it knows. */
export interface SetContext {
  readonly options: Pick<GenerateOptions, 'deps' | 'bootstrap'>;
  readonly names: RunNames;
  /** Projects (PEP 503 names) that the set has in a version that does not fit. */
  readonly misfits: ReadonlyMap<string, Note>;
  /** The lock that decides the versions of the run. */
  readonly locked?: LockedProjects | null;
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
      return names.inSet(project) !== null && !misfits.has(project);
    case 'all':
      return BOOTSTRAP_PROJECTS.has(project) && !options.bootstrap;
  }
}

/** The version of a project in the set; null where that is not known. */
export function suppliedVersion(project: string, { names }: Pick<SetContext, 'names'>): Version | null {
  const has = names.inSet(project)?.version ?? null;
  return has === null ? null : tryParseVersion(has);
}

/**
 * Which of the supplied projects the set has in a version that a demand excludes: `replaced` have to be generated instead, and `kept` tells those
 * that stay all the same, because the builder of the set itself needs them. Only with `--deps missing` are versions looked at.
 */
export function misfitsOf(
  supplied: Resolution['supplied'],
  context: SetContext,
): { readonly replaced: readonly { readonly project: string; readonly note: Note }[]; readonly kept: readonly Note[] } {
  const replaced: { project: string; note: Note }[] = [];
  const kept: Note[] = [];
  for (const [project, demands] of context.options.deps === 'missing' ? supplied : []) {
    const version = suppliedVersion(project, context);
    if (version === null) continue;
    const asked = unmetDemand(project, { version, demands, locked: context.locked ?? null });
    if (asked === null) continue;
    const why = `the package set has ${version.text}, ${asked}`;
    if (BOOTSTRAP_PROJECTS.has(project))
      kept.push({ kind: 'warning', text: `${project} stays, since the builder needs it: ${why}`, project });
    else replaced.push({ project, note: { kind: 'fallback', text: `${project} is generated: ${why}`, project } });
  }
  return { replaced, kept };
}

/** What excludes the set's version: `low asks for >=99`, `poetry.lock pins 1.16.0`; null when nothing does. */
function unmetDemand(
  project: string,
  {
    version,
    demands,
    locked,
  }: {
    readonly version: Version;
    readonly demands: readonly { readonly by: string | null; readonly requirement: Requirement }[];
    readonly locked: LockedProjects | null;
  },
): string | null {
  const pinned = tryParseVersion(locked?.projects.get(project)?.version ?? '');
  if (locked !== null && pinned !== null && compareVersions(pinned, version) !== 0)
    return `${locked.file} pins ${pinned.text}`;
  const unmet = demands.find(
    ({ requirement }) => !specifierAllows(requirement.specifier, version, { prereleases: true }),
  );
  if (unmet === undefined) return null;
  return `${unmet.by === null ? 'you ask' : `${unmet.by} asks`} for ${formatSpecifierSet(unmet.requirement.specifier)}`;
}
