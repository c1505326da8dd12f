import { Parser } from 'htmlparser2';
import { oneLine } from '../base/text.ts';
import { readFileName } from './file-name.ts';
import { type AnnouncedFile, pageFiles } from './page-files.ts';
import { badPage, checkApiVersion, type PageSource, statusText } from './page-source.ts';
import type { DecodedPage } from './simple-json.ts';

/** A link of an HTML page that may lead to a file: what PEP 503 and its additions put on it. */
export type PageLink = AnnouncedFile;

interface ReadPage {
  readonly links: readonly PageLink[];
  /** Address against which links are resolved: that of the page, or of its `<base>`. */
  readonly base: string;
  /** `<meta>` entries by lower-case name. */
  readonly meta: ReadonlyMap<string, string>;
  /** Title or first heading, one line. */
  readonly title: string;
  readonly hasText: boolean;
  /** It asks for input or runs scripts, as a login page does. */
  readonly isInteractive: boolean;
}

/**
 * Decodes a project's page in HTML: PEP 503 with `data-requires-python`, `data-yanked`, `data-core-metadata`, `#sha256=`, `<base href>` and the
 * `<meta>` entries of PEP 629 and 792. Folder listings of web servers are such pages too.
 * Throws UserError `E_BAD_INDEX_PAGE` when the text is another page (a login form, an error), `E_INDEX_VERSION` as the JSON decoder.
 */
export function decodeSimpleHtml(text: string, source: PageSource): DecodedPage {
  const page = readPage(text, source.url);
  const version = page.meta.get('pypi:repository-version') ?? null;
  checkApiVersion(version, source);
  const named = page.links.map((link) => ({ ...link, filename: fileNameOf(link, source.project) }));
  const files = pageFiles(named.filter(isFileLink), { project: source.project, base: page.base });
  if (files.files.length === 0 && version === null && !looksLikeListing(page, named, source.project)) {
    throw badPage(
      source,
      page.title === '' ? 'an HTML page without files' : `an HTML page with the title "${page.title}"`,
    );
  }
  return {
    ...files,
    status: statusText(page.meta.get('pypi:project-status') ?? null),
    statusReason: statusText(page.meta.get('pypi:project-status-reason') ?? null),
  };
}

/**
 * All links of an HTML page with absolute addresses, for pages that list files of many projects (`--find-links URL`).
 * Throws UserError `E_BAD_INDEX_PAGE` for a page that asks for a login and for what is no HTML.
 */
export function readPageLinks(text: string, url: string): readonly PageLink[] {
  const page = readPage(text, url);
  if (page.isInteractive) throw badPage({ project: 'links', url }, `an HTML form with the title "${page.title}"`);
  if (!text.includes('<')) throw badPage({ project: 'links', url }, 'no HTML');
  return page.links.flatMap((link) => {
    const absolute = URL.canParse(link.url, page.base) ? new URL(link.url, page.base).href : null;
    return absolute === null ? [] : [{ ...link, url: absolute, filename: lastSegment(link.url) || link.filename }];
  });
}

// A truthful empty page must not become an error, nor an error page an empty project: the first calls itself a listing, has links to
// distributions that are passed over, or says nothing.
function looksLikeListing(page: ReadPage, links: readonly PageLink[], project: string): boolean {
  if (page.isInteractive) return false;
  if (/\b(?:links for|index of|directory listing|simple index)\b/i.test(page.title)) return true;
  return !page.hasText || links.some((link) => isDistribution(link.filename, project));
}

function isDistribution(filename: string, project: string): boolean {
  const reading = readFileName(filename, project);
  return (
    reading.kind !== 'other' ||
    (reading.what !== 'file of another kind' && reading.what !== 'file with an unusable name')
  );
}

// The parent folder, sort orders of folder listings and anchors inside the page are no files.
function isFileLink(link: PageLink): boolean {
  return !link.filename.startsWith('?') && !link.filename.endsWith('/') && /\.[A-Za-z0-9]+$/.test(link.filename);
}

// The address decides: listings cut long names short in the text. Indexes with opaque addresses name the file in the text alone.
function fileNameOf(link: PageLink, project: string): string {
  const fromAddress = lastSegment(link.url);
  if (readFileName(fromAddress, project).kind !== 'other') return fromAddress;
  return readFileName(link.filename, project).kind === 'other' ? fromAddress : link.filename;
}

function lastSegment(reference: string): string {
  const path = reference.replace(/[?#].*$/s, '');
  const segment = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function readPage(text: string, url: string): ReadPage {
  const links: PageLink[] = [];
  const meta = new Map<string, string>();
  const titles = { title: '', h1: '' };
  let base: string | null = null;
  let open: { attributes: Readonly<Record<string, string>>; text: string } | null = null;
  let inside: 'title' | 'h1' | null = null;
  let hasText = false;
  let isInteractive = false;

  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'a' && attributes.href !== undefined) open = { attributes, text: '' };
      else if (name === 'meta') meta.set((attributes.name ?? '').toLowerCase(), attributes.content ?? '');
      else if (name === 'base') base ??= attributes.href ?? null;
      else if (name === 'title' || name === 'h1') inside = name;
      else if (name === 'form' || name === 'input') isInteractive = true;
    },
    ontext(part) {
      hasText ||= part.trim() !== '' && inside !== 'title';
      if (inside !== null) titles[inside] = `${titles[inside]}${part}`.slice(0, 200);
      if (open !== null) open.text += part;
    },
    onclosetag(name) {
      if (name === 'a' && open !== null) {
        links.push(pageLink(open.attributes, open.text.trim()));
        open = null;
      }
      if (name === inside) inside = null;
    },
  });
  parser.end(text);

  const resolved = base !== null && URL.canParse(base, url) ? new URL(base, url).href : url;
  return { links, base: resolved, meta, title: oneLine(titles.title || titles.h1), hasText, isInteractive };
}

function pageLink(attributes: Readonly<Record<string, string>>, text: string): PageLink {
  const href = (attributes.href ?? '').trim();
  return {
    filename: text,
    url: href,
    sha256: fragmentDigest(href),
    requiresPython: attributes['data-requires-python']?.trim() || null,
    size: null,
    uploadTime: null,
    yanked: attributes['data-yanked'] ?? null,
    coreMetadata: metadataFlag(attributes['data-core-metadata'] ?? attributes['data-dist-info-metadata']),
  };
}

function fragmentDigest(href: string): string | null {
  const fragment = href.includes('#') ? href.slice(href.indexOf('#') + 1) : '';
  const part = fragment.split('&').find((entry) => entry.startsWith('sha256='));
  return part === undefined ? null : part.slice('sha256='.length);
}

// grammar: "true" | "false" | algorithm "=" hex (PEP 658, PEP 714)
function metadataFlag(value: string | undefined): boolean | string {
  if (value === undefined || value.trim().toLowerCase() === 'false') return false;
  return value.startsWith('sha256=') ? value.slice('sha256='.length) : true;
}
