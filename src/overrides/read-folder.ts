import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import type { OverrideLayer } from './load.ts';

// A file of rules has some kilobytes; more is a mistake, such as an archive under the wrong name.
const LARGEST_FILE = 1_000_000;

export interface FolderOptions {
  /** How messages show the folder. */
  readonly label: string;
  /** False: a folder that is not there is an empty layer. */
  readonly required: boolean;
}

/**
 * Reads the override files of a folder: all `*.toml` right in it, as UTF-8. Other files and folders are not its business.
 *
 * Throws UserError E_CANNOT_READ (exit 74) when the folder or a file cannot be read, E_BAD_OVERRIDE (exit 78) for a file that is no text.
 */
export async function readOverrideFolder(folder: string, { label, required }: FolderOptions): Promise<OverrideLayer> {
  const names = await namesIn(folder, { label, required });
  const files: { name: string; text: string }[] = [];
  const faults: UserError[] = [];
  for (const name of names) {
    const text = await readText(join(folder, name), `${label}/${name}`);
    if (text instanceof UserError) faults.push(text);
    else files.push({ name, text });
  }
  throwAll(faults);
  return { label, files };
}

/**
 * Reads one override file as UTF-8; `label` is how messages show it.
 *
 * Throws UserError E_CANNOT_READ (exit 74) when it cannot be read, E_BAD_OVERRIDE (exit 78) when it is no text.
 */
export async function readOverrideFile(file: string, label: string): Promise<string> {
  const text = await readText(file, label);
  if (text instanceof UserError) throw text;
  return text;
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

async function readText(path: string, shown: string): Promise<string | UserError> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (thrown) {
    return cannotRead(shown, thrown);
  }
  if (bytes.length > LARGEST_FILE)
    return badFile(shown, `has ${bytes.length} bytes; an override file has at most ${LARGEST_FILE}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return badFile(shown, 'is not UTF-8 text');
  }
}

function badFile(shown: string, fault: string): UserError {
  return new UserError('E_BAD_OVERRIDE', `${shown}: ${fault}`, { exit: EXIT.config });
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
