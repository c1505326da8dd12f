import type { Note } from '../../base/note.ts';
import { joinWords, sortedUnique } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import { INPUT_LISTS, type Omission, type PackageFacts, type TextPart } from '../../classify/package-facts.ts';
import type { MarkerEnvironment } from '../../pep/marker.ts';
import type { RunNames } from '../run/run-names.ts';
import { lackText, setVersions } from './set-versions.ts';

/**
 * A package without the system libraries and tools of which it is known that the nixpkgs has none: an argument that nothing fills in would make the whole file fail. Each
 * is an omission with a note.
 * Throws UserError E_NOT_IN_PACKAGE_SET (exit 1) for one that stands in a text, which would be wrong without it.
 */
export function withoutMissingSystems(facts: PackageFacts, names: Pick<RunNames, 'systemAttribute'>): PackageFacts {
  const isMissing = (attribute: string): boolean => names.systemAttribute(attribute) === null;
  const texts = [...Object.values(facts.env), ...Object.values(facts.text)].flatMap((parts) => parts ?? []);
  const needed = texts.find((part) => typeof part !== 'string' && isMissing(part.attribute));
  if (needed !== undefined) throw missingInText(facts, needed);
  const omissions: Omission[] = [];
  const inputs = { ...facts.inputs };
  for (const list of INPUT_LISTS) {
    const missing = inputs[list].flatMap((input) =>
      input.kind === 'system' && isMissing(input.attribute) ? [input.attribute] : [],
    );
    if (missing.length === 0) continue;
    omissions.push(...missing.map((name) => ({ list, name, reason: 'this nixpkgs has no such attribute' })));
    inputs[list] = inputs[list].filter((input) => input.kind !== 'system' || !missing.includes(input.attribute));
  }
  if (omissions.length === 0) return facts;
  const notes = omissions.map(
    ({ list, name }): Note => ({
      kind: 'warning',
      text: `${name} is left out of ${list}: this nixpkgs has no such attribute`,
      project: facts.name,
    }),
  );
  return { ...facts, inputs, omissions: [...facts.omissions, ...omissions], notes: [...facts.notes, ...notes] };
}

function missingInText({ name }: PackageFacts, part: TextPart): UserError {
  const attribute = typeof part === 'string' ? part : part.attribute;
  return new UserError(
    'E_NOT_IN_PACKAGE_SET',
    `${name} needs the path of ${attribute}, which this nixpkgs does not have`,
    { hint: `name the attribute that it has in an override: pypi2nix why ${name} tells where this comes from` },
  );
}

/** Why packages that nobody asked for by name are generated although the set has them in some form. */
export function unusableNotes(
  packages: readonly PackageFacts[],
  { names, direct }: { readonly names: RunNames; readonly direct: readonly string[] },
): readonly Note[] {
  return packages.flatMap(({ name }): Note[] => {
    const entry = direct.includes(name) ? null : names.unusableInSet(name);
    const lack = entry?.targets?.find(({ binds }) => binds)?.lack ?? null;
    if (lack === null || lack === 'missing') return [];
    return [{ kind: 'fallback', text: `${name} is generated: the package set ${lackText(lack)}`, project: name }];
  });
}

/** A note for each interpreter that does not bind and for which the set lacks what packages of the run need: their expressions do not evaluate there. */
export function lackingNotes(
  packages: readonly PackageFacts[],
  {
    names,
    environments,
    implied,
  }: {
    readonly names: RunNames;
    readonly environments: readonly MarkerEnvironment[];
    /** Build requirements that no expression names. */
    readonly implied: readonly string[];
  },
): readonly Note[] {
  const generated = new Set(packages.map(({ name }) => name));
  const lacking = new Map<string, string[]>();
  const named = packages.flatMap((facts) =>
    INPUT_LISTS.flatMap((list) =>
      facts.inputs[list].filter(
        (input) => input.kind === 'python' && (list !== 'build-system' || !implied.includes(input.name)),
      ),
    ),
  );
  for (const input of named) {
    if (input.kind !== 'python' || generated.has(input.name)) continue;
    const entry = names.onSomeInterpreter(input.name);
    for (const { lack, where, binds } of entry === null ? [] : setVersions(entry, { ...input, environments }))
      if (!binds && lack !== null && where !== null)
        lacking.set(where, [...(lacking.get(where) ?? []), `${input.name} (${lack})`]);
  }
  return [...lacking].map(([where, projects]): Note => {
    const text = `for ${where} this nixpkgs lacks ${joinWords(sortedUnique(projects))}, so what needs it does not evaluate there`;
    return { kind: 'warning', text };
  });
}
