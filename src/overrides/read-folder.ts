import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import type { TextPlace } from '../pep/toml-text.ts';
import type { OverrideLayer } from './load.ts';

// A file of rules has some kilobytes; more is a mistake, such as an archive under the wrong name.
const LARGEST_FILE = 1_000_000;

export interface FolderOptions {
  /** How messages show the folder. */
  readonly label: string;
  /** False: a folder that is not there is an empty layer. */
  readonly required: boolean;
}

/** What is wrong with the bytes of a file, and where that shows first. */
export interface UnreadableFile extends TextPlace {
  /** As messages show it. */
  readonly file: string;
  /** A clause. */
  readonly text: string;
}

/** An override file: its text, or why it has none. */
export type FoundFile = { readonly name: string } & ({ readonly text: string } | { readonly fault: UnreadableFile });

/**
 * Reads the override files of a folder: all `*.toml` right in it, as UTF-8. Other files and folders are not its business.
 *
 * Throws UserError E_CANNOT_READ (exit 74) when the folder or a file cannot be read, E_BAD_OVERRIDE (exit 78) for a file that is no text.
 */
export async function readOverrideFolder(folder: string, { label, required }: FolderOptions): Promise<OverrideLayer> {
  const found = await findOverrideFiles(folder, { label, required });
  throwAll(found.flatMap((each) => ('fault' in each ? [badFile(each.fault)] : [])));
  return { label, files: found.filter((each) => 'text' in each) };
}

/** As `readOverrideFolder`, for who tells of files that are no text beside the others. Throws UserError E_CANNOT_READ (exit 74), for all that cannot be read. */
export async function findOverrideFiles(folder: string, { label, required }: FolderOptions): Promise<FoundFile[]> {
  const names = await namesIn(folder, { label, required });
  const found: FoundFile[] = [];
  const errors: UserError[] = [];
  for (const name of names) {
    try {
      found.push({ name, ...(await readOverrideFile(join(folder, name), `${label}/${name}`)) });
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      errors.push(thrown);
    }
  }
  throwAll(errors);
  return found;
}

/** Reads one override file as UTF-8; `label` is how messages show it. Throws UserError E_CANNOT_READ (exit 74) when it cannot be read. */
export async function readOverrideFile(
  path: string,
  label: string,
): Promise<{ readonly text: string } | { readonly fault: UnreadableFile }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    throw cannotRead(label, thrown);
  }
  if (bytes.length > LARGEST_FILE) {
    const text = `has ${bytes.length} bytes; an override file has at most ${LARGEST_FILE}`;
    return { fault: { file: label, line: 1, column: 1, text } };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { fault: { file: label, ...firstBadByte(bytes), text: 'is not UTF-8 text' } };
  }
}

async function namesIn(folder: string, { label, required }: FolderOptions): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.name.endsWith('.toml') && !entry.name.startsWith('.') && !entry.isDirectory())
      .map((entry) => entry.name)
      .sort(compareText);
  } catch (thrown) {
    if (!required && codeOf(thrown) === 'ENOENT') return [];
    throw cannotRead(label, thrown);
  }
}

// Where the decoder puts the first mark for bytes that mean nothing, which the text itself may hold before it.
function firstBadByte(bytes: Buffer): TextPlace {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let at = text.indexOf('\ufffd');
  while (at >= 0 && isInBytes(bytes, text, at)) at = text.indexOf('\ufffd', at + 1);
  const before = text.slice(0, Math.max(at, 0));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function isInBytes(bytes: Buffer, text: string, at: number): boolean {
  const offset = Buffer.byteLength(text.slice(0, at));
  return bytes.subarray(offset, offset + 3).equals(Buffer.from('\ufffd'));
}

function badFile({ file, line, column, text }: UnreadableFile): UserError {
  return new UserError('E_BAD_OVERRIDE', `${file}:${line}:${column}: ${text}`, { exit: EXIT.config });
}

function cannotRead(shown: string, thrown: unknown): UserError {
  const code = codeOf(thrown);
  // Without a code of the system it is a defect of this program.
  if (code === undefined) throw thrown;
  const why = code === 'ENOENT' ? 'it is not there' : code;
  return new UserError('E_CANNOT_READ', `cannot read the overrides in ${shown}: ${why}`, {
    exit: EXIT.io,
    cause: thrown,
  });
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
