import { compareText } from '../base/text.ts';
import { compareDigits, type Digits, toDigits } from './digits.ts';
import { PYTHON_SPACE, strip } from './python-space.ts';
import { fail } from './scanner.ts';

/** The parts of a version that PEP 440 names. Numbers are digits (see `Digits`), because they may have any length. */
export interface VersionParts {
  readonly epoch: Digits;
  /** At least one number; trailing zeros are kept, though they do not count in comparisons. */
  readonly release: readonly Digits[];
  readonly pre: { readonly phase: 'a' | 'b' | 'rc'; readonly number: Digits } | null;
  readonly post: Digits | null;
  readonly dev: Digits | null;
  /** Segments of the local label: lower case letters and digits, those of digits alone without leading zeros. */
  readonly local: readonly string[] | null;
}

export interface Version extends VersionParts {
  /** The normal form, for example `1!2.0rc1.post2.dev3+ubuntu.1`. */
  readonly text: string;
}

// PEP 440, appendix B, without the white space around it. The parts cannot run into each other, so matching is linear.
const VERSION_PATTERN =
  'v?(?:(?<epoch>\\d+)!)?(?<release>\\d+(?:\\.\\d+)*)' +
  '(?:[._-]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[._-]?(?<preNumber>\\d+)?)?' +
  '(?<post>-(?<dashNumber>\\d+)|[._-]?(?:post|rev|r)[._-]?(?<postNumber>\\d+)?)?' +
  '(?<dev>[._-]?dev[._-]?(?<devNumber>\\d+)?)?' +
  '(?:\\+(?<local>[a-z0-9]+(?:[._-][a-z0-9]+)*))?';
const VERSION = new RegExp(`^${VERSION_PATTERN}$`, 'i');
const BEGINNING = new RegExp(`^[${PYTHON_SPACE}]*(?:${VERSION_PATTERN})?`, 'i');

const PHASES: ReadonlyMap<string, 'a' | 'b' | 'rc'> = new Map([
  ['a', 'a'],
  ['alpha', 'a'],
  ['b', 'b'],
  ['beta', 'b'],
  ['c', 'rc'],
  ['rc', 'rc'],
  ['pre', 'rc'],
  ['preview', 'rc'],
]);

/** Reads a version in any spelling that PEP 440 allows. Throws UserError E_INVALID_VERSION (exit 65) with a caret under the place. */
export function parseVersion(text: string): Version {
  const version = tryParseVersion(text);
  if (version !== null) return version;
  const position = versionEnd(text);
  const hint = 'versions look like 1.2, 2.0rc1 or 1.0.post2 (PEP 440)';
  const scanner = { text, code: 'E_INVALID_VERSION', what: 'version', hint, position };
  const isBare = strip(text.slice(0, position)) === '';
  return fail(
    scanner,
    isBare ? 'expected a number' : 'expected the end, or a suffix such as rc1, .post1, .dev1 or +local',
  );
}

/** How many characters of the text, with blanks before it, are a version. */
export function versionEnd(text: string): number {
  return BEGINNING.exec(text)?.[0].length ?? 0;
}

/** As `parseVersion`, null for what is no version. */
export function tryParseVersion(text: string): Version | null {
  return plainVersion(text) ?? anyVersion(text);
}

/** version = number *( "." number ), numbers without leading zeros: most versions are such, and an index has hundreds of thousands. */
function plainVersion(text: string): Version | null {
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : DOT;
    if (code === DOT) {
      const isNumberHere = at > start && (at === start + 1 || text.charCodeAt(start) !== ZERO);
      if (!isNumberHere) return null;
      start = at + 1;
    } else if (code < ZERO || code > NINE) return null;
  }
  return { epoch: '0', release: text.split('.'), pre: null, post: null, dev: null, local: null, text };
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

function anyVersion(text: string): Version | null {
  const match = VERSION.exec(strip(text));
  if (match?.groups === undefined) return null;
  const { epoch, release, phase, preNumber, post, dashNumber, postNumber, dev, devNumber, local } = match.groups;
  const normalPhase = phase === undefined ? undefined : PHASES.get(phase.toLowerCase());
  return makeVersion({
    epoch: toDigits(epoch ?? ''),
    release: (release ?? '').split('.').map(toDigits),
    pre: normalPhase === undefined ? null : { phase: normalPhase, number: toDigits(preNumber ?? '') },
    post: post === undefined ? null : toDigits(dashNumber ?? postNumber ?? ''),
    dev: dev === undefined ? null : toDigits(devNumber ?? ''),
    local: local === undefined ? null : local.toLowerCase().split(/[._-]/).map(localSegment),
  });
}

/** The version of these parts, which must be in normal form. */
export function makeVersion(parts: VersionParts): Version {
  const { epoch, release, pre, post, dev, local } = parts;
  const text = [
    epoch === '0' ? '' : `${epoch}!`,
    release.join('.'),
    pre === null ? '' : `${pre.phase}${pre.number}`,
    post === null ? '' : `.post${post}`,
    dev === null ? '' : `.dev${dev}`,
    local === null ? '' : `+${local.join('.')}`,
  ].join('');
  return { epoch, release, pre, post, dev, local, text };
}

/** -1, 0 or 1 by the order of PEP 440. Versions that differ in trailing zeros only are equal. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareReleases(a, b) ||
    Math.sign(phaseRank(a) - phaseRank(b)) ||
    compareDigits(a.pre?.number ?? '0', b.pre?.number ?? '0') ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocals(a.local, b.local)
  );
}

/** -1, 0 or 1 by epoch and release alone. */
export function compareReleases(a: VersionParts, b: VersionParts): number {
  const epochs = compareDigits(a.epoch, b.epoch);
  if (epochs !== 0) return epochs;
  const length = Math.max(a.release.length, b.release.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareDigits(a.release[index] ?? '0', b.release[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether it is a pre-release or a development release; PEP 440 treats both alike. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== null || version.dev !== null;
}

function localSegment(segment: string): string {
  return isNumber(segment) ? toDigits(segment) : segment;
}

function isNumber(segment: string): boolean {
  return /^\d+$/.test(segment);
}

// A development release of the final release sorts before its alphas, the final release after its candidates.
function phaseRank({ pre, post, dev }: Version): number {
  if (pre !== null) return pre.phase === 'a' ? 1 : pre.phase === 'b' ? 2 : 3;
  return post === null && dev !== null ? 0 : 4;
}

function compareOptional(a: Digits | null, b: Digits | null, absent: -1 | 1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? absent : -absent;
  return compareDigits(a, b);
}

// No label comes first, words before numbers, and a label before its extensions.
function compareLocals(a: readonly string[] | null, b: readonly string[] | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareLocalSegments(left, right);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : 0;
}

function compareLocalSegments(a: string, b: string): number {
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? 1 : -1;
  return isNumber(a) ? compareDigits(a, b) : compareText(a, b);
}
