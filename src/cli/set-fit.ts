import type { Note } from '../base/note.ts';
import { BOOTSTRAP_PROJECTS } from '../nixpkgs/bootstrap.ts';
import { formatSpecifierSet, specifierAllows } from '../pep/specifier.ts';
import { tryParseVersion, type Version } from '../pep/version.ts';
import type { Resolution } from '../resolve/provider.ts';
import type { GenerateOptions } from './options.ts';
import type { RunNames } from './run-names.ts';

/** What a run takes from the package set, as far as it knows. */
export interface SetContext {
  readonly options: Pick<GenerateOptions, 'deps' | 'bootstrap'>;
  readonly names: RunNames;
  /** Projects (PEP 503 names) that the set has in a version that does not fit. */
  readonly misfits: ReadonlyMap<string, Note>;
}

/** Whether a project (PEP 503 name) that something needs comes from the package set, and is not generated. */
export function isSupplied(project: string, { options, names, misfits }: SetContext): boolean {
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
    const unmet = demands.find(
      ({ requirement }) => !specifierAllows(requirement.specifier, version, { prereleases: true }),
    );
    if (unmet === undefined) continue;
    const who = unmet.by === null ? 'you ask' : `${unmet.by} asks`;
    const why = `the package set has ${version.text}, ${who} for ${formatSpecifierSet(unmet.requirement.specifier)}`;
    if (BOOTSTRAP_PROJECTS.has(project))
      kept.push({ kind: 'warning', text: `${project} stays, since the builder needs it: ${why}`, project });
    else replaced.push({ project, note: { kind: 'fallback', text: `${project} is generated: ${why}`, project } });
  }
  return { replaced, kept };
}
