import { oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { normalizeName } from './name.ts';
import { parseRequirement } from './requirement.ts';

/**
 * The requirement texts of a dependency group (PEP 735), as they are written and in order, with included groups in their place and
 * each text once. `groups` is the decoded table `[dependency-groups]` of a pyproject.toml; its values are checked here.
 * Throws UserError E_BAD_DEPENDENCY_GROUP (exit 65) for a group that is missing, spelled twice, includes itself or is no list of
 * requirements and `{ include-group = "name" }`.
 */
export function resolveDependencyGroup(groups: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const byName = new Map<string, unknown>();
  for (const [spelled, entries] of Object.entries(groups)) {
    const normal = normalizeName(spelled);
    if (byName.has(normal)) throw badGroup(normal, 'is there twice, in different spellings');
    byName.set(normal, entries);
  }
  return [...expand(normalizeName(name), byName, { path: [], done: new Map() })];
}

interface Progress {
  /** Groups that are being expanded, from the outermost. */
  readonly path: readonly string[];
  /** Groups that are finished. */
  readonly done: Map<string, ReadonlySet<string>>;
}

function expand(name: string, groups: ReadonlyMap<string, unknown>, { path, done }: Progress): ReadonlySet<string> {
  const known = done.get(name);
  if (known !== undefined) return known;
  if (path.includes(name))
    throw badGroup(name, `includes itself: ${[...path.slice(path.indexOf(name)), name].join(' -> ')}`);
  const entries = groups.get(name);
  if (!Array.isArray(entries)) throw badGroup(name, groups.has(name) ? 'is no list' : 'does not exist');
  const texts = new Set<string>();
  for (const entry of entries) {
    if (typeof entry === 'string') texts.add(checked(name, entry));
    else for (const text of expand(includedName(name, entry), groups, { path: [...path, name], done })) texts.add(text);
  }
  done.set(name, texts);
  return texts;
}

function checked(group: string, text: string): string {
  try {
    parseRequirement(text);
    return text;
  } catch (error) {
    if (error instanceof UserError) throw badGroup(group, `has an entry that is ${error.message}`);
    throw error;
  }
}

function includedName(group: string, entry: unknown): string {
  const [pair, ...others] = typeof entry === 'object' && entry !== null ? Object.entries(entry) : [];
  if (pair?.[0] === 'include-group' && typeof pair[1] === 'string' && others.length === 0)
    return normalizeName(pair[1]);
  throw badGroup(group, 'has an entry that is neither a requirement nor { include-group = "name" }');
}

function badGroup(name: string, what: string): UserError {
  return new UserError('E_BAD_DEPENDENCY_GROUP', `dependency group ${oneLine(name)} ${what}`, {
    exit: EXIT.data,
    hint: 'look at [dependency-groups] in pyproject.toml',
  });
}
