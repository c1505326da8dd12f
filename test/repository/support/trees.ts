import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FileSystem } from '../../../src/repository/file-system.ts';
import type { RepositoryPlan, RepositoryTexts } from '../../../src/repository/plan-repository.ts';
import type { GeneratedText } from '../../../src/repository/write-plan.ts';
import { type WriteRequest, writeRepository } from '../../../src/repository/write-repository.ts';

/** A temporary folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'repository-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The text of all files under a folder by path; the folder of this program is left out unless it is asked for. */
export async function treeOf(folder: string, { state = false } = {}): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const shown = path.slice(folder.length + 1);
    if (state || !shown.startsWith('.pypi2nix/')) tree[shown] = await readFile(path, 'utf8');
  }
  return Object.fromEntries(Object.entries(tree).sort());
}

/** The names in the folder of this program. */
export async function stateOf(folder: string): Promise<string[]> {
  return (await readdir(join(folder, '.pypi2nix'))).sort();
}

/** Puts files as somebody else would. */
export async function putFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Two states of a repository: of three files one stays, one changes, one is new. */
export const OLD_TREE = { 'default.nix': 'old', 'pkgs/six/default.nix': 'six' };
export const NEW_TREE = { 'default.nix': 'new', 'pkgs/six/default.nix': 'six', 'pkgs/toolz/default.nix': 'toolz' };

export function filesOf(tree: Readonly<Record<string, string>>): ReadonlyMap<string, GeneratedText> {
  return new Map(Object.entries(tree).map(([path, text]) => [path, { text }]));
}

/** Writes a tree as generated files; what an earlier one had stays, unless `isWhole`. */
export function writeTree(
  directory: string,
  tree: Readonly<Record<string, string>>,
  {
    disk,
    isWhole = false,
    ...options
  }: Partial<Pick<WriteRequest, 'force' | 'waitMs' | 'isDry'>> & {
    readonly disk?: FileSystem | undefined;
    readonly isWhole?: boolean;
  } = {},
): Promise<RepositoryPlan> {
  const compose = (): RepositoryTexts => ({ files: filesOf(tree), isOrphan: () => isWhole });
  return writeRepository({ directory, compose, ...options }, disk);
}

/** The paths of a plan by what becomes of them. */
export function outcomesOf({ outcomes }: Pick<RepositoryPlan, 'outcomes'>): Record<string, string> {
  return Object.fromEntries(outcomes);
}
