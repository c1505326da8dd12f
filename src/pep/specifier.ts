import { compareText } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import { PYTHON_SPACE, strip } from './python-space.ts';
import { failAtSpecifier } from './specifier-fault.ts';
import { isPrerelease, makeVersion, tryParseVersion, type Version } from './version.ts';
import { rangeHas, rangeOfSpecifier, type VersionRange } from './version-range.ts';

export type SpecifierOperator = '==' | '!=' | '>=' | '<=' | '>' | '<' | '~=' | '===';

/** One comparison of a specifier set, for example `>=1.0`. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** As it is written, without white space around it: a version, `1.0.*` after `==` and `!=`, any text after `===`. */
  readonly version: string;
}

/** Comparisons that must all hold, in the order in which they are written; none for any version. */
export type SpecifierSet = readonly Specifier[];

const NUMBERS = 'v?(?:\\d+!)?\\d+(?:\\.\\d+)*';
const SUFFIXES =
  '(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?\\d*)?' +
  '(?:-\\d+|[-_.]?(?:post|rev|r)[-_.]?\\d*)?' +
  '(?:[-_.]?dev[-_.]?\\d*)?';
const LOCAL = '(?:\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?';

/**
 * The grammar of one specifier, to be compiled with the flag `i`: `.*` and local labels stand after `==` and `!=` only, `~=` wants
 * two numbers, `===` takes any text without white space, `;` and `)`.
 */
export const SPECIFIER_PATTERN = [
  `===[${PYTHON_SPACE}]*[^${PYTHON_SPACE};)]*`,
  `(?:==|!=)[${PYTHON_SPACE}]*${NUMBERS}(?:\\.\\*|${SUFFIXES}${LOCAL})`,
  `~=[${PYTHON_SPACE}]*v?(?:\\d+!)?\\d+(?:\\.\\d+)+${SUFFIXES}`,
  `(?:<=|>=|<|>)[${PYTHON_SPACE}]*${NUMBERS}${SUFFIXES}`,
].join('|');

const SPECIFIER = new RegExp(`^(?:${SPECIFIER_PATTERN})$`, 'i');
const OPERATORS: readonly SpecifierOperator[] = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'];

/**
 * specifier_set = [ specifier ] *( "," [ specifier ] )
 *
 * Throws UserError E_INVALID_SPECIFIER (exit 65) with a caret under the first specifier that is none.
 */
export function parseSpecifierSet(text: string): SpecifierSet {
  const set: Specifier[] = [];
  let start = 0;
  for (const piece of text.split(',')) {
    const written = strip(piece);
    if (written !== '')
      set.push(tryParseSpecifier(written) ?? failAtSpecifier(text, start + piece.indexOf(written), written));
    start += piece.length + 1;
  }
  return set;
}

/** As `parseSpecifierSet`, null for what is no specifier set. */
export function tryParseSpecifierSet(text: string): SpecifierSet | null {
  try {
    return parseSpecifierSet(text);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** specifier = operator WS? version; null for what is none. */
export function tryParseSpecifier(text: string): Specifier | null {
  const written = strip(text);
  if (!SPECIFIER.test(written)) return null;
  const operator = OPERATORS.find((candidate) => written.startsWith(candidate));
  return operator === undefined ? null : { operator, version: strip(written.slice(operator.length)) };
}

export function isSpecifierOperator(text: string): text is SpecifierOperator {
  return OPERATORS.some((operator) => operator === text);
}

/** The set in normal order: sorted by text, without repetitions (`==1.0` and `==1` are the same), joined by `,`. */
export function formatSpecifierSet(set: SpecifierSet): string {
  const byMeaning = new Map<string, string>();
  for (const specifier of set.toSorted((a, b) => compareText(formatSpecifier(a), formatSpecifier(b)))) {
    const meaning = canonicalForm(specifier);
    if (!byMeaning.has(meaning)) byMeaning.set(meaning, formatSpecifier(specifier));
  }
  return [...byMeaning.values()].join(',');
}

/**
 * Whether the version satisfies the whole set, as PEP 440 and `SpecifierSet.contains` of Python's `packaging` 26.3 have it.
 * Pre-releases count as any other version unless `prereleases` is false. A text is taken as it is spelled, which matters for `===`
 * alone; one that is no version satisfies no other operator.
 */
export function specifierAllows(
  set: SpecifierSet,
  version: Version | string,
  options: { readonly prereleases?: boolean } = {},
): boolean {
  const text = typeof version === 'string' ? version : version.text;
  const parsed = typeof version === 'string' ? tryParseVersion(version) : version;
  if (options.prereleases === false && parsed !== null && isPrerelease(parsed)) return false;
  return set.every((specifier) => {
    if (specifier.operator === '===') return text.toLowerCase() === specifier.version.toLowerCase();
    return parsed !== null && rangeHas(rangeOf(specifier), parsed);
  });
}

// Specifiers are plain data that is asked about again and again: their ranges are kept as long as they live.
const ranges = new WeakMap<Specifier, VersionRange>();

function rangeOf(specifier: Specifier): VersionRange {
  const known = ranges.get(specifier);
  if (known !== undefined) return known;
  const range = rangeOfSpecifier(specifier);
  ranges.set(specifier, range);
  return range;
}

function formatSpecifier({ operator, version }: Specifier): string {
  return `${operator}${version}`;
}

// `~=1.0` and `~=1.0.0` differ: there the number of release numbers has a meaning.
function canonicalForm({ operator, version }: Specifier): string {
  const parsed = operator === '===' || version.endsWith('.*') ? null : tryParseVersion(version);
  if (parsed === null) return `${operator}${version}`;
  if (operator === '~=') return `${operator}${parsed.text}`;
  const end = parsed.release.findLastIndex((number) => number !== '0');
  return `${operator}${makeVersion({ ...parsed, release: parsed.release.slice(0, Math.max(end + 1, 1)) }).text}`;
}
