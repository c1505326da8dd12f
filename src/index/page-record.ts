import * as v from 'valibot';
import { recordedTable, recordFiles } from './file-record.ts';
import { isDated } from './file-table.ts';
import type { FileTable } from './project-page.ts';
import type { DecodedPage } from './simple-json.ts';

const RecordSchema = v.union([
  v.object({ absent: v.literal(true) }),
  v.object({
    releases: v.custom<readonly string[]>(isTexts),
    texts: v.optional(v.custom<readonly string[]>(isTexts)),
    prefix: v.optional(v.string()),
    undated: v.optional(v.number()),
    status: v.optional(v.string()),
    statusReason: v.optional(v.string()),
    ignored: v.optional(v.array(v.string())),
  }),
]);

/** What the cache keeps of a project on an index: its page, or that the index does not have it. Plain data that fits JSON. */
export type PageRecord = v.InferOutput<typeof RecordSchema>;

/** A page whose files are made when they are looked at. */
export interface RecordedPage extends DecodedPage {
  readonly table: FileTable;
  /** False for a page of the shipped layer: enough to plan with, but nothing can be downloaded from it. */
  readonly hasAddresses: boolean;
}

/** The record of an index that does not have the project. */
export const ABSENT_RECORD: PageRecord = { absent: true };

/** The record of a page. Without `urls` it fits the cache layer that is shipped, which names no addresses. */
export function pageRecord(page: DecodedPage, options: { readonly urls: boolean } = { urls: true }): PageRecord {
  const { releases, texts, prefix } = recordFiles(page.files, options);
  const undated = page.files.reduce((count, { uploadTime }) => (isDated(uploadTime) ? count : count + 1), 0);
  // What is null, empty or zero is left out.
  return {
    releases,
    ...(texts.length === 0 ? {} : { texts }),
    ...(prefix === null ? {} : { prefix }),
    ...(undated === 0 ? {} : { undated }),
    ...(page.status === null ? {} : { status: page.status }),
    ...(page.statusReason === null ? {} : { statusReason: page.statusReason }),
    ...(page.ignored.length === 0 ? {} : { ignored: [...page.ignored] }),
  };
}

/** The value as a record; null when it is none: of another version of this program, or damaged. */
export function readPageRecord(value: unknown): PageRecord | null {
  const record = v.safeParse(RecordSchema, value);
  return record.success ? record.output : null;
}

/** The page of a record; null when the index does not have the project. */
export function recordedPage(record: PageRecord): RecordedPage | null {
  if ('absent' in record) return null;
  const { releases, texts = [], prefix = null, undated = 0, status, statusReason, ignored } = record;
  const table: FileTable = { ...recordedTable({ releases, texts, prefix }), undated };
  return {
    get files() {
      return table.versions.flatMap((_, position) => table.filesAt(position));
    },
    table,
    hasAddresses: prefix !== null,
    status: status ?? null,
    statusReason: statusReason ?? null,
    ignored: ignored ?? [],
  };
}

// By hand: for a list of thousands a schema library takes longer than JSON.parse.
function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
