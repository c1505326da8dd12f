import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { Input, Origin, PackageFacts } from '../classify/package-facts.ts';
import { orderedNotes } from './notes.ts';

export interface FactsJsonOptions {
  readonly packages: readonly { readonly attribute: string; readonly facts: PackageFacts }[];
  /** Requirements that the package set is taken to meet without a look, for example `numpy>=1.7`, in order. */
  readonly assumed: readonly string[];
  /** Notes that belong to no package. */
  readonly notes: readonly Note[];
}

/**
 * The text that `--json` puts on stdout: one object of the form 1 with the packages sorted by name. Names of inputs stand under the list names of the modern
 * form, whatever release is asked for; `why` tells for each where it comes from.
 */
export function factsJson({ packages, assumed, notes }: FactsJsonOptions): string {
  const value = {
    form: 1,
    packages: [...packages].sort((a, b) => compareText(a.facts.name, b.facts.name)).map(packageJson),
    assumed,
    notes: orderedNotes(notes),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageJson({ attribute, facts }: FactsJsonOptions['packages'][number]): object {
  const lists: Readonly<Record<string, readonly Input[]>> = facts.inputs;
  return {
    name: facts.name,
    version: facts.version,
    attribute,
    source: { file: facts.source.filename, sha256: facts.source.sha256 },
    inputs: {
      ...mapValues(lists, (inputs) => sortedUnique(inputs.map(inputName))),
      'optional-dependencies': mapValues(facts.optionalDependencies, (inputs) => sortedUnique(inputs.map(inputName))),
    },
    why: mapValues(lists, originsByName),
    notes: orderedNotes(facts.notes),
  };
}

function inputName(input: Input): string {
  return input.kind === 'python' ? input.name : input.attribute;
}

function originsByName(inputs: readonly Input[]): Record<string, readonly Origin[]> {
  const sorted = [...inputs].sort((a, b) => compareText(inputName(a), inputName(b)));
  return Object.fromEntries(sorted.map((input) => [inputName(input), input.origins]));
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  const keys = Object.keys(record).sort(compareText);
  return Object.fromEntries(keys.flatMap((key) => (record[key] === undefined ? [] : [[key, change(record[key])]])));
}
