import { sortedUnique } from '../base/text.ts';
import { readModules } from './python/import-scan.ts';
import { importingPart } from './python/importing-part.ts';
import { isStandardModule } from './python/stdlib-modules.ts';
import { parsePython } from './python/syntax.ts';

/** Beyond this a module is taken to need nothing more: its first files tell the most. */
const MOST_FILES = 30;

/**
 * The top-level modules of other projects that importing a module of the sdist imports whatever is installed, by module; modules that need none are left out.
 * Followed are the statements at the top level of its files that nothing guards. What an installed package finds in folders of its own (`_vendor`) is not of others,
 * nor is a private module without a file: it is compiled.
 */
export function importNeeds(
  modules: readonly string[],
  { paths, text }: { readonly paths: readonly string[]; readonly text: (path: string) => string | null },
): Readonly<Record<string, readonly string[]>> {
  const files = new Set(paths);
  const ownNames = new Set(paths.flatMap((path) => path.replace(/\.[^/]*$/u, '').split('/')));
  const needs = modules.map((module): [string, readonly string[]] => [module, needsOf(module)]);
  return Object.fromEntries(needs.filter(([, names]) => names.length > 0));

  function needsOf(module: string): readonly string[] {
    const root = rootOf(module, files);
    if (root === null) return [];
    const open = filesOf(module, root);
    const seen = new Set(open);
    const needed = new Set<string>();
    for (let file = open.shift(); file !== undefined && seen.size <= MOST_FILES; file = open.shift()) {
      for (const name of namesIn(file, root)) {
        const found = filesOf(name, root).filter((path) => !seen.has(path));
        for (const path of found) seen.add(path);
        open.push(...found);
        const [top = name] = name.split('.', 1);
        if (!top.startsWith('_') && !isStandardModule(top) && !ownNames.has(top)) needed.add(top);
      }
    }
    return sortedUnique(needed);
  }

  /** The full names of the modules that reading a file imports; of `from a import b` both, since `b` may be a module. */
  function namesIn(file: string, root: string): string[] {
    const source = text(file);
    if (source === null) return [];
    const inner = file.slice(root.length).replace(/(?:\/__init__)?\.py$/u, '');
    const own = inner.split('/');
    const folder = file.endsWith('/__init__.py') ? own : own.slice(0, -1);
    return readModules(parsePython(file, importingPart(source))).flatMap(({ module, level, names }) => {
      const above = level === 0 ? [] : folder.slice(0, folder.length - level + 1);
      const base = [...above, ...(module === '' ? [] : [module])].join('.');
      const below = (names ?? []).filter(({ name }) => name !== '*').map(({ name }) => `${base}.${name}`);
      return base === '' ? [] : [base, ...below];
    });
  }

  /** The files that importing a dotted name reads: its own and those of the packages around it. */
  function filesOf(name: string, root: string): string[] {
    const parts = name.split('.');
    return parts.flatMap((_, index) => {
      const path = root + parts.slice(0, index + 1).join('/');
      return [`${path}/__init__.py`, `${path}.py`].filter((file) => files.has(file)).slice(0, 1);
    });
  }
}

/** The folder that a module lies in, with a slash at its end or empty; the one that is least deep. Null where the sdist has no such file. */
function rootOf(module: string, files: ReadonlySet<string>): string | null {
  const path = module.replaceAll('.', '/');
  const ends = [`${path}/__init__.py`, `${path}.py`];
  const roots = [...files].flatMap((file) =>
    ends.flatMap((end) => (file === end ? [''] : file.endsWith(`/${end}`) ? [file.slice(0, -end.length)] : [])),
  );
  return roots.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null;
}
