import { foldersOf } from './test-file-reach.ts';

/** What of a test file decides which modules must be there before its tests can be collected. */
export interface CollectableFile {
  readonly path: string;
  /** Top-level modules, not of the sdist, that it imports whenever it is read itself. */
  readonly modules: readonly string[];
  /** Paths without `.py` of what it imports from beside it whenever it is read. */
  readonly imported: readonly string[];
}

/**
 * By module, which of the collected files cannot be read without it: those that import it, that import a file which does, or that lie below a conftest.py or
 * `__init__.py` which does. A module that all of them need is left out.
 */
export function filesThatNeed(
  files: readonly CollectableFile[],
  collected: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const wanted = new Set(collected);
  const readers = readersOf(files);
  const importers = new Map<string, string[]>();
  for (const { path, modules } of files)
    for (const module of new Set(modules)) importers.set(module, [...(importers.get(module) ?? []), path]);
  const needs = new Map<string, readonly string[]>();
  for (const [module, direct] of importers) {
    const all = reachedFrom(direct, readers).filter((path) => wanted.has(path));
    if (all.length < wanted.size) needs.set(module, all.sort());
  }
  return Object.fromEntries([...needs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** By path, the files that are read together with it or after it. */
function readersOf(files: readonly CollectableFile[]): ReadonlyMap<string, readonly string[]> {
  const byModule = new Map(files.map(({ path }) => [withoutEnding(path), path]));
  const readers = new Map<string, string[]>();
  for (const { path, imported } of files) {
    const before = foldersOf(path).flatMap((folder) => [folder, folder === '' ? 'conftest' : `${folder}/conftest`]);
    for (const name of new Set([...before, ...imported])) {
      const read = byModule.get(name);
      if (read !== undefined && read !== path) readers.set(read, [...(readers.get(read) ?? []), path]);
    }
  }
  return readers;
}

function reachedFrom(start: readonly string[], readers: ReadonlyMap<string, readonly string[]>): string[] {
  const reached = new Set<string>(start);
  for (const path of reached) for (const reader of readers.get(path) ?? []) reached.add(reader);
  return [...reached];
}

function withoutEnding(path: string): string {
  return path.replace(/\.py$/u, '').replace(/(?:^|\/)__init__$/u, '');
}
