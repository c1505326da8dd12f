/** Folders whose sources are no part of what is installed. */
const OTHER_FOLDERS =
  /^(?:tests?|testing|unittests?|testsuite|docs?|doc_src|documentation|examples?|demos?|samples?|bench(?:marks?)?|benches|fuzz(?:ing)?|tools|scripts|ci|\.github|contrib|win|win32|win64|windows|msvc|vs\d*|macos|osx|android|ios)$/iu;

/** Folders that hold copies of other projects. */
const BUNDLED_FOLDERS =
  /^_?(?:vendor(?:ed)?(?:[-_].*)?|third[-_]?part(?:y|ies)|3rd[-_]?part(?:y|ies)|extern(?:als?)?|subprojects|bundled|deps|dependencies|submodules|packages?_?cache|node_modules)$/iu;

/** Whether a path lies in tests, documents, or what only another platform builds. */
export function isAside(path: string): boolean {
  return foldersOf(path).some((folder) => OTHER_FOLDERS.test(folder));
}

/** Whether a path lies in a copy of another project. */
export function isBundled(path: string): boolean {
  return foldersOf(path).some((folder) => BUNDLED_FOLDERS.test(folder));
}

/**
 * The folders below the root that are projects of their own: they have a licence, and a README or build file. Code that is brought along like that is not
 * asked what it links.
 */
export function bundledProjects(paths: readonly string[]): ReadonlySet<string> {
  const licensed = new Set<string>();
  const described = new Set<string>();
  for (const path of paths) {
    const folder = folderOf(path);
    if (folder === '') continue;
    const name = nameOf(path);
    if (/^(?:licen[cs]es?|copying|copyright)(?:[._-]|$)/iu.test(name)) licensed.add(folder);
    if (/^(?:readme(?:\..*)?|CMakeLists\.txt|configure|configure\.ac|meson\.build|Makefile)$/iu.test(name))
      described.add(folder);
  }
  return new Set([...licensed].filter((folder) => described.has(folder)));
}

/** Whether one of the folders above a path is among these. */
export function liesIn(path: string, folders: ReadonlySet<string>): boolean {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) if (folders.has(folder)) return true;
  return false;
}

/** The folder that a path lies in; empty for the root. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/** The last segment of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function foldersOf(path: string): string[] {
  return path.split('/').slice(0, -1);
}
