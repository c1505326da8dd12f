import { Option } from 'commander';
import { defineCommand, type Given, usage } from './command.ts';
import type { GenerateOptions } from './generate-options.ts';
import {
  choiceTable,
  indexTable,
  messageTable,
  RESOLVING_RULES,
  type ResolvingFlags,
  readingTable,
  requirementTable,
} from './resolving-options.ts';
import { decodeWidth, type WidthFlags, widthTable } from './width-options.ts';

/** What the command line of `why` says, decoded: all that decides what `generate` would write, and what is asked about it. */
export interface WhyOptions extends GenerateOptions {
  /** The first requirement, which is what is asked about. */
  readonly name: string;
  /** What of it: an input, an attribute, or a list; null: everything. */
  readonly input: string | null;
}

export const whyCommand = defineCommand({
  name: 'why',
  summary: 'where each input and attribute of an expression comes from',
  usage: 'NAME [INPUT] [options]',
  words: {
    name: 'name',
    text: 'a project, as a requirement where a version is meant; and an input, an attribute or a list of it',
  },
  table: () => [
    ...requirementTable(),
    ...widthTable(),
    ...choiceTable(),
    new Option('--json', 'print the trace as JSON').default(false),
    ...readingTable(),
    ...indexTable(),
    ...messageTable(),
  ],
  rules: [...RESOLVING_RULES, { kind: 'exclude', options: ['with-checks', 'no-checks'] }],
  examples: [
    'pypi2nix why lxml                    all inputs of lxml, and who says so',
    'pypi2nix why lxml==3.4.4 libxml2     one input of one version',
    'pypi2nix why datashape license       one attribute',
    'pypi2nix why datashape dependencies  one list',
  ],
  decode,
  load: async () => (await import('../why.ts')).why,
});

function decode(flags: ResolvingFlags & WidthFlags & { readonly json: boolean }, given: Given): WhyOptions {
  const [name, input, ...more] = given.words;
  if (more.length > 0) throw usage(`why explains one project and one input, not ${more.length + 1}`, given.command);
  const options = decodeWidth(flags, { ...given, words: given.words.slice(0, 1) });
  // Files of requirements decide versions; what is asked about is named.
  if (name === undefined) throw usage('no project is named, for example: pypi2nix why lxml libxml2', given.command);
  return { ...options, name, input: input ?? null, json: flags.json };
}
