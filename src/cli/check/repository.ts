import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { isProjectName, normalizeName } from '../../pep/name.ts';

/** A package of a repository on the disk. */
export interface RepositoryPackage {
  /** PEP 503 name, which is that of its folder below pkgs/. */
  readonly project: string;
  /** Under which default.nix has it; null: default.nix and the overlay do not call it. */
  readonly attribute: string | null;
  /** Relative to the repository. */
  readonly file: string;
}

/** A repository as far as a check needs it. */
export interface CheckedRepository {
  /** Absolute. */
  readonly folder: string;
  /** In the order of their names. */
  readonly packages: readonly RepositoryPackage[];
  /** Files beside the packages that Nix has to read. */
  readonly files: readonly string[];
}

/**
 * Reads which packages a repository has: the folders below pkgs/, with the attributes under which default.nix and overlay.nix call them.
 * Throws UserError E_NO_REPOSITORY (exit 65) for a folder that is none.
 */
export async function readCheckedRepository(folder: string): Promise<CheckedRepository> {
  const projects = await projectsIn(folder);
  const files: string[] = [];
  const attributes = new Map<string, string>();
  for (const file of ['default.nix', 'overlay.nix']) {
    const text = await readFile(path.join(folder, file), 'utf8').catch(() => null);
    if (text === null) continue;
    files.push(file);
    for (const [project, attribute] of calledPackages(text)) attributes.set(project, attribute);
  }
  if (projects.length === 0 || !files.includes('default.nix')) {
    throw new UserError(
      'E_NO_REPOSITORY',
      `${folder} is no repository of pypi2nix: it has no default.nix with packages in pkgs/`,
      {
        exit: EXIT.data,
        hint: 'pypi2nix NAME... -o DIR writes one',
      },
    );
  }
  return {
    folder,
    files,
    packages: projects.map((project) => ({
      project,
      attribute: attributes.get(project) ?? null,
      file: `pkgs/${project}/default.nix`,
    })),
  };
}

/**
 * The packages that a word of the command line names each, by project or attribute.
 * Throws UserError E_NO_SUCH_PACKAGE (exit 1) for a name that is none.
 */
export function chosenPackages(
  { packages }: CheckedRepository,
  names: readonly string[],
): readonly RepositoryPackage[] {
  if (names.length === 0) return packages;
  const chosen = new Set<RepositoryPackage>();
  for (const name of names) {
    const found = packages.find(({ project, attribute }) => attribute === name || project === normalizeName(name));
    if (found === undefined) {
      throw new UserError('E_NO_SUCH_PACKAGE', `the repository has no package ${JSON.stringify(name)}`, {
        hint: `it has ${packages
          .map(({ project }) => project)
          .slice(0, 10)
          .join(', ')}${packages.length > 10 ? ', …' : ''}`,
      });
    }
    chosen.add(found);
  }
  return packages.filter((each) => chosen.has(each));
}

async function projectsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(folder, 'pkgs'), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (!isProjectName(entry.name) || normalizeName(entry.name) !== entry.name) continue;
    const file = await stat(path.join(folder, 'pkgs', entry.name, 'default.nix')).catch(() => null);
    if (file?.isFile() === true) found.push(entry.name);
  }
  return found.sort(compareText);
}

/**
 * The calls of packages in a file, as they are generated: `NAME = final.callPackage ./pkgs/NAME { };`, also in parentheses or with other words before.
 */
function calledPackages(text: string): readonly (readonly [project: string, attribute: string])[] {
  const calls = text.matchAll(
    /(?:^|[\s{;])([A-Za-z_][\w'-]{0,200}|"[A-Za-z0-9_.'-]{1,200}")\s*=\s*\(?\s*(?:[\w.'-]{1,100}\s+){0,2}?(?:[\w'-]{1,60}\.)?callPackage\s+\.\/pkgs\/([a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-])/gmu,
  );
  return [...calls].map(([, attribute = '', project = '']) => [project, attribute.replaceAll('"', '')] as const);
}
