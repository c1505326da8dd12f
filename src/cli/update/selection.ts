import { nearestName } from '../../base/nearest-name.ts';
import { excerpt } from '../../base/text.ts';
import { throwAll, UserError } from '../../base/user-error.ts';

/** A package that may be meant. */
export interface Selectable {
  /** PEP 503 name. */
  readonly name: string;
  readonly attribute: string;
}

/** Which packages of a repository an update is about, by their PEP 503 names. */
export interface UpdateSelection {
  /** Those that get new versions. */
  readonly selected: ReadonlySet<string>;
  /** Those that stay whatever the others need. */
  readonly excluded: ReadonlySet<string>;
}

/**
 * The packages that words and `--exclude` name, by project or attribute, in any spelling; `*` stands for any text and `?` for one character. Without words all.
 * Throws UserError E_NOT_IN_REPOSITORY (exit 1) for a word that names none.
 */
export function selectPackages(
  packages: readonly Selectable[],
  { words, exclude }: { readonly words: readonly string[]; readonly exclude: readonly string[] },
): UpdateSelection {
  const faults: UserError[] = [];
  const named = (patterns: readonly string[]): ReadonlySet<string> => {
    const found = new Set<string>();
    for (const pattern of patterns) {
      const meant = packages.filter((each) => isMeant(pattern, each));
      if (meant.length === 0) faults.push(unknown(pattern, packages));
      for (const { name } of meant) found.add(name);
    }
    return found;
  };
  const chosen = words.length === 0 ? new Set(packages.map(({ name }) => name)) : named(words);
  const excluded = named(exclude);
  throwAll(faults);
  return { selected: new Set([...chosen].filter((name) => !excluded.has(name))), excluded };
}

function isMeant(pattern: string, { name, attribute }: Selectable): boolean {
  const plain = pattern.toLowerCase().replace(/[-_.]+/gu, '-');
  return matchesGlob(plain, name) || matchesGlob(pattern, attribute);
}

/** Takes the shortest text for each `*`, and goes back to the last one only: the time is the product of the lengths at most. */
function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let position = 0; position < text.length; ) {
    if (pattern[at] === '*') {
      star = at;
      from = position;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      from += 1;
      position = from;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

function unknown(pattern: string, packages: readonly Selectable[]): UserError {
  const near = nearestName(
    pattern,
    packages.map(({ name }) => name),
  );
  const shown = packages.slice(0, 10).map(({ name }) => name);
  const hint =
    near !== null
      ? `did you mean ${near}?`
      : packages.length === 0
        ? 'it has no packages from an index'
        : `it has ${shown.join(', ')}${packages.length > shown.length ? ', …' : ''}`;
  return new UserError('E_NOT_IN_REPOSITORY', `${excerpt(pattern)}: no package of this repository`, { hint });
}
