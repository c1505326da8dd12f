import type { PythonFiles } from './python/machine.ts';

/** What is known of the files of an sdist after one pass over it: all paths, and the texts of those that were kept. */
export interface SdistFiles extends PythonFiles {
  /** All files in order, relative to the root folder. */
  readonly paths: readonly string[];
}

/** Puts paths and kept texts together. */
export function sdistFiles(paths: readonly string[], texts: ReadonlyMap<string, string>): SdistFiles {
  const files = new Set(paths);
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 0; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      const entries = folders.get(folder) ?? new Set();
      folders.set(folder, entries.add(parts[depth] ?? ''));
    }
  }
  return {
    paths,
    parsed: new Map(),
    text: (path) => texts.get(path) ?? null,
    kind: (path) => (files.has(path) ? 'file' : folders.has(path) ? 'directory' : null),
    list: (path) => [...(folders.get(path) ?? [])].sort(),
  };
}
