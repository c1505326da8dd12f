import type { Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { memberTooLarge } from '../archive/bad-archive.ts';
import { type ArchiveLimits, type ArchiveMember, DEFAULT_ARCHIVE_LIMITS } from '../archive/read-archive.ts';
import { compareText, excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { badSource } from './bad-source.ts';

/** The folder that stands for the root of a tree in its members: archives of projects have one too. */
export const TREE_ROOT = 'source';

/** What tools leave in a working copy, and no part of a project. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn', '.bzr', '_darcs', '.jj'],
  ...['__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.hypothesis', '.cache'],
  ...['.tox', '.nox', '.venv', 'venv', '.eggs', '.direnv', 'node_modules'],
]);

/**
 * The files of a folder as members of an archive with the root folder `source`, in order of their paths. Caches, virtual environments and what version control
 * keeps are left out. A link to a file inside of the folder is that file; every other link is a member of kind `link`, which nobody follows.
 *
 * Throws UserError E_NO_SUCH_SOURCE (exit 74) where there is no such folder, and E_BAD_SOURCE (65) beyond the limits.
 */
export async function* directoryMembers(
  folder: string,
  { limits = DEFAULT_ARCHIVE_LIMITS }: { readonly limits?: ArchiveLimits } = {},
): AsyncGenerator<ArchiveMember> {
  const root = await existingFolder(folder);
  const totals: Totals = { members: 0, bytes: 0 };
  yield* membersBelow('', { folder, root, limits, totals });
}

interface Totals {
  members: number;
  bytes: number;
}

interface Walk {
  /** As the user names it. */
  readonly folder: string;
  /** Its path without links. */
  readonly root: string;
  readonly limits: ArchiveLimits;
  readonly totals: Totals;
}

async function* membersBelow(below: string, walk: Walk): AsyncGenerator<ArchiveMember> {
  const entries = await readdir(path.join(walk.root, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    if (PASSED_OVER.has(entry.name)) continue;
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (await isVirtualEnvironment(path.join(walk.root, relative))) continue;
      yield* membersBelow(relative, walk);
    } else {
      const file = await fileOf(entry, relative, walk);
      count(file?.size ?? 0, walk);
      yield {
        path: `${TREE_ROOT}/${relative}`,
        kind: file === null ? 'link' : 'file',
        size: file?.size ?? 0,
        bytes: (limit = walk.limits.memberBytes) =>
          file === null ? Promise.resolve(new Uint8Array()) : readWithin(file.path, { limit, relative, walk }),
      };
    }
  }
}

/** The file itself: what the entry is, or what it links to inside of the folder. */
async function fileOf(
  entry: Dirent,
  relative: string,
  { root }: Walk,
): Promise<{ readonly path: string; readonly size: number } | null> {
  const whole = path.join(root, relative);
  if (entry.isFile()) return { path: whole, size: (await lstat(whole)).size };
  if (!entry.isSymbolicLink()) return null;
  const target = await realpath(whole).catch(() => null);
  if (target === null || !target.startsWith(`${root}${path.sep}`)) return null;
  const there = await stat(target);
  return there.isFile() ? { path: target, size: there.size } : null;
}

async function readWithin(
  file: string,
  { limit, relative, walk }: { readonly limit: number; readonly relative: string; readonly walk: Walk },
): Promise<Uint8Array> {
  // What was a file a moment ago may be a link now.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw badSource(walk.folder, `${excerpt(relative)} cannot be read`, cause);
  });
  try {
    const { size } = await handle.stat();
    if (size > limit) throw memberTooLarge(walk.folder, relative, limit);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function count(size: number, { totals, limits, folder }: Walk): void {
  totals.members += 1;
  totals.bytes += size;
  if (totals.members > limits.members) throw badSource(folder, `has more than ${limits.members} files`);
  if (totals.bytes > limits.unpackedBytes) throw badSource(folder, `has more than ${limits.unpackedBytes} bytes`);
}

async function isVirtualEnvironment(folder: string): Promise<boolean> {
  return await lstat(path.join(folder, 'pyvenv.cfg')).then(
    () => true,
    () => false,
  );
}

async function existingFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (cause) {
    throw noSuchFolder(folder, 'does not exist or cannot be read', cause);
  }
  throw noSuchFolder(folder, 'is no folder');
}

function noSuchFolder(folder: string, what: string, cause?: unknown): UserError {
  return new UserError('E_NO_SUCH_SOURCE', `${excerpt(folder)} ${what}`, {
    exit: EXIT.io,
    hint: 'a relative path is taken from the working directory',
    cause,
  });
}
