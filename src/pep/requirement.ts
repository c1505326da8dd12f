import { sortedUnique } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import { formatMarker, type Marker } from './marker.ts';
import { readMarker } from './marker-grammar.ts';
import { normalizeName } from './name.ts';
import { accept, atEnd, expect, fail, peek, type Scanner, skipBlanks } from './scanner.ts';
import {
  formatSpecifierSet,
  isSpecifierOperator,
  SPECIFIER_PATTERN,
  type SpecifierSet,
  tryParseSpecifierSet,
} from './specifier.ts';

/** A dependency specifier of PEP 508, for example `requests[security]>=2.8; python_version < "3.13"`. */
export interface Requirement {
  /** PEP 503 name. */
  readonly name: string;
  /** The name as it is written. */
  readonly spelled: string;
  /** PEP 685 names, sorted, each once. */
  readonly extras: readonly string[];
  /** Empty for any version, and where there is a URL. */
  readonly specifier: SpecifierSet;
  readonly marker: Marker | null;
  /** After `@`, unchecked. */
  readonly url: string | null;
}

const IDENTIFIER = /[a-zA-Z0-9][a-zA-Z0-9._-]*\b/y;
const SPECIFIER = new RegExp(SPECIFIER_PATTERN, 'iy');
const WILDCARD = /\.\*/y;
const LOCAL_LABEL = /\+[a-z0-9]+(?:[-_.][a-z0-9]+)*/y;
const URL = /[^ \t]+/y;
const AT = /@/y;
const COMPARISON = /[=<>!~]+/y;
const BLANKS = /[ \t]+/y;
const COMMA = /,/y;
const SEMICOLON = /;/y;
const OPEN_BRACKET = /\[/y;
const CLOSE_BRACKET = /\]/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;

/**
 * requirement = WS? name WS? extras? WS? ( "@" WS? url [ WS ";" marker ] / specifiers [ ";" marker ] )
 *
 * Throws UserError E_INVALID_REQUIREMENT (exit 65) with a caret under the place.
 */
export function parseRequirement(text: string): Requirement {
  const scanner: Scanner = {
    text,
    code: 'E_INVALID_REQUIREMENT',
    what: 'requirement',
    hint: 'a requirement looks like: name, name>=1.0,<2, name[extra]==1.*; python_version < "3.13", or name @ URL',
    position: 0,
  };
  skipBlanks(scanner);
  const spelled = expect(scanner, IDENTIFIER, 'the name of a project');
  skipBlanks(scanner);
  const extras = readExtras(scanner);
  skipBlanks(scanner);
  const url = readUrl(scanner);
  const specifier = url === null ? readSpecifiers(scanner) : [];
  const marker = readEnd(scanner, url !== null, specifier.length > 0);
  return {
    name: normalizeName(spelled),
    spelled,
    extras: sortedUnique(extras.map(normalizeName)),
    specifier,
    marker,
    url,
  };
}

/** As `parseRequirement`, null for what is no requirement. */
export function tryParseRequirement(text: string): Requirement | null {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** The requirement in normal order, with the name as it is written, for example `Requests[security]<3,>=2.8; extra == "x"`. */
export function formatRequirement({ spelled, extras, specifier, marker, url }: Requirement): string {
  const extrasText = extras.length === 0 ? '' : `[${extras.join(',')}]`;
  const urlText = url === null ? '' : ` @ ${url}${marker === null ? '' : ' '}`;
  const markerText = marker === null ? '' : `; ${formatMarker(marker)}`;
  return `${spelled}${extrasText}${formatSpecifierSet(specifier)}${urlText}${markerText}`;
}

/** extras = [ "[" WS? [ name *( WS? "," WS? name ) ] WS? "]" ] */
function readExtras(scanner: Scanner): string[] {
  const start = scanner.position;
  if (accept(scanner, OPEN_BRACKET) === null) return [];
  const extras: string[] = [];
  skipBlanks(scanner);
  for (
    let name = accept(scanner, IDENTIFIER);
    name !== null;
    name = expect(scanner, IDENTIFIER, 'an extra after the comma')
  ) {
    extras.push(name);
    skipBlanks(scanner);
    if (peek(scanner, IDENTIFIER) !== null) fail(scanner, 'expected a comma between extras');
    if (accept(scanner, COMMA) === null) break;
    skipBlanks(scanner);
  }
  if (accept(scanner, CLOSE_BRACKET) === null) fail(scanner, 'no "]" for this "["', start, scanner.position);
  return extras;
}

/** [ "@" WS? url ], where the URL ends at the next blank */
function readUrl(scanner: Scanner): string | null {
  if (accept(scanner, AT) === null) return null;
  skipBlanks(scanner);
  return expect(scanner, URL, 'a URL after "@"');
}

/** specifiers = "(" WS? [ list ] WS? ")" / [ list ]; list = specifier *( WS? "," WS? specifier ) [ "," ] */
function readSpecifiers(scanner: Scanner): SpecifierSet {
  const open = scanner.position;
  const isOpen = accept(scanner, OPEN) !== null;
  skipBlanks(scanner);
  const start = scanner.position;
  let text = '';
  for (let piece = accept(scanner, SPECIFIER); piece !== null; piece = accept(scanner, SPECIFIER)) {
    text += piece;
    refuseTrail(scanner, piece);
    skipBlanks(scanner);
    const comma = accept(scanner, COMMA);
    if (comma === null) break;
    text += comma;
    skipBlanks(scanner);
  }
  skipBlanks(scanner);
  if (isOpen && accept(scanner, CLOSE) === null) fail(scanner, 'no ")" for this "("', open, scanner.position);
  const end = scanner.position;
  skipBlanks(scanner);
  // `===` takes commas too, so the pieces can still be wrong together: `===1,b`.
  return tryParseSpecifierSet(text) ?? fail(scanner, 'this version specifier cannot be read', start, end);
}

function refuseTrail(scanner: Scanner, piece: string): void {
  const start = scanner.position - piece.length;
  if (peek(scanner, WILDCARD) !== null) {
    const why = /^(?:!=|==)/.test(piece)
      ? '".*" cannot follow a pre-release, post-release, development or local version'
      : '".*" goes with "==" and "!=" only';
    fail(scanner, why, start, scanner.position + 1);
  }
  if (peek(scanner, LOCAL_LABEL) !== null)
    fail(scanner, 'a local version goes with "==" and "!=" only', start, scanner.position);
}

/** [ ";" marker ] WS?, with a blank before the semicolon after a URL */
function readEnd(scanner: Scanner, afterUrl: boolean, hasSpecifier: boolean): Marker | null {
  if (atEnd(scanner)) return null;
  if (afterUrl) expect(scanner, BLANKS, 'a blank after the URL');
  if (atEnd(scanner)) return null;
  if (accept(scanner, SEMICOLON) === null) {
    refuseComparison(scanner);
    const expected = afterUrl
      ? 'a semicolon'
      : hasSpecifier
        ? 'a comma, a semicolon'
        : 'a version specifier, a semicolon';
    fail(scanner, `expected ${expected} or the end`);
  }
  const marker = readMarker(scanner);
  skipBlanks(scanner);
  return atEnd(scanner) ? marker : fail(scanner, 'expected "and", "or" or the end');
}

// What looks like a specifier and is none: `name>=`, `name=1.0`, `name~=1`.
function refuseComparison(scanner: Scanner): void {
  const symbol = peek(scanner, COMPARISON);
  if (symbol === null) return;
  const end = scanner.position + symbol.length;
  if (!isSpecifierOperator(symbol)) fail(scanner, `there is no operator ${symbol.slice(0, 10)}`, scanner.position, end);
  const what = symbol === '~=' ? 'a version of two numbers or more' : 'a version';
  fail(scanner, `expected ${what} after ${symbol}`, scanner.position, end);
}
