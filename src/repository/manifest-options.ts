import * as v from 'valibot';

const TEXT = v.pipe(v.string('must be a text'), v.trim(), v.minLength(1, 'must not be empty'));
const TEXTS = v.array(TEXT, 'must be a list of texts');
const SWITCH = v.boolean('must be true or false');

function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return v.picklist(values, `must be ${values.map((value) => `"${value}"`).join(' or ')}`);
}

/**
 * The options of `generate` that a repository keeps: those that decide what is resolved and written. They have the names and the meaning that they have on the
 * command line; what may be given several times there, or as a list with commas, is a list here.
 */
export const MANIFEST_OPTIONS = v.partial(
  v.object({
    release: TEXT,
    nixpkgs: TEXT,
    relax: SWITCH,
    python: TEXTS,
    platform: TEXTS,
    deps: oneOf('missing', 'all', 'named'),
    bootstrap: SWITCH,
    extras: TEXTS,
    'with-checks': SWITCH,
    'no-checks': SWITCH,
    format: TEXT,
    resolution: oneOf('highest', 'lowest', 'lowest-direct'),
    'as-of': TEXT,
    pre: SWITCH,
    constraint: TEXTS,
    overrides: TEXTS,
    'index-url': TEXT,
    'extra-index-url': TEXTS,
    'find-links': TEXTS,
    'no-index': SWITCH,
    hash: oneOf('sri', 'hex', 'base32'),
    maintainer: TEXTS,
  }),
);

/** What the table `[options]` of a manifest says. */
export type ManifestOptions = v.InferOutput<typeof MANIFEST_OPTIONS>;

/** Options whose values are one list with commas on a command line; other lists are an option given several times. */
const WITH_COMMAS: ReadonlySet<string> = new Set(['python', 'platform', 'extras']);

/** The options as arguments of a command line, in the order of the schema. */
export function optionArguments(options: ManifestOptions): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(options));
  return Object.keys(MANIFEST_OPTIONS.entries).flatMap((name): string[] => {
    const value = given.get(name);
    if (value === true) return [`--${name}`];
    if (typeof value === 'string') return [`--${name}=${value}`];
    if (!Array.isArray(value) || value.length === 0) return [];
    return WITH_COMMAS.has(name) ? [`--${name}=${value.join(',')}`] : value.map((each) => `--${name}=${String(each)}`);
  });
}
