import { compareText } from '../base/text.ts';
import { type FileNameReading, fileNameReader, IGNORED_PLURALS, type IgnoredKind } from './file-name.ts';
import type { IndexFile } from './project-page.ts';

/** One file as a page announces it, before its name and address are judged. */
export interface AnnouncedFile {
  readonly filename: string;
  /** Absolute, or relative to the page; its fragment is not read here. */
  readonly url: string;
  /** Null when there is none; a text that is no sha256 makes the file unusable. */
  readonly sha256: string | null;
  readonly requiresPython: string | null;
  readonly size: number | null;
  readonly uploadTime: string | null;
  readonly yanked: string | null;
  readonly coreMetadata: boolean | string;
}

/** The usable files of a page and, in words, what was passed over. */
export interface PageFiles {
  readonly files: readonly IndexFile[];
  /** Sorted, for example `3 eggs`. */
  readonly ignored: readonly string[];
}

/** Whether the text is a sha256 in hex of either case. By hand: a page has tens of thousands. */
function isSha256(text: string): boolean {
  if (text.length !== 64) return false;
  for (let at = 0; at < 64; at++) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 0x30 && code <= 0x39;
    // With this bit letters are in lower case.
    const letter = code | 0x20;
    if (!isDigit && (letter < 0x61 || letter > 0x66)) return false;
  }
  return true;
}

/**
 * Turns what a page announces into the files of one project, in the order of the page. The first of two files with the same name wins.
 * Files of other projects, of other kinds and with unusable names or addresses are counted in `ignored`.
 * `base` is the final address of the page, against which relative addresses are resolved; `malformed` counts entries that had no readable form at all.
 */
export function pageFiles(
  announced: Iterable<AnnouncedFile>,
  options: { readonly project: string; readonly base: string; readonly malformed?: number },
): PageFiles {
  const files = new Map<string, IndexFile>();
  const ignored = new Map<IgnoredKind, number>();
  const ignore = (what: IgnoredKind, count = 1): void => {
    ignored.set(what, (ignored.get(what) ?? 0) + count);
  };

  const readName = fileNameReader(options.project);
  if (options.malformed !== undefined && options.malformed > 0) ignore('malformed entry', options.malformed);
  for (const entry of announced) {
    if (files.has(entry.filename)) continue;
    const file = indexFile(entry, readName(entry.filename), options.base);
    if (typeof file === 'string') ignore(file);
    else files.set(file.filename, file);
  }
  return { files: [...files.values()], ignored: ignoredTexts(ignored) };
}

const MALFORMED: readonly IgnoredKind[] = [
  'entry without a usable address',
  'file with a malformed sha256',
  'file with an unusable name',
  'malformed entry',
];

/** Those texts of `PageFiles.ignored` that tell of a fault of the index: the others are files that nobody could use. */
export function malformedAmong(ignored: readonly string[]): string[] {
  const kinds = new Set(MALFORMED.flatMap((kind): string[] => [kind, IGNORED_PLURALS[kind]]));
  return ignored.filter((text) => kinds.has(text.replace(/^\d+ /, '')));
}

function indexFile(entry: AnnouncedFile, name: FileNameReading, base: string): IndexFile | IgnoredKind {
  if (name.kind === 'other') return name.what;
  const url = absoluteUrl(entry.url, base);
  if (url === null) return 'entry without a usable address';
  // A digest that cannot be checked must not pass for "the index gives none".
  if (entry.sha256 !== null && !isSha256(entry.sha256)) return 'file with a malformed sha256';
  return {
    kind: name.kind,
    filename: entry.filename,
    version: name.version,
    url,
    sha256: entry.sha256?.toLowerCase() ?? null,
    requiresPython: entry.requiresPython,
    size: entry.size,
    uploadTime: entry.uploadTime,
    yanked: entry.yanked,
    coreMetadata: checkedMetadata(entry.coreMetadata),
  };
}

function checkedMetadata(announced: boolean | string): boolean | string {
  if (typeof announced === 'boolean') return announced;
  return isSha256(announced) ? announced.toLowerCase() : true;
}

/** Addresses that parsing leaves as they are: no port, no punycode, no numbers for a host, no dots as a segment, nothing to be escaped. Most are such. */
const PLAIN_ADDRESS = /^https:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+(?:\/[A-Za-z0-9_+~-][A-Za-z0-9._+~-]*)+$/;

/**
 * The absolute address of `reference` on the page at `base`, without fragment and credentials (it can end in an expression that others read);
 * null when it is none of http, https and file, or leads from the network to this machine's files.
 */
export function absoluteUrl(reference: string, base: string): string | null {
  if (PLAIN_ADDRESS.test(reference)) return reference;
  if (!URL.canParse(reference, base)) return null;
  const url = new URL(reference, base);
  const isLocal = url.protocol === 'file:' && base.startsWith('file:');
  if (url.protocol !== 'https:' && url.protocol !== 'http:' && !isLocal) return null;
  // Each of these assignments parses the address again, and a page has thousands: most need none.
  if (url.hash !== '') url.hash = '';
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  return url.href;
}

function ignoredTexts(counts: ReadonlyMap<IgnoredKind, number>): string[] {
  return [...counts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([what, count]) => `${count} ${count === 1 ? what : IGNORED_PLURALS[what]}`);
}
