import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../base/text.ts';
import { EXIT, throwAll, UserError } from '../base/user-error.ts';
import type { OverrideLayer } from './load.ts';
import { cannotRead, codeOf, readOverrideFile, type UnreadableFile } from './read-file.ts';
import { readPatches } from './read-patches.ts';

export interface FolderOptions {
  /** How messages show the folder. */
  readonly label: string;
  /** False: a folder that is not there is an empty layer. */
  readonly required: boolean;
}

/** An override file with the patches beside it: its text, or why it has none. A patch that has none is one of its own, `lxml/fix.patch`. */
export type FoundFile = { readonly name: string } & (
  | { readonly text: string; readonly patches?: ReadonlyMap<string, string> }
  | { readonly fault: UnreadableFile }
);

/**
 * Reads the override files of a folder: all `*.toml` right in it, and the patches in the folder of the same name, as UTF-8. Other files and folders are not its business.
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
      const read = await readOverrideFile(join(folder, name), `${label}/${name}`);
      const { patches, faults } = await readPatches(folder, name.replace(/\.toml$/u, ''), label);
      found.push({ name, ...read, ...(patches.size === 0 ? {} : { patches }) });
      found.push(...faults);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      errors.push(thrown);
    }
  }
  throwAll(errors);
  return found;
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

function badFile({ file, line, column, text }: UnreadableFile): UserError {
  return new UserError('E_BAD_OVERRIDE', `${file}:${line}:${column}: ${text}`, { exit: EXIT.config });
}
