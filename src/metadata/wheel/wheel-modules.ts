import { compareText } from '../../base/text.ts';
import { installedPath } from './installed-path.ts';

/** A folder of site-packages. */
interface Folder {
  /** Path in site-packages; `` for site-packages itself. */
  readonly path: string;
  readonly folders: Map<string, Folder>;
  /** Names of the modules that lie in it, without `__init__`. */
  readonly modules: Set<string>;
  hasInit: boolean;
}

/** `name.py`, `name.so`, `name.abi3.so`, `name.cpython-313-x86_64-linux-gnu.so`, `name.cp313-win_amd64.pyd` */
const MODULE_FILE = /^([\p{L}_][\p{L}\p{N}_]*)(?:\.pyc?|(\.[\w-]+)?\.(?:so|pyd))$/u;
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;
/** Folders that are about a project and were packed by mistake. */
const ASIDE = /^(?:tests?|testing|docs?|examples?|benchmarks?)$/i;
/** Deeper folders are made to harm, and every level is a call. */
const MAX_DEPTH = 32;
/** Importing them does something, or needs a test runner. */
const NEVER: ReadonlySet<string> = new Set(['setup', 'conftest']);

/**
 * Importable names that a wheel installs, sorted, by the paths of its files, which RECORD has to repeat: packages and modules at the top
 * level, and for a namespace package its first real one (`google.protobuf`). `namespaces` has the paths of packages with an `__init__.py`
 * that declares a namespace. Of names that may not be meant to be imported (a folder without `__init__.py` beside real packages, private
 * ones, tests) the better kind is given alone.
 */
export function wheelModules(paths: readonly string[], namespaces: ReadonlySet<string>): string[] {
  const root = folderOf('');
  for (const path of paths) insert(root, installedPath(path)?.split('/') ?? []);

  const real = [...root.modules];
  const loose: string[] = [];
  for (const folder of root.folders.values()) {
    const module = realModule(folder, namespaces);
    if (module !== null) (folder.hasInit ? real : loose).push(module);
  }
  const kinds = [real.filter((name) => rankOf(name) === 0), loose.filter((name) => rankOf(name) === 0)];
  for (const rank of [1, 2]) kinds.push([...real, ...loose].filter((name) => rankOf(name) === rank));
  const found = kinds.find((names) => names.length > 0) ?? [];
  return [...new Set(found)].sort(compareText);
}

/** The file of each of these modules, by module: of several the first in the order of their paths. A folder without `__init__.py` has none. */
export function wheelModuleFiles(modules: readonly string[], paths: readonly string[]): Record<string, string> {
  const wanted = new Set(modules);
  const files = new Map<string, string>();
  for (const path of [...paths].sort(compareText)) {
    const segments = installedPath(path)?.split('/') ?? [];
    const name = MODULE_FILE.exec(segments.at(-1) ?? '')?.[1];
    if (name === undefined) continue;
    const dotted = [...segments.slice(0, -1), ...(name === '__init__' ? [] : [name])].join('.');
    if (wanted.has(dotted) && !files.has(dotted)) files.set(dotted, path);
  }
  return Object.fromEntries(files);
}

function insert(root: Folder, segments: readonly string[]): void {
  const folders = segments.slice(0, -1);
  const module = MODULE_FILE.exec(segments.at(-1) ?? '');
  const [, name = '', tag] = module ?? [];
  if (module === null || folders.length > MAX_DEPTH) return;
  if (!folders.every((folder) => IDENTIFIER.test(folder) && folder !== '__pycache__')) return;
  // Without a tag in its name it is a library that others link, as `libomp.so`.
  if (tag === undefined && /^lib.*\.so$/.test(segments.at(-1) ?? '')) return;
  let folder = root;
  for (const part of folders) {
    const inner = folder.folders.get(part) ?? folderOf(folder.path === '' ? part : `${folder.path}/${part}`);
    folder.folders.set(part, inner);
    folder = inner;
  }
  if (name === '__init__') folder.hasInit = true;
  else if (!name.startsWith('__') && !NEVER.has(name)) folder.modules.add(name);
}

/** The dotted name of a package, or of the first real package or module in a namespace; null where it has none. */
function realModule(folder: Folder, namespaces: ReadonlySet<string>): string | null {
  const dotted = folder.path.replaceAll('/', '.');
  if (folder.hasInit && !namespaces.has(folder.path)) return dotted;
  const packages = [...folder.folders.values()].filter((inner) => inner.hasInit && !namespaces.has(inner.path));
  const direct = [...folder.modules, ...packages.map(lastPart)].sort(bestFirst);
  const nested = [...folder.folders.values()].filter((inner) => !packages.includes(inner));
  const deep = nested
    .sort((a, b) => bestFirst(lastPart(a), lastPart(b)))
    .map((inner) => realModule(inner, namespaces))
    .find((module) => module !== null);
  const [first] = direct;
  if (first !== undefined && (rankOf(first) === 0 || deep === undefined)) return `${dotted}.${first}`;
  return deep ?? (folder.hasInit ? dotted : null);
}

function lastPart(folder: Folder): string {
  return folder.path.slice(folder.path.lastIndexOf('/') + 1);
}

function bestFirst(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || compareText(a, b);
}

/** Of a name, or of the first part of a dotted one: 0 is meant to be imported, 1 private, 2 about the project. */
function rankOf(name: string): 0 | 1 | 2 {
  if (ASIDE.test(name.split('.', 1)[0] ?? '')) return 2;
  return name.startsWith('_') ? 1 : 0;
}

function folderOf(path: string): Folder {
  return { path, folders: new Map(), modules: new Set(), hasInit: false };
}
