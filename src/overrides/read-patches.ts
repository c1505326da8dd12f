import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../base/text.ts';
import { cannotRead, codeOf, readOverrideFile, type UnreadableFile } from './read-file.ts';

/** The patches beside an override file. */
export interface FoundPatches {
  /** Their texts by plain file name; empty for one that is no text, which is told by its own fault alone. */
  readonly patches: ReadonlyMap<string, string>;
  /** Those that are no text, by their path in the folder: `lxml/fix.patch`. */
  readonly faults: readonly { readonly name: string; readonly fault: UnreadableFile }[];
}

/**
 * Reads the patches of a project: the files that end in `.patch` or `.diff` in the folder NAME beside NAME.toml. Without such a folder there are none.
 *
 * Throws UserError E_CANNOT_READ (exit 74) when the folder or a file cannot be read.
 */
export async function readPatches(folder: string, project: string, label: string): Promise<FoundPatches> {
  const patches = new Map<string, string>();
  const faults: { name: string; fault: UnreadableFile }[] = [];
  for (const name of await patchNames(join(folder, project), `${label}/${project}`)) {
    const read = await readOverrideFile(join(folder, project, name), `${label}/${project}/${name}`);
    if ('fault' in read) faults.push({ name: `${project}/${name}`, fault: read.fault });
    patches.set(name, 'fault' in read ? '' : read.text);
  }
  return { patches, faults };
}

async function patchNames(folder: string, label: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => /^[^.].*\.(?:diff|patch)$/u.test(entry.name) && (entry.isFile() || entry.isSymbolicLink()))
      .map(({ name }) => name)
      .sort(compareText);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw cannotRead(label, thrown);
  }
}
