import type { Note } from '../../base/note.ts';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import { redactUrl } from '../../net/redact.ts';
import { tomlString } from '../../pep/pylock-toml.ts';
import { formatRequirement } from '../../pep/requirement.ts';
import { parseTarget, type RequirementTarget } from '../../pep/requirements-target.ts';
import { editList, editOption } from '../../repository/manifest-edit.ts';
import type { AddOptions } from '../options/add-options.ts';
import type { CommandResult } from '../options/command.ts';
import type { CommandContext } from '../world.ts';
import { changeRepository, type ManifestChange, pathInRepository, type RepositoryBefore } from './change-repository.ts';

/**
 * `pypi2nix add`: puts requirements into the manifest of a repository, resolves, and writes all files. A project that is asked for already gets the new specifier.
 * Throws UserError E_INVALID_REQUIREMENT (exit 65), E_CREDENTIALS_IN_MANIFEST (2), E_CANNOT_EDIT (78), and what `changeRepository` throws.
 */
export async function add(options: AddOptions, context: CommandContext): Promise<CommandResult> {
  const { offline, refresh, jobs } = options;
  throwAll([options.indexUrl, ...options.extraIndexUrls, ...options.findLinks].flatMap(credentialFaults));
  return changeRepository(options, context, {
    work: { offline, refresh, jobs },
    edit: (before) => edited(before, { options, directory: context.directory }),
  });
}

/** What is kept in a file is read by others. */
export function credentialFaults(url: string | null): UserError[] {
  if (url === null || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  if (username === '' && password === '') return [];
  return [
    new UserError(
      'E_CREDENTIALS_IN_MANIFEST',
      `${redactUrl(url)} has a user name or password, which is not kept in pypi2nix.toml`,
      {
        exit: EXIT.usage,
        hint: 'leave it out of the address, and put it into ~/.netrc',
      },
    ),
  ];
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
  for (const [name, value] of keptOptions(options)) text = editOption(text, { name, value });
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

function keptOptions({ indexUrl, extraIndexUrls, findLinks, pre }: AddOptions): readonly (readonly [string, string])[] {
  const listed = (values: readonly string[]): string => `[${values.map(tomlString).join(', ')}]`;
  return [
    ...(indexUrl === null ? [] : [['index-url', tomlString(indexUrl)] as const]),
    ...(extraIndexUrls.length === 0 ? [] : [['extra-index-url', listed(extraIndexUrls)] as const]),
    ...(findLinks.length === 0 ? [] : [['find-links', listed(findLinks)] as const]),
    ...(pre ? [['pre', 'true'] as const] : []),
  ];
}
