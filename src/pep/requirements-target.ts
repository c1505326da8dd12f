import { type Marker, parseMarker } from './marker.ts';
import { parseRequirement, type Requirement, tryParseRequirement } from './requirement.ts';

/** What a line asks for: a project by name, something on this machine, or something behind a URL. */
export type RequirementTarget =
  | { readonly kind: 'requirement'; readonly requirement: Requirement }
  | {
      /** `path`: as it is written, unchecked, relative to the folder that pip runs in. `url`: with a scheme, for example `git+https`. */
      readonly kind: 'path' | 'url';
      readonly location: string;
      /** PEP 503 name where the line states one (`name @ URL`, `#egg=name`). */
      readonly name: string | null;
      /** PEP 685 names, sorted. */
      readonly extras: readonly string[];
      readonly marker: Marker | null;
    };

/** Digest of an archive in lower-case hex. */
export interface HashDigest {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  readonly digest: string;
}

const DIGEST_LENGTHS = { sha256: 64, sha384: 96, sha512: 128 } as const;
// `git@host:a/b`, which PEP 508 would read as a project `git` at an address.
const GIT_OWN_FORM = /^[\w.-]+@(?!file:)[\w.-]+:(?!\/)/i;
const ARCHIVE = /\.(?:whl|zip|tgz|tbz|tlz|txz|tar(?:\.(?:gz|bz2|xz|lz|lzma))?)$/i;

/**
 * Reads a requirement as pip does without looking at the disk: `name @ URL`, a URL, a path (with a slash, a leading dot or the ending
 * of an archive; anything after `-e`), else a name with specifiers. Throws UserError E_INVALID_REQUIREMENT or E_INVALID_MARKER (exit 65).
 */
export function parseTarget(text: string, isEditable = false): RequirementTarget {
  const named = isEditable || GIT_OWN_FORM.test(text) ? null : tryParseRequirement(text);
  if (named?.url !== undefined && named.url !== null) {
    const { name, extras, marker, url } = named;
    return { kind: hasScheme(url) ? 'url' : 'path', location: url, name, extras, marker };
  }
  if (hasScheme(text)) return urlTarget(text);
  const { before, marker } = splitMarker(text, /;/);
  if (isEditable || looksLikePath(before)) return { kind: 'path', ...splitExtras(before), name: null, marker };
  return { kind: 'requirement', requirement: named ?? parseRequirement(text) };
}

/** hash = algorithm ":" hex; null for what is none. */
export function parseHash(text: string): HashDigest | null {
  for (const algorithm of ['sha256', 'sha384', 'sha512'] as const) {
    const digest = text.startsWith(`${algorithm}:`) ? text.slice(algorithm.length + 1).toLowerCase() : '';
    if (digest.length === DIGEST_LENGTHS[algorithm] && /^[0-9a-f]+$/.test(digest)) return { algorithm, digest };
  }
  return null;
}

// A semicolon can be part of a URL, so one that begins a marker has a blank beside it.
function urlTarget(text: string): RequirementTarget {
  const { before, marker } = splitMarker(text, / ;|; /);
  const egg = tryParseRequirement(/[#&]egg=([^&]*)/.exec(before)?.[1] ?? '');
  return { kind: 'url', location: before, name: egg?.name ?? null, extras: egg?.extras ?? [], marker };
}

function splitMarker(text: string, mark: RegExp): { before: string; marker: Marker | null } {
  const found = mark.exec(text);
  if (found === null) return { before: text, marker: null };
  return { before: text.slice(0, found.index).trim(), marker: parseMarker(text.slice(found.index + found[0].length)) };
}

function looksLikePath(text: string): boolean {
  return text.includes('/') || text.startsWith('.') || ARCHIVE.test(splitExtras(text).location);
}

// `./dir[extra]`
function splitExtras(text: string): { location: string; extras: readonly string[] } {
  const open = text.endsWith(']') ? text.lastIndexOf('[') : -1;
  const extras = open <= 0 ? null : tryParseRequirement(`x${text.slice(open)}`);
  return extras === null
    ? { location: text, extras: [] }
    : { location: text.slice(0, open).trim(), extras: extras.extras };
}

// One letter before the colon is a drive of Windows.
function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text);
}
