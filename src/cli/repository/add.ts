import type { Note } from '../../base/note.ts';
import { tomlString } from '../../pep/pylock-toml.ts';
import { formatRequirement } from '../../pep/requirement.ts';
import { parseTarget, type RequirementTarget } from '../../pep/requirements-target.ts';
import { editList, editOption } from '../../repository/manifest-edit.ts';
import type { ManifestOptions } from '../../repository/manifest-options.ts';
import type { AddOptions } from '../options/add-options.ts';
import type { CommandResult } from '../options/command.ts';
import type { CommandContext } from '../world.ts';
import { changeRepository, type ManifestChange, pathInRepository, type RepositoryBefore } from './change-repository.ts';
import { optionsToKeep } from './options-to-keep.ts';

/**
 * `pypi2nix add`: puts requirements into the manifest of a repository, resolves, and writes all files. A project that is asked for already gets the new specifier.
 * Throws UserError E_INVALID_REQUIREMENT (exit 65), E_CREDENTIALS_IN_MANIFEST (2), E_CANNOT_EDIT (78), and what `changeRepository` throws.
 */
export async function add(options: AddOptions, context: CommandContext): Promise<CommandResult> {
  const { offline, refresh, jobs } = options;
  return changeRepository(options, context, {
    work: { offline, refresh, jobs },
    edit: (before) => edited(before, { options, directory: context.directory }),
  });
}

function edited(
  { root, manifest }: RepositoryBefore,
  { options, directory }: { readonly options: AddOptions; readonly directory: string },
): ManifestChange {
  const lines: string[] = [];
  const notes: Note[] = [];
  const changed = new Map<number, string>();
  const added: string[] = [];
  for (const given of options.requirements) {
    const target = parseTarget(given);
    const text = target.kind === 'path' ? pathRequirement(target, { directory, root }) : given.trim();
    const name = projectOf(text);
    const index = manifest.requirements.findIndex(
      (each) => each === text || (name !== null && projectOf(each) === name),
    );
    const before = manifest.requirements[index];
    if (before === undefined) {
      // Of a project that one line names twice the last word counts, as on two lines.
      const twice = added.findIndex((each) => name !== null && projectOf(each) === name);
      if (twice < 0) added.push(text);
      else added[twice] = text;
    } else if (before !== text) {
      changed.set(index, text);
      lines.push(`${before} is ${text} now`);
    }
  }
  let text = manifest.text;
  if (changed.size + added.length > 0)
    text = editList(text, { key: 'requirements', changed, added: [...new Set(added)] });
  const folders = options.develop
    .map((folder) => pathInRepository(folder, { directory, root }))
    .filter((folder) => !manifest.develop.includes(folder));
  if (folders.length > 0) text = editList(text, { key: 'develop', changed: new Map(), added: [...new Set(folders)] });
  const kept = Object.entries(optionsToKeep(options.kept, { root, directory }));
  for (const [name, value] of kept) {
    text = editOption(text, { name, value: tomlValue(value) });
    const opposite = OPPOSITES.get(name);
    if (opposite !== undefined && manifest.options[opposite] === true)
      text = editOption(text, { name: opposite, value: 'false' });
  }
  return { text, lines, notes };
}

/** `./dir[extra] ; marker` as the manifest has it: its path is of the repository. */
function pathRequirement(
  target: Extract<RequirementTarget, { readonly location: string }>,
  place: { readonly directory: string; readonly root: string },
): string {
  const { location, name, extras, marker } = target;
  const shown = pathInRepository(location, place);
  const ofExtras = extras.length === 0 ? '' : `[${extras.join(',')}]`;
  // The grammar of markers has one printer, that of requirements.
  const tail = marker === null ? '' : formatRequirement({ ...NAMED, marker }).slice(NAMED.spelled.length);
  return name === null ? `${shown}${ofExtras}${tail}` : `${name}${ofExtras} @ ${shown}${tail}`;
}

const NAMED = { name: 'x', spelled: 'x', extras: [], specifier: [], marker: null, url: null };

/** The PEP 503 name of a requirement that states it. */
export function projectOf(text: string): string | null {
  const target = parseTarget(text);
  return target.kind === 'requirement' ? target.requirement.name : target.name;
}

/** Switches that exclude each other: what is said last holds. */
const OPPOSITES: ReadonlyMap<string, 'with-checks' | 'no-checks'> = new Map([
  ['with-checks', 'no-checks'],
  ['no-checks', 'with-checks'],
]);

function tomlValue(value: ManifestOptions[keyof ManifestOptions]): string {
  if (typeof value === 'string') return tomlString(value);
  return Array.isArray(value) ? `[${value.map(tomlString).join(', ')}]` : String(value);
}
