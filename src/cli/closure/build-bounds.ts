import type { Note } from '../../base/note.ts';
import { compareText, joinWords, sortedUnique } from '../../base/text.ts';
import { UserError, UserErrors, userErrorsOf } from '../../base/user-error.ts';
import type { LiftedBound, Omission, PackageFacts } from '../../classify/package-facts.ts';
import type { Requirement } from '../../pep/requirement.ts';
import { formatSpecifierSet, parseSpecifierSet, type Specifier, specifierAllows } from '../../pep/specifier.ts';
import type { Version } from '../../pep/version.ts';
import { intersectionOf, isEmptyRange, rangeOfSpecifiers, type VersionRange } from '../../pep/version-range.ts';

/**
 * Build requirements to solve, the strictest first. A package set has one version of a build tool for all packages, and their bounds often exclude each other
 * (`setuptools<60` here, `setuptools>=77` there): then the upper bounds are given up, first of tools whose bounds exclude each other by themselves, then of those that several packages bound
 * differently, at last of all. `proven` bounds, without which a build fails for certain, stay to the end, and what excludes them is given up whole.
 */
export function relaxations(
  wanted: readonly Requirement[],
  proven: readonly Requirement[] = [],
): readonly (readonly Requirement[])[] {
  const bounds = new Map<string, Set<string>>();
  for (const { name, specifier } of wanted)
    bounds.set(name, new Set([...(bounds.get(name) ?? []), formatSpecifierSet(specifier)]));
  const contested = new Set([...bounds].flatMap(([name, texts]) => (texts.size > 1 ? [name] : [])));
  const excluding = excludingEachOther(wanted);
  const without = (names: ReadonlySet<string>): readonly Requirement[] =>
    wanted.map((requirement) => (names.has(requirement.name) ? withoutUpperBounds(requirement) : requirement));
  const lifted = [
    ...(excluding.size > 0 && excluding.size < contested.size ? [without(excluding)] : []),
    without(contested),
    wanted.map(withoutUpperBounds),
  ];
  const certain = proven.filter(({ name }) => bounds.has(name));
  if (certain.length === 0) return [wanted, ...lifted];
  const kept = [wanted, ...lifted].map((attempt) => [...withinProven(attempt, certain), ...certain]);
  return [wanted, ...kept, ...lifted];
}

/** The requirements, without any bound where it excludes what is proven of the same project. Where proven bounds exclude each other nothing is changed. */
export function withinProven(
  requirements: readonly Requirement[],
  proven: readonly Requirement[],
): readonly Requirement[] {
  return requirements.map((requirement) => {
    const certain = proven.filter(({ name }) => name === requirement.name);
    if (certain.length === 0 || excludingEachOther(certain).size > 0) return requirement;
    return excludingEachOther([requirement, ...certain]).size === 0 ? requirement : { ...requirement, specifier: [] };
  });
}

/** The names of projects that are asked for in versions of which none can meet all. */
export function excludingEachOther(wanted: readonly Requirement[]): ReadonlySet<string> {
  const ranges = new Map<string, VersionRange>();
  for (const { name, specifier } of wanted) {
    const range = rangeOfSpecifiers(specifier);
    const before = ranges.get(name);
    ranges.set(name, before === undefined ? range : intersectionOf(before, range));
  }
  return new Set([...ranges].flatMap(([name, range]) => (isEmptyRange(range) ? [name] : [])));
}

const LOWER_BOUNDS: ReadonlySet<Specifier['operator']> = new Set(['>=', '>', '!=']);

function withoutUpperBounds(requirement: Requirement): Requirement {
  return { ...requirement, specifier: requirement.specifier.filter(({ operator }) => LOWER_BOUNDS.has(operator)) };
}

/** What cannot be met, with the packages whose builds ask for it: who reads `no index has a project x` never named it. Defects are given back as they are. */
export function withAskers(
  thrown: unknown,
  wanted: readonly { readonly requirement: Requirement; readonly by: string | null }[],
): unknown {
  const errors = userErrorsOf(thrown);
  if (errors === undefined) return thrown;
  const told = errors.map((error) => {
    const { code, message, hint, exit } = error;
    const words = new Set(message.match(/[a-z0-9]+(?:-[a-z0-9]+)*/gu));
    const isTold = (name: string): boolean =>
      code === 'E_NO_SUCH_PROJECT' ? message.endsWith(` ${name}`) : words.has(name);
    const asked = wanted.filter(({ requirement }) => isTold(requirement.name));
    const askers = sortedUnique(asked.flatMap(({ by }) => by ?? []));
    if (askers.length === 0) return error;
    const names = sortedUnique(asked.map(({ requirement }) => requirement.name));
    const who = `the build-system of ${joinWords(askers)} asks for ${names.length === 1 ? 'it' : joinWords(names)}`;
    const [asker = ''] = askers;
    const rule = `in ${asker}.toml: build-system.remove = [${names.map((name) => JSON.stringify(name)).join(', ')}]`;
    const removal = `take what is not needed out of the build by an override, for example ${rule}`;
    const ways = [...(hint === undefined ? [] : [hint]), ...(code === 'E_NO_SUCH_PROJECT' ? [removal] : [])];
    const told = ways.length === 0 ? {} : { hint: ways.join(', or ') };
    const pairs = asked.flatMap(({ requirement: { name, specifier }, by }) =>
      by === null ? [] : [{ by, name, specifier: formatSpecifierSet(specifier) }],
    );
    return new UserError(code, `${message} (${who})`, { exit, cause: error, askers: pairs, ...told });
  });
  return told.length === 1 ? told[0] : new UserErrors(told);
}

/**
 * The packages with the bounds of their build requirements that the versions in use do not meet; each is a note too. `versionOf` gives the version of
 * a project (PEP 503 name), null where that is not known.
 */
export function withLiftedBounds(
  packages: readonly PackageFacts[],
  versionOf: (project: string) => Version | null,
): readonly PackageFacts[] {
  return packages.map((facts) => {
    const lifted = liftedBounds(facts, versionOf);
    if (lifted.length === 0) return facts;
    const notes = lifted.map(
      ({ name, specifier, version }): Note => ({
        kind: 'warning',
        text: `to be built it asks for ${name}${specifier}, and ${version} is used`,
        project: facts.name,
      }),
    );
    return { ...facts, liftedBuildBounds: lifted, notes: [...facts.notes, ...notes] };
  });
}

/**
 * The facts after overrides with an omission for each declared build requirement that a rule takes out: the build must not ask for it then. A rule that also
 * sets `postPatch` is left alone, as it edits pyproject.toml itself. `before` are the facts without overrides.
 */
export function withRemovedBuilds(facts: PackageFacts, before: PackageFacts): PackageFacts {
  if (facts.text.postPatch !== undefined) return facts;
  const kept = new Set(namesOf(facts));
  const removed = sortedUnique(namesOf(before)).filter((name) => !kept.has(name));
  if (removed.length === 0) return facts;
  const omissions = removed.map(
    (name): Omission => ({ list: 'build-system', name, reason: 'an override takes it out of the build' }),
  );
  return { ...facts, omissions: [...facts.omissions, ...omissions] };
}

/** The projects that pyproject.toml asks for, which the build checks. */
function namesOf({ inputs }: PackageFacts): string[] {
  return inputs['build-system'].flatMap((input) =>
    input.kind === 'python' && input.origins.some(({ file }) => file === 'pyproject.toml') ? [input.name] : [],
  );
}

function liftedBounds(facts: PackageFacts, versionOf: (project: string) => Version | null): LiftedBound[] {
  return facts.inputs['build-system']
    .flatMap((input): LiftedBound[] => {
      const version = input.kind === 'python' ? versionOf(input.name) : null;
      if (input.kind !== 'python' || version === null) return [];
      const unmet = [input.specifier, ...(input.bounds ?? []).map(({ specifier }) => specifier)].find(
        (specifier) => !specifierAllows(parseSpecifierSet(specifier), version, { prereleases: true }),
      );
      return unmet === undefined ? [] : [{ name: input.name, specifier: unmet, version: version.text }];
    })
    .sort((a, b) => compareText(a.name, b.name));
}
