import type { ImportedModule } from './python/import-syntax.ts';

/** What decides whether a file below a test folder belongs to the tests. */
export interface ReachableFile {
  readonly path: string;
  /** Its name or its content makes it a test, so that a runner collects it. */
  readonly isTest: boolean;
  /** Paths without `.py` that its imports and texts may mean, see importTargets() and quotedTargets(). */
  readonly targets: readonly string[];
}

/**
 * Of the files below test folders, those that running the tests reads: the tests, the conftest.py and `__init__.py` of their folders, and what
 * these import from beside them. The rest is material of the tests (sources to be analysed, scripts, fuzzers), whose imports nobody needs.
 * Where no file is a test by itself, all are taken, since some runner of the project's own will know them.
 */
export function reachedFiles<File extends ReachableFile>(files: readonly File[]): readonly File[] {
  const byModule = new Map(files.map((file) => [moduleOf(file.path), file]));
  const open = files.filter(({ isTest }) => isTest);
  if (open.length === 0) return files;
  const reached = new Set<File>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const names = [...foldersOf(file.path).flatMap((folder) => [folder, joined(folder, 'conftest')]), ...file.targets];
    for (const name of names) {
      const next = byModule.get(name);
      if (next !== undefined && !reached.has(next)) open.push(next);
    }
  }
  return files.filter((file) => reached.has(file));
}

/** The paths without `.py` that import statements of a file may mean, in its folder and in all above it. */
export function importTargets(path: string, statements: readonly ImportedModule[]): string[] {
  const folders = foldersOf(path);
  const targets = new Set<string>();
  for (const { module, level, names } of statements) {
    const below = module.replaceAll('.', '/');
    const bases = level === 0 ? folders : folders.slice(level - 1, level);
    for (const base of bases) {
      const whole = joined(base, below);
      targets.add(whole);
      for (const { name } of names ?? []) targets.add(joined(whole, name));
    }
  }
  return [...targets];
}

/** Paths without `.py` beside a file that texts in it may name: some tests load a helper by `start('server')`. */
export function quotedTargets(path: string, text: string): string[] {
  const [folder = ''] = foldersOf(path);
  const names = new Set<string>();
  for (const [, name = ''] of text.matchAll(/["']([a-z_]\w{0,40})["']/giu)) names.add(name);
  return [...names].map((name) => joined(folder, name));
}

/** The folder of a path and all above it, the root (``) at the end. */
export function foldersOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return [...segments.map((_, i) => segments.slice(0, segments.length - i).join('/')), ''];
}

function moduleOf(path: string): string {
  return path.replace(/\.py$/u, '').replace(/(?:^|\/)__init__$/u, '');
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}
