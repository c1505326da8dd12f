import * as v from 'valibot';
import type { AnnouncedFile, PageFiles } from './page-files.ts';
import { pageFiles } from './page-files.ts';
import { badPage, checkApiVersion, type PageSource, statusText } from './page-source.ts';

/** What a page of either form says: its files and the status of the project (PEP 792). */
export interface DecodedPage extends PageFiles {
  readonly status: string | null;
  readonly statusReason: string | null;
}

const StatusSchema = v.fallback(
  v.optional(
    v.nullable(
      v.union([
        v.string(),
        v.object({ status: v.string(), reason: v.fallback(v.optional(v.nullable(v.string()), null), null) }),
      ]),
    ),
    null,
  ),
  null,
);

const PageSchema = v.object({
  files: v.array(v.unknown()),
  meta: v.fallback(
    v.optional(
      v.object({
        'api-version': v.fallback(v.optional(v.nullable(v.string()), null), null),
        'project-status': StatusSchema,
        'project-status-reason': v.fallback(v.optional(v.nullable(v.string()), null), null),
      }),
    ),
    undefined,
  ),
  'project-status': StatusSchema,
});

/**
 * Decodes a project's page in JSON: PEP 691 with the additions of PEP 592 (yanked), 700 (sizes, times), 714 (metadata keys) and 792 (status).
 * Entries that cannot be read are counted in `ignored`; `tracks` and `alternate-locations` (PEP 708) are not followed.
 * Throws UserError `E_BAD_INDEX_PAGE` when the text is no such page, `E_INDEX_VERSION` for an interface newer than version 1 (PEP 629).
 */
export function decodeSimpleJson(text: string, source: PageSource): DecodedPage {
  const value = parsedJson(text, source);
  const page = v.safeParse(PageSchema, value);
  if (!page.success) throw badPage(source, describeOther(value));
  const { meta } = page.output;
  checkApiVersion(meta?.['api-version'] ?? null, source);

  const announced: AnnouncedFile[] = [];
  let malformed = 0;
  for (const entry of page.output.files) {
    const file = announcedFile(entry);
    if (file === null) malformed += 1;
    else announced.push(file);
  }
  const status = page.output['project-status'] ?? meta?.['project-status'] ?? null;
  return {
    ...pageFiles(announced, { project: source.project, base: source.url, malformed }),
    status: statusText(typeof status === 'string' ? status : (status?.status ?? null)),
    statusReason: statusText(
      typeof status === 'object' && status?.reason ? status.reason : (meta?.['project-status-reason'] ?? null),
    ),
  };
}

function parsedJson(text: string, source: PageSource): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badPage(source, 'JSON that is cut off or malformed', error);
  }
}

function describeOther(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'JSON of another shape';
  if (Object.hasOwn(value, 'projects')) return 'the list of all projects';
  const keys = Object.keys(value).slice(0, 5);
  return keys.length === 0
    ? 'an empty JSON object'
    : `a JSON object with ${keys.map((key) => `"${key}"`).join(', ')} and no list of files`;
}

// A large page has ten thousand entries, for which a schema library takes longer than JSON.parse for the page.
// Optional fields fall back to "not said" so that a slip in one of them does not lose the file.
// Only the address, the name, the digest and `yanked` decide which bytes are taken: a slip there loses it.
function announcedFile(entry: unknown): AnnouncedFile | null {
  if (!isObject(entry)) return null;
  const { filename, url, hashes = null, yanked = null, size } = entry;
  if (typeof filename !== 'string' || typeof url !== 'string') return null;
  if (hashes !== null && !isObject(hashes)) return null;
  if (yanked !== null && typeof yanked !== 'boolean' && typeof yanked !== 'string') return null;
  const sha256 = hashes === null || !Object.hasOwn(hashes, 'sha256') ? null : hashes.sha256;
  return {
    filename,
    url,
    sha256: sha256 === null ? null : String(sha256),
    requiresPython: textOrNull(entry['requires-python']),
    size: typeof size === 'number' && Number.isInteger(size) && size >= 0 ? size : null,
    uploadTime: textOrNull(entry['upload-time']),
    yanked: typeof yanked === 'string' ? yanked : yanked === true ? '' : null,
    coreMetadata: metadataFlag(entry['core-metadata']) ?? metadataFlag(entry['dist-info-metadata']) ?? false,
  };
}

/** Null for what is no such flag. */
function metadataFlag(flag: unknown): boolean | string | null {
  if (typeof flag === 'boolean') return flag;
  if (!isObject(flag)) return null;
  const { sha256 } = flag;
  return typeof sha256 === 'string' ? sha256 : true;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
