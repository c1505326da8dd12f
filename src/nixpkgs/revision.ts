import { execFile } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { compareText, oneLine } from '../base/text.ts';

/** What a nixpkgs on this machine is at this moment. */
export interface Revision {
  /** Another one whenever what lies there may be another: for the key of a record. */
  readonly key: string;
  /** For the header of the output, without the path: `commit 0123456789ab`, `commit 0123456789ab with changes`, `1b2c3...-source`, `files 0123456789ab`. */
  readonly title: string;
}

/**
 * The revision of a folder: of a path in the Nix store its own name, which stands for the contents; of a git checkout the commit with what differs from it, files that git
 * does not know (but for ignored ones) too; of any other folder a digest over the path, size and times of all its files. `folder` is absolute. What a nixpkgs imports
 * from elsewhere is not looked at. Throws the error of the file system for what cannot be read.
 */
export async function revisionOf(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Revision> {
  const real = await realpath(folder);
  const stored = storePath(real, environment.NIX_STORE_DIR ?? '/nix/store');
  if (stored !== null) return { key: `store ${stored}`, title: oneLine(path.basename(stored)) };
  const commit = isThere(path.join(real, '.git')) ? await commitOf(real, environment) : null;
  if (commit !== null) return commit;
  const digest = folderDigest(real);
  return { key: `folder ${real} ${digest}`, title: `files ${digest.slice(0, TITLE_DIGITS)}` };
}

const TITLE_DIGITS = 12;

/** The path in the store that the folder is, or a folder of; null for what lies elsewhere. */
function storePath(real: string, store: string): string | null {
  const inside = path.relative(store, real);
  return inside === '' || inside.startsWith('..') || path.isAbsolute(inside) ? null : inside;
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Null where git is missing or does not want to read the folder: then its files tell. */
async function commitOf(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Revision | null> {
  const head = await git(['rev-parse', '--verify', 'HEAD'], { folder, environment });
  const changes = await git(['status', '--porcelain', '-z', '--untracked-files=all', '--no-renames'], {
    folder,
    environment,
  });
  const commit = head?.trim() ?? '';
  if (changes === null || !/^[0-9a-f]{40,64}$/u.test(commit)) return null;
  const title = `commit ${commit.slice(0, TITLE_DIGITS)}`;
  if (changes === '') return { key: `git ${commit}`, title };
  return { key: `git ${commit} ${changesDigest(folder, changes)}`, title: `${title} with changes` };
}

/** `changes`: 1*( XY SP path NUL ), of which the file has the content. */
function changesDigest(folder: string, changes: string): string {
  const digest = createHash('sha256').update(changes);
  for (const change of changes.split('\0')) {
    if (change === '') continue;
    const file = path.join(folder, change.slice(3));
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.isFile() === true) digest.update(readFileSync(file));
    else if (found?.isSymbolicLink() === true) digest.update(readlinkSync(file));
    digest.update('\0');
  }
  return digest.digest('hex');
}

/** Git without hooks and questions, and without variables that would lead it to another repository. */
function git(
  args: readonly string[],
  {
    folder,
    environment,
  }: { readonly folder: string; readonly environment: Readonly<Record<string, string | undefined>> },
): Promise<string | null> {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  const settings = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  return new Promise((resolve) => {
    execFile('git', [...settings, ...args], { cwd: folder, env, maxBuffer: 64 * 1024 ** 2 }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}

/** Over every entry in order: path, kind, size, and the times of its content and of its record, of which the latter cannot be set by hand. */
function folderDigest(folder: string): string {
  const digest = createHash('sha256');
  addFolder(folder, '', digest);
  return digest.digest('hex');
}

function addFolder(root: string, below: string, digest: Hash): void {
  const entries = readdirSync(path.join(root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    const place = path.join(below, entry.name);
    if (entry.isDirectory()) {
      digest.update(`${place}/\0`);
      addFolder(root, place, digest);
      continue;
    }
    const { size, mtimeNs, ctimeNs } = lstatSync(path.join(root, place), { bigint: true });
    digest.update(`${place}\0${size} ${mtimeNs} ${ctimeNs}\0`);
  }
}
