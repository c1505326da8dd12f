import type { Note } from '../../base/note.ts';
import { UserError } from '../../base/user-error.ts';
import { INPUT_LISTS, type Input, type PackageFacts, type PythonInput } from '../../classify/package-facts.ts';

/** The extras that packages ask of one another, by project: these have to be in its expression whatever `--extras` says. */
export function askedExtras(packages: readonly PackageFacts[]): ReadonlyMap<string, readonly string[]> {
  const asked = new Map<string, string[]>();
  for (const facts of packages) {
    for (const input of allInputs(facts)) {
      if (input.kind === 'python' && input.extras.length > 0)
        asked.set(input.name, [...new Set([...(asked.get(input.name) ?? []), ...input.extras])]);
    }
  }
  return asked;
}

function allInputs(facts: PackageFacts): Input[] {
  return [...INPUT_LISTS.flatMap((list) => facts.inputs[list]), ...Object.values(facts.optionalDependencies).flat()];
}

/**
 * The packages asking only for extras that the other package's expression has, because to name another is an error of evaluation. An extra to which nothing
 * belongs on any target (`coverage[toml]` since Python 3.11) has no place there and is left out without a word. `declared` are the packages before they were fitted to the set.
 * @throws UserError E_NOT_IN_PACKAGE_SET for an extra that was left out because the set lacks what belongs to it, unless only the tests ask for it.
 */
export function withKnownExtras(
  packages: readonly PackageFacts[],
  declared: readonly PackageFacts[],
): { readonly packages: readonly PackageFacts[]; readonly errors: readonly UserError[] } {
  const there = extrasOf(packages);
  const before = extrasOf(declared);
  const errors: UserError[] = [];

  const fitted = packages.map((facts) => {
    const notes: Note[] = [];
    const knownOf = (inputs: readonly Input[], isNeeded: boolean): readonly Input[] =>
      inputs.map((input) => {
        const extras = input.kind === 'python' ? there.get(input.name) : undefined;
        if (input.kind !== 'python' || extras === undefined) return input;
        for (const extra of input.extras) {
          if (extras.has(extra) || before.get(input.name)?.has(extra) !== true) continue;
          if (isNeeded) errors.push(lostExtra(facts.name, input, extra));
          else notes.push(lostNote(facts.name, input, extra));
        }
        return { ...input, extras: input.extras.filter((extra) => extras.has(extra)) };
      });
    const { inputs } = facts;
    return {
      ...facts,
      inputs: {
        'build-system': knownOf(inputs['build-system'], true),
        nativeBuildInputs: knownOf(inputs.nativeBuildInputs, true),
        buildInputs: knownOf(inputs.buildInputs, true),
        dependencies: knownOf(inputs.dependencies, true),
        nativeCheckInputs: knownOf(inputs.nativeCheckInputs, false),
      },
      optionalDependencies: Object.fromEntries(
        Object.entries(facts.optionalDependencies).map(([extra, members]) => [extra, knownOf(members, false)]),
      ),
      notes: [...facts.notes, ...notes],
    };
  });
  return { packages: fitted, errors };
}

/** By project, the extras to which something belongs. */
function extrasOf(packages: readonly PackageFacts[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    packages.map(({ name, optionalDependencies }) => {
      const extras = Object.entries(optionalDependencies).filter(([, members]) => members.length > 0);
      return [name, new Set(extras.map(([extra]) => extra))];
    }),
  );
}

function lostExtra(project: string, { name }: PythonInput, extra: string): UserError {
  return new UserError(
    'E_NOT_IN_PACKAGE_SET',
    `${project} needs ${name}[${extra}], to which projects belong that the package set does not have`,
    { hint: 'generate them too: leave out --deps named, or name them as requirements' },
  );
}

function lostNote(project: string, { name }: PythonInput, extra: string): Note {
  return {
    kind: 'omitted',
    text: `the extra ${extra} of ${name} is left out: the package set lacks what belongs to it`,
    project,
  };
}
