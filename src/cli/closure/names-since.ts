import type { Note } from '../../base/note.ts';
import { joinWords, sortedUnique } from '../../base/text.ts';
import { INPUT_LISTS, type PackageFacts, type TextPart } from '../../classify/package-facts.ts';
import { DEFAULT_RELEASE } from '../../nix/dialect.ts';
import { namesAfter } from '../../nixpkgs/oldest-release.ts';
import type { GenerateOptions } from '../options.ts';
import type { RunNames } from '../run/run-names.ts';

/** From which release on nixpkgs has what the expressions name. */
export interface NamesSince {
  /** For the header, where it is not what the form says. */
  readonly since?: string;
  readonly notes: readonly Note[];
}

/**
 * The first release that has all system libraries and licences of expressions that are for no release in particular, with a note that names what came after the first release
 * of the form. Nothing where a release was named or a nixpkgs was read: names are those of that one.
 */
export function namesSince(
  packages: readonly PackageFacts[],
  { options, names }: { readonly options: Pick<GenerateOptions, 'release'>; readonly names: RunNames },
): NamesSince {
  if (options.release !== null || names.isEvaluated) return { notes: [] };
  const inputs = packages.flatMap((facts) => INPUT_LISTS.flatMap((list) => facts.inputs[list]));
  const later = namesAfter(DEFAULT_RELEASE, {
    systems: [
      ...inputs.flatMap((input) => (input.kind === 'system' ? [input.attribute] : [])),
      ...packages.flatMap(systemsInTexts),
    ],
    licences: packages.flatMap(({ meta }) => meta.licences.flatMap((each) => ('spdx' in each ? [each.spdx] : []))),
    packages: inputs.flatMap((input) => (input.kind === 'python' ? [input.name] : [])),
  });
  const since = sortedUnique(later.map((each) => each.since)).at(-1);
  if (since === undefined) return { notes: [] };
  const named = sortedUnique(later.map((each) => `${each.name} (${each.since})`));
  const text = `the expressions are for nixpkgs ${since} and later, since older ones do not have ${joinWords(named)}; --release writes them for an older one`;
  return { since, notes: [{ kind: 'fallback', text }] };
}

function systemsInTexts(facts: PackageFacts): string[] {
  const texts: readonly TextPart[] = [...Object.values(facts.env), ...Object.values(facts.text)].flatMap(
    (parts) => parts ?? [],
  );
  return texts.flatMap((part) => (typeof part === 'string' ? [] : [part.attribute]));
}
