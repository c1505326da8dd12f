import type { Note } from '../base/note.ts';
import { compareText, sortedUnique } from '../base/text.ts';
import type { Input, PackageFacts, Source } from '../classify/package-facts.ts';
import type { NixpkgsIdentity } from '../nixpkgs/identity.ts';
import { orderedNotes } from './notes.ts';
import { whyJson } from './why-json.ts';
import { type AttributeOrigins, inputName } from './why-trace.ts';

export interface FactsJsonOptions {
  readonly packages: readonly {
    readonly attribute: string;
    readonly facts: PackageFacts;
    /** What the release says of attributes, as `attributeOrigins()` finds it out; missing: only what the facts know. */
    readonly origins?: AttributeOrigins;
  }[];
  /** Requirements that the package set is taken to meet without a look, for example `numpy>=1.7`, in order. */
  readonly assumed: readonly string[];
  /** The nixpkgs that was read; null: none was. */
  readonly nixpkgs: NixpkgsIdentity | null;
  /** Notes that belong to no package. */
  readonly notes: readonly Note[];
}

/**
 * The text that `--json` puts on stdout: one object of the form 1 with the packages sorted by name. Names of inputs stand under the list names of the modern
 * form, whatever release is asked for; `why` tells for each, and for attributes, where it comes from.
 */
export function factsJson({ packages, assumed, nixpkgs, notes }: FactsJsonOptions): string {
  const value = {
    form: 1,
    nixpkgs,
    packages: [...packages].sort((a, b) => compareText(a.facts.name, b.facts.name)).map(packageJson),
    assumed,
    notes: orderedNotes(notes),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function packageJson({ attribute, facts, origins }: FactsJsonOptions['packages'][number]): object {
  const lists: Readonly<Record<string, readonly Input[]>> = facts.inputs;
  return {
    name: facts.name,
    version: facts.version,
    attribute,
    source: sourceJson(facts.source),
    inputs: {
      ...mapValues(lists, (inputs) => sortedUnique(inputs.map(inputName))),
      'optional-dependencies': mapValues(facts.optionalDependencies, (inputs) => sortedUnique(inputs.map(inputName))),
    },
    why: whyJson(facts, origins),
    notes: orderedNotes(facts.notes),
  };
}

function sourceJson(source: Source): object {
  switch (source.kind) {
    case 'directory':
      return { path: source.path };
    case 'git':
      return { url: source.url, rev: source.rev, hash: source.hash, subdirectory: source.subdirectory };
    default:
      return { file: source.filename, sha256: source.sha256 };
  }
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  const keys = Object.keys(record).sort(compareText);
  return Object.fromEntries(keys.flatMap((key) => (record[key] === undefined ? [] : [[key, change(record[key])]])));
}
