/** The folder inside a repository that is this program's own. */
export const STATE_FOLDER = '.pypi2nix';

/** What stands behind the name of a file for the proposal beside it, see `planWrite`. */
export const PROPOSAL_ENDING = '.pypi2nix-new';

/** Folders that are never written into: this program's own, which it sees to itself, and those of version control, whose files are run. */
const CLOSED: ReadonlySet<string> = new Set([STATE_FOLDER, '.git', '.hg', '.svn', '.jj']);

/**
 * Whether `path` may be written inside a repository: relative, names of ASCII letters, digits, `.`, `_`, `+` and `-` joined by `/`,
 * none of them `.`, `..` or a folder of this program or of version control.
 */
export function isOutputPath(path: string): boolean {
  const names = path.split('/');
  return (
    !CLOSED.has(names[0]?.toLowerCase() ?? '') &&
    names.every((name) => /^(?!\.{1,2}$)[A-Za-z0-9._+-]{1,200}$/u.test(name))
  );
}

/** Throws for a set of paths of which one may not be written, or of which one would have to be a file and a folder: a defect of the caller. */
export function checkOutputPaths(paths: Iterable<string>): void {
  const all = new Set(paths);
  for (const path of all) {
    if (!isOutputPath(path)) throw new Error(`not a path of a repository: ${JSON.stringify(path)}`);
    const folder = foldersOf(path).find((name) => all.has(name));
    if (folder !== undefined) throw new Error(`${folder} would be a file and a folder`);
  }
}

/** The folders that a path goes through, outermost first: `pkgs`, `pkgs/six` for `pkgs/six/default.nix`. */
export function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
