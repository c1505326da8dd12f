import * as v from 'valibot';
import { compareText } from '../base/text.ts';
import { digestOf } from './digest.ts';

/** What is known of a file that this program generated. */
export interface GeneratedFile {
  /** As it was generated last; null where an earlier version of this program kept the digest alone. */
  readonly text: string | null;
  /** Hex digest of that text. */
  readonly sha256: string;
  /** What lies beside the file as a proposal, because hand edits and generated changes met in one place. */
  readonly proposed?: string;
}

/** A package of the repository, as the files that call packages need it. */
export interface RecordedPackage {
  /** PEP 503 name. */
  readonly name: string;
  readonly attribute: string;
  /** Arguments that its call passes from nixpkgs. */
  readonly passed: readonly string[];
  /** Extras that are asked for and that its expression has, for environments; missing: none. */
  readonly extras?: readonly string[];
}

/** The record of a repository: what was generated last. */
export interface GeneratedRecord {
  readonly files: ReadonlyMap<string, GeneratedFile>;
  /** The packages that default.nix and the overlay call, by name. */
  readonly packages: readonly RecordedPackage[];
  /** The generation of the form that they are written in; null: not known. */
  readonly generation: string | null;
}

export const EMPTY_RECORD: GeneratedRecord = { files: new Map(), packages: [], generation: null };

const DIGEST = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
// A repository may come from somebody else: what becomes a name in Nix is checked here.
const NAME = v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u));
const ATTRIBUTE = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_'-]*$/u));
const PACKAGE = v.pipe(
  v.object({
    name: NAME,
    attribute: ATTRIBUTE,
    passed: v.optional(v.array(ATTRIBUTE), []),
    extras: v.optional(v.array(NAME), []),
  }),
  v.transform(({ extras, ...known }): RecordedPackage => (extras.length === 0 ? known : { ...known, extras })),
);
const FILE = v.union([
  v.object({ text: v.string(), proposed: v.optional(v.string()) }),
  v.object({ sha256: DIGEST, proposed: v.optional(v.string()) }),
]);
const FORM_1 = v.object({ form: v.literal(1), files: entriesOf(DIGEST) });
const FORM_2 = v.object({
  form: v.literal(2),
  generation: v.optional(v.nullable(v.string()), null),
  packages: v.optional(v.array(PACKAGE), []),
  files: entriesOf(FILE),
});

/**
 * The text of `.pypi2nix/generated.json`, sorted by path: each file as it was generated last, one a line, so that version control shows and merges it by file.
 */
export function formatGenerated({ files, packages, generation }: GeneratedRecord): string {
  const lines = [...files]
    .sort(([a], [b]) => compareText(a, b))
    .map(([path, { text, sha256, proposed }]) => {
      const known = text === null ? { sha256 } : { text };
      return `    ${JSON.stringify(path)}: ${JSON.stringify({ ...known, ...(proposed === undefined ? {} : { proposed }) })}`;
    });
  const called = [...packages]
    .sort((a, b) => compareText(a.name, b.name))
    .map(
      ({ name, attribute, passed, extras = [] }) =>
        `    ${JSON.stringify({ name, attribute, ...(passed.length === 0 ? {} : { passed }), ...(extras.length === 0 ? {} : { extras }) })}`,
    );
  const parts = [
    '  "form": 2',
    ...(generation === null ? [] : [`  "generation": ${JSON.stringify(generation)}`]),
    ...(called.length === 0 ? [] : [`  "packages": [\n${called.join(',\n')}\n  ]`]),
    lines.length === 0 ? '  "files": {}' : `  "files": {\n${lines.join(',\n')}\n  }`,
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** Reads the text that `formatGenerated` makes, and that of form 1, which has digests only; null for any other text. */
export function parseGenerated(text: string): GeneratedRecord | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const first = v.safeParse(FORM_1, json);
  if (first.success) {
    const files = first.output.files.map(([path, sha256]) => [path, { text: null, sha256 }] as const);
    return { ...EMPTY_RECORD, files: new Map(files) };
  }
  const read = v.safeParse(FORM_2, json);
  if (!read.success) return null;
  const { files, packages, generation } = read.output;
  return { files: new Map(files.map(([path, file]) => [path, generatedFile(file)])), packages, generation };
}

/** A file with this text, as the record knows it. */
export function generatedText(text: string, proposed?: string): GeneratedFile {
  return { text, sha256: digestOf(text), ...(proposed === undefined ? {} : { proposed }) };
}

function generatedFile(file: v.InferOutput<typeof FILE>): GeneratedFile {
  if ('text' in file) return generatedText(file.text, file.proposed);
  return { text: null, sha256: file.sha256, ...(file.proposed === undefined ? {} : { proposed: file.proposed }) };
}

// Keys come from outside, `__proto__` too.
function entriesOf<Value extends v.GenericSchema>(value: Value) {
  return v.pipe(
    v.custom<Readonly<Record<string, unknown>>>((files) => typeof files === 'object' && files !== null),
    v.transform((files) => Object.entries(files)),
    v.array(v.tuple([v.string(), value])),
  );
}
