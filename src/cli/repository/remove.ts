import { nearestName } from '../../base/nearest-name.ts';
import { excerpt } from '../../base/text.ts';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import { isProjectName, normalizeName } from '../../pep/name.ts';
import { editList, type ListEdit } from '../../repository/manifest-edit.ts';
import type { CommandResult } from '../options/command.ts';
import type { RemoveOptions } from '../options/remove-options.ts';
import type { CommandContext } from '../world.ts';
import { projectOf } from './add.ts';
import { changeRepository, type ManifestChange, pathInRepository, type RepositoryBefore } from './change-repository.ts';

/**
 * `pypi2nix remove`: takes projects out of the manifest of a repository, resolves, and writes all files; packages that nothing needs any more go, and are named.
 * Throws UserError E_NOT_ASKED_FOR (exit 1) for a name that the manifest does not have, and what `changeRepository` throws.
 */
export async function remove(options: RemoveOptions, context: CommandContext): Promise<CommandResult> {
  const { offline, jobs, names } = options;
  return changeRepository(options, context, {
    work: { offline, refresh: false, jobs },
    edit: (before) => edited(before, { names, directory: context.directory }),
  });
}

function edited(
  before: RepositoryBefore,
  { names, directory }: { readonly names: readonly string[]; readonly directory: string },
): ManifestChange {
  const gone = { requirements: new Map<number, null>(), develop: new Map<number, null>() };
  const faults: UserError[] = [];
  for (const given of names) {
    const found = entriesOf(given, { before, directory });
    if (found.length === 0) faults.push(notAskedFor(given, before));
    for (const { key, index } of found) gone[key].set(index, null);
  }
  throwAll(faults);
  let { text } = before.manifest;
  for (const key of ['requirements', 'develop'] as const) {
    if (gone[key].size > 0) text = editList(text, { key, changed: gone[key], added: [] });
  }
  return { text, lines: [], notes: [] };
}

/** The entries of the manifest that a name, or a path, stands for. */
function entriesOf(
  given: string,
  { before, directory }: { readonly before: RepositoryBefore; readonly directory: string },
): { readonly key: ListEdit['key']; readonly index: number }[] {
  const { root, manifest, lock } = before;
  const name = isProjectName(given) ? normalizeName(given) : null;
  const folder = pathInRepository(given, { directory, root });
  const folders = new Set([
    ...(name === null ? [folder] : []),
    ...(lock?.folders ?? []).flatMap((each) =>
      each.name === name ? [pathInRepository(each.path, { directory: root, root })] : [],
    ),
  ]);
  const isMeant = (entry: string): boolean =>
    entry === given || folders.has(folderOf(entry, root)) || (name !== null && projectOf(entry) === name);
  return (['requirements', 'develop'] as const).flatMap((key) =>
    manifest[key].flatMap((entry, index) => (isMeant(entry) ? [{ key, index }] : [])),
  );
}

/** The path of an entry without its extras, as `pathInRepository` writes it; the entry itself for what is no path. */
function folderOf(entry: string, root: string): string {
  const place = /^(\.{0,2}\/[^[;]*|\.{1,2})/u.exec(entry)?.[1];
  return place === undefined ? entry : pathInRepository(place.trim(), { directory: root, root });
}

function notAskedFor(given: string, { manifest, lock }: RepositoryBefore): UserError {
  const name = isProjectName(given) ? normalizeName(given) : given;
  const isLocked = lock?.packages.some((each) => each.name === name) === true;
  const asked = manifest.requirements.flatMap((entry) => projectOf(entry) ?? []);
  const meant = nearestName(name, asked);
  const hint = isLocked
    ? 'it is there because something else needs it, and goes with that'
    : meant === null
      ? `it asks for ${asked.length === 0 ? 'nothing' : asked.join(', ')}`
      : `did you mean ${meant}?`;
  return new UserError('E_NOT_ASKED_FOR', `pypi2nix.toml does not ask for ${excerpt(given)}`, {
    exit: EXIT.unmet,
    hint,
  });
}
