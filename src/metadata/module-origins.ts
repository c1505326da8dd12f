import type { Place, Reading } from './release-facts.ts';

/** What tells that a module is installed: a statement of the release, or a file that is the module. */
export interface ModuleOrigin extends Place {
  /** `statement`: it is declared; `file`: the file at the place is the module. */
  readonly kind: 'statement' | 'file';
  /** In which words: `top_level.txt`. */
  readonly what: string;
}

export interface ModuleStatements {
  readonly paths: readonly string[];
  /** `Import-Name` of the metadata stated them all. */
  readonly importName: { readonly line?: number } | null;
  /** Names in the top_level.txt of the egg-info. */
  readonly topLevel: { readonly file: string; readonly names: readonly string[] } | null;
  /** What setup.py and setup.cfg say of packages and modules, with the words for it. */
  readonly declared: readonly { readonly what: string; readonly reading: Reading<readonly string[]> | undefined }[];
}

/** By module where it comes from: the first statement that names it, and its file. A module without either is left out. */
export function moduleOrigins(
  modules: readonly string[],
  statements: ModuleStatements,
): Readonly<Record<string, readonly ModuleOrigin[]>> {
  const found = modules.map(
    (module) => [module, [...stated(module, statements), ...fileOf(module, statements.paths)]] as const,
  );
  return Object.fromEntries(found.filter(([, origins]) => origins.length > 0));
}

function stated(module: string, { importName, topLevel, declared }: ModuleStatements): ModuleOrigin[] {
  if (importName !== null) return [{ kind: 'statement', what: 'Import-Name', file: 'PKG-INFO', ...importName }];
  const [top = module] = module.split('.', 1);
  const at = topLevel?.names.findIndex((name) => name === module || name === top) ?? -1;
  if (topLevel !== null && at >= 0)
    return [{ kind: 'statement', what: 'top_level.txt', file: topLevel.file, line: at + 1 }];
  return declared
    .flatMap(({ what, reading }): ModuleOrigin[] =>
      reading?.kind === 'known' && reading.value.some((name) => name === module || name.split('.', 1)[0] === top)
        ? [{ kind: 'statement', what, ...reading.place }]
        : [],
    )
    .slice(0, 1);
}

/** The file of a module that lies least deep. */
function fileOf(module: string, paths: readonly string[]): ModuleOrigin[] {
  const path = module.replaceAll('.', '/');
  const ends = ['/__init__.py', '.py', '/__init__.pyx', '.pyx'].map((end) => path + end);
  const files = paths.filter((file) => ends.some((end) => file === end || file.endsWith(`/${end}`)));
  const [file] = files.sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1));
  return file === undefined ? [] : [{ kind: 'file', what: 'the module', file }];
}
