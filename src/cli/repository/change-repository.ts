import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { compareText, joinWords } from '../../base/text.ts';
import type { RepositoryLock } from '../../lock/repository-lock.ts';
import { formatPylock } from '../../pep/pylock.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../repository/manifest.ts';
import type { SeenRepository } from '../../repository/open-repository.ts';
import type { CommandResult } from '../options/command.ts';
import type { RepositoryOptions } from '../options/repository-options.ts';
import type { CommandContext } from '../world.ts';
import { composeRepository } from './compose-repository.ts';
import { LOCK_PATH, repositoryRoot } from './repository-folder.ts';
import { lockOf, readRepositoryLock } from './repository-lock-file.ts';
import { manifestOptions, readManifest, type WorkOptions } from './repository-manifest.ts';
import { lookFor, openFor, repositoryResult } from './repository-run.ts';
import { resolveRepository } from './resolve-repository.ts';

/** A repository as a command that changes its manifest finds it. */
export interface RepositoryBefore {
  readonly root: string;
  readonly manifest: Manifest;
  readonly lock: RepositoryLock | null;
}

/** The manifest that a command makes of it, and what it says of that. */
export interface ManifestChange {
  readonly text: string;
  readonly lines: readonly string[];
  readonly notes: readonly Note[];
}

/** How a command changes a repository. */
export interface RepositoryChange {
  readonly work: WorkOptions;
  readonly edit: (before: RepositoryBefore) => ManifestChange;
  /** As `ResolveRequest` has it. */
  readonly forgets?: (project: string) => boolean;
}

/**
 * Changes the manifest of a repository, resolves what it asks for then, and writes manifest, lock file and expressions, all or none.
 * Throws what editing, resolving, generating and writing throw.
 */
export async function changeRepository(
  options: RepositoryOptions,
  context: CommandContext,
  change: RepositoryChange,
): Promise<CommandResult> {
  const root = repositoryRoot({ directory: context.directory, given: options.repository });
  const how = { options, context };
  const changed = async (repository: SeenRepository): Promise<Changed> => {
    const manifest = await readManifest(root);
    const { text: before, lock } = await readRepositoryLock(root, context);
    const edited = change.edit({ root, manifest, lock });
    const next = parseManifest(edited.text, MANIFEST_PATH);
    const resolved = await resolvedText(next, { root, previous: lock, change, context });
    const locked = await lockOf(resolved.text, context);
    const composed = await composeRepository({
      root,
      manifest: next,
      lock: locked,
      work: change.work,
      context,
    });
    const plan = await repository.plan({
      ...composed.texts,
      own: new Map([
        [MANIFEST_PATH, { text: edited.text, before: manifest.text }],
        [LOCK_PATH, { text: resolved.text, before }],
      ]),
    });
    return {
      plan,
      notes: [...edited.notes, ...resolved.notes, ...composed.notes],
      head: [
        ...edited.lines,
        ...packageLines(repository, composed.texts.packages ?? []),
        ...versionLines(lock, locked),
      ],
    };
  };
  if (options.dryRun) return repositoryResult(await lookFor(root, how, changed), options);
  return openFor(root, how, async (repository) => {
    const made = await changed(repository);
    await repository.commit(made.plan);
    return repositoryResult(made, options);
  });
}

type Changed = Parameters<typeof repositoryResult>[0];

async function resolvedText(
  manifest: Manifest,
  {
    root,
    previous,
    change,
    context,
  }: {
    readonly root: string;
    readonly previous: RepositoryLock | null;
    readonly change: RepositoryChange;
    readonly context: CommandContext;
  },
): Promise<{ readonly text: string; readonly notes: readonly Note[] }> {
  const options = manifestOptions(manifest, change.work);
  if (options.requirements.length === 0) return { text: EMPTY_LOCK, notes: [] };
  const { forgets } = change;
  return resolveRepository({
    root,
    options,
    pins: manifest.pins,
    previous,
    context,
    ...(forgets === undefined ? {} : { forgets }),
  });
}

/** The lock file of a repository that asks for nothing. */
export const EMPTY_LOCK = formatPylock({
  lockVersion: '1.0',
  environments: [],
  requiresPython: null,
  extras: null,
  dependencyGroups: null,
  defaultGroups: [],
  createdBy: 'pypi2nix',
  packages: [],
  tool: { pypi2nix: { form: 1, requirements: [] } },
});

/** Which packages came and which went, with what only they needed. */
function packageLines({ record }: SeenRepository, packages: SeenRepository['record']['packages']): string[] {
  const before = new Set(record.packages.map(({ name }) => name));
  const after = new Set(packages.map(({ name }) => name));
  const came = [...after].filter((name) => !before.has(name)).sort(compareText);
  const went = [...before].filter((name) => !after.has(name)).sort(compareText);
  return [
    ...(came.length === 0 ? [] : [`new packages: ${joinWords(came)}`]),
    ...(went.length === 0 ? [] : [`packages that nothing needs any more: ${joinWords(went)}`]),
  ];
}

/** Versions that are others than before, of what is in the lock file on both sides. */
function versionLines(before: RepositoryLock | null, after: RepositoryLock): string[] {
  const known = new Map(before?.releases.map(({ name, version }) => [name, version]));
  return after.releases.flatMap(({ name, version }) => {
    const old = known.get(name);
    return old === undefined || old === version ? [] : [`${name}: ${old} -> ${version}`];
  });
}

/** A path of the working directory as the manifest has it: seen from the repository, beginning with a dot. */
export function pathInRepository(
  given: string,
  { directory, root }: { readonly directory: string; readonly root: string },
): string {
  const relative = path.relative(root, path.resolve(directory, given)).split(path.sep).join('/');
  if (relative === '') return '.';
  return relative === '..' || relative.startsWith('../') ? relative : `./${relative}`;
}
