import type { FileTable, IndexFile } from './project-page.ts';

/**
 * Files as texts, one for each release: a large page has ten thousand files, and to read as many objects from JSON takes longer than all else that is
 * done with the page. See `recordFiles` for the grammar.
 */
export interface RecordedFiles {
  readonly releases: readonly string[];
  /** What files repeat and what has blanks, by its position. */
  readonly texts: readonly string[];
  /** What addresses begin with; null: the files have no addresses. */
  readonly prefix: string | null;
}

/**
 * release = version *file
 * file = " " filename " " url " " sha256 " " requires-python " " size " " upload-time " " yanked " " core-metadata
 * url = "-" / ( path, between prefix and filename ) / "=" whole / "@" number
 * sha256, size = "-" / as it is; requires-python, yanked = "-" / number; upload-time = "-" / as it is / "@" number; core-metadata = "-" / "+" / sha256
 *
 * `-` is null or false, `+` true, a number the position of a text.
 */
export function recordFiles(files: readonly IndexFile[], { urls }: { readonly urls: boolean }): RecordedFiles {
  const releases = new Map<string, string[]>();
  const texts = new Map<string, number>();
  const positionOf = (text: string): number => {
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const prefix = urls ? commonFolder(files) : null;
  for (const file of files) {
    const { filename, sha256, requiresPython, size, uploadTime, yanked, coreMetadata } = file;
    const url = prefix === null ? '-' : urlField(file, prefix, positionOf);
    const python = requiresPython === null ? '-' : positionOf(requiresPython);
    const time = uploadTime === null ? '-' : isPlain(uploadTime) ? uploadTime : `@${positionOf(uploadTime)}`;
    const why = yanked === null ? '-' : positionOf(yanked);
    const metadata = coreMetadata === false ? '-' : coreMetadata === true ? '+' : coreMetadata;
    const fields = releases.get(file.version) ?? [file.version];
    releases.set(file.version, fields);
    fields.push(filename, url, sha256 ?? '-', `${python}`, `${size ?? '-'}`, time, `${why}`, metadata);
  }
  return { releases: [...releases.values()].map((fields) => fields.join(' ')), texts: [...texts.keys()], prefix };
}

/** What `recordFiles` made, as a table. A text that it did not make shows when its release is looked at: Error. */
export function recordedTable(recorded: RecordedFiles): Omit<FileTable, 'undated'> {
  const { releases } = recorded;
  const versions = releases.map(versionOf);
  const made = new Map<number, readonly IndexFile[]>();
  return {
    versions,
    filesAt(position) {
      const files = made.get(position) ?? filesOfRelease(releases[position], recorded);
      made.set(position, files);
      return files;
    },
  };
}

const FIELDS = 8;

function filesOfRelease(release: string | undefined, { texts, prefix }: RecordedFiles): IndexFile[] {
  if (release === undefined) return [];
  const [version = '', ...fields] = release.split(' ');
  if (fields.length % FIELDS !== 0) throw new Error(`a record of the release ${JSON.stringify(version)} is damaged`);
  const textAt = (position: string): string => texts[Number(position)] ?? '';
  const files: IndexFile[] = [];
  for (let at = 0; at < fields.length; at += FIELDS) {
    const [filename = '', url = '', sha256 = '', python = '', size = '', time = '', why = '', metadata = ''] =
      fields.slice(at, at + FIELDS);
    files.push({
      kind: filename.endsWith('.whl') ? 'wheel' : 'sdist',
      filename,
      version,
      url: urlOf(url, { prefix, filename, textAt }),
      sha256: sha256 === '-' ? null : sha256,
      requiresPython: python === '-' ? null : textAt(python),
      size: size === '-' ? null : Number(size),
      uploadTime: time === '-' ? null : time.startsWith('@') ? textAt(time.slice(1)) : time,
      yanked: why === '-' ? null : textAt(why),
      coreMetadata: metadata === '-' ? false : metadata === '+' ? true : metadata,
    });
  }
  return files;
}

function versionOf(release: string): string {
  const end = release.indexOf(' ');
  return end < 0 ? release : release.slice(0, end);
}

/** The longest text that ends with a slash and that all addresses begin with. */
function commonFolder(files: readonly IndexFile[]): string {
  const [first] = files;
  let folder = first === undefined ? '' : first.url.slice(0, first.url.lastIndexOf('/') + 1);
  for (const { url } of files) {
    while (!url.startsWith(folder)) folder = folder.slice(0, folder.slice(0, -1).lastIndexOf('/') + 1);
  }
  return folder;
}

function urlField({ url, filename }: IndexFile, prefix: string, positionOf: (text: string) => number): string {
  if (url.includes(' ')) return `@${positionOf(url)}`;
  const end = url.length - filename.length;
  const path = url.endsWith(filename) && end >= prefix.length ? url.slice(prefix.length, end) : null;
  return path !== null && !MARKS.includes(path.charAt(0) || ' ') ? path : `=${url}`;
}

/** What tells other forms of an address from a path. */
const MARKS = '-=@';

/** Can stand as it is: begins with a digit and has no blank. */
function isPlain(time: string): boolean {
  const first = time.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 && !time.includes(' ');
}

function urlOf(
  field: string,
  {
    prefix,
    filename,
    textAt,
  }: { readonly prefix: string | null; readonly filename: string; readonly textAt: (position: string) => string },
): string {
  if (prefix === null || field === '-') return '';
  if (field.startsWith('=')) return field.slice(1);
  return field.startsWith('@') ? textAt(field.slice(1)) : `${prefix}${field}${filename}`;
}
