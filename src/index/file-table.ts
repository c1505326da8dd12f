import type { FileTable, IndexFile } from './project-page.ts';

/** The table of files that are at hand. */
export function tableOfFiles(files: readonly IndexFile[]): FileTable {
  const groups = new Map<string, IndexFile[]>();
  for (const file of files) {
    const group = groups.get(file.version);
    if (group === undefined) groups.set(file.version, [file]);
    else group.push(file);
  }
  const lists = [...groups.values()];
  return {
    versions: [...groups.keys()],
    filesAt: (position) => lists[position] ?? [],
    undated: files.filter(({ uploadTime }) => !isDated(uploadTime)).length,
  };
}

/** Texts that are certainly times: to read all of a large page would take long. */
const PLAIN_TIME = /^\d{4}-(?:0\d|1[0-2])-(?:[01]\d|2\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** Whether `uploadInstant` gives an instant. */
export function isDated(uploadTime: string | null): boolean {
  return uploadTime !== null && (PLAIN_TIME.test(uploadTime) || uploadInstant(uploadTime) !== null);
}

/** Milliseconds since 1970; null where the index gives no time (RFC 3339) or one that cannot be read. */
export function uploadInstant(uploadTime: string | null): number | null {
  const instant = uploadTime === null ? Number.NaN : Date.parse(uploadTime);
  return Number.isNaN(instant) ? null : instant;
}
