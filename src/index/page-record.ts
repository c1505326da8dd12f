import * as v from 'valibot';
import type { IndexFile } from './project-page.ts';
import type { DecodedPage } from './simple-json.ts';

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

// What is null or false is left out: half of the text of a large page would be such fields.
const FileRecord = v.object({
  filename: v.string(),
  version: v.string(),
  url: v.optional(v.string()),
  sha256: v.optional(Sha256),
  requiresPython: v.optional(v.string()),
  size: v.optional(v.number()),
  uploadTime: v.optional(v.string()),
  yanked: v.optional(v.string()),
  coreMetadata: v.optional(v.union([v.literal(true), Sha256])),
});

const RecordSchema = v.union([
  v.object({ absent: v.literal(true) }),
  v.object({
    files: v.array(FileRecord),
    status: v.optional(v.string()),
    statusReason: v.optional(v.string()),
    ignored: v.optional(v.array(v.string())),
  }),
]);

/** What the cache keeps of a project on an index: its page, or that the index does not have it. Plain data that fits JSON. */
export type PageRecord = v.InferOutput<typeof RecordSchema>;

/** The record of an index that does not have the project. */
export const ABSENT_RECORD: PageRecord = { absent: true };

/** The record of a page. Without `urls` it fits the cache layer that is shipped, which names no addresses. */
export function pageRecord(page: DecodedPage, options: { readonly urls: boolean } = { urls: true }): PageRecord {
  return {
    files: page.files.map((file) => fileRecord(file, options.urls)),
    ...(page.status === null ? {} : { status: page.status }),
    ...(page.statusReason === null ? {} : { statusReason: page.statusReason }),
    ...(page.ignored.length === 0 ? {} : { ignored: [...page.ignored] }),
  };
}

/** The page of a record, `absent`, or null when the value is no such record: of another version of this program, or damaged. */
export function readPageRecord(value: unknown): DecodedPage | 'absent' | null {
  const record = v.safeParse(RecordSchema, value);
  if (!record.success) return null;
  if ('absent' in record.output) return 'absent';
  const { files, status, statusReason, ignored } = record.output;
  return {
    files: files.map(indexFile),
    status: status ?? null,
    statusReason: statusReason ?? null,
    ignored: ignored ?? [],
  };
}

function fileRecord(file: IndexFile, urls: boolean): v.InferOutput<typeof FileRecord> {
  return {
    filename: file.filename,
    version: file.version,
    ...(urls ? { url: file.url } : {}),
    ...(file.sha256 === null ? {} : { sha256: file.sha256 }),
    ...(file.requiresPython === null ? {} : { requiresPython: file.requiresPython }),
    ...(file.size === null ? {} : { size: file.size }),
    ...(file.uploadTime === null ? {} : { uploadTime: file.uploadTime }),
    ...(file.yanked === null ? {} : { yanked: file.yanked }),
    ...(file.coreMetadata === false ? {} : { coreMetadata: file.coreMetadata }),
  };
}

function indexFile(file: v.InferOutput<typeof FileRecord>): IndexFile {
  return {
    kind: file.filename.endsWith('.whl') ? 'wheel' : 'sdist',
    filename: file.filename,
    version: file.version,
    url: file.url ?? '',
    sha256: file.sha256 ?? null,
    requiresPython: file.requiresPython ?? null,
    size: file.size ?? null,
    uploadTime: file.uploadTime ?? null,
    yanked: file.yanked ?? null,
    coreMetadata: file.coreMetadata ?? false,
  };
}
