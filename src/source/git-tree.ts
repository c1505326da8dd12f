import path from 'node:path';
import { memberTooLarge } from '../archive/bad-archive.ts';
import { type ArchiveLimits, type ArchiveMember, DEFAULT_ARCHIVE_LIMITS } from '../archive/read-archive.ts';
import { badSource } from './bad-source.ts';
import { TREE_ROOT } from './directory-members.ts';
import { type GitBlobs, openBlobs } from './git-blobs.ts';
import { type GitOptions, gitFailure, runGit } from './git-command.ts';
import { type NarNode, narHash } from './nar-hash.ts';

/** A file, link or submodule of a commit. */
export interface TreeEntry {
  /** Bytes, one character each (latin1), `/`-separated. */
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'symlink' | 'submodule';
  readonly id: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
}

/** A commit and its files, in git's order. */
export interface GitTree {
  readonly git: GitOptions;
  /** For messages. */
  readonly name: string;
  readonly entries: readonly TreeEntry[];
}

const KINDS: ReadonlyMap<string, TreeEntry['kind']> = new Map([
  ['100644', 'file'],
  ['100664', 'file'],
  ['100755', 'executable'],
  ['120000', 'symlink'],
  ['160000', 'submodule'],
]);

/** Lists a commit. Throws UserError E_BAD_SOURCE (exit 65) beyond the limits and for names that no file has, E_GIT_FAILED (69). */
export async function listTree(
  git: GitOptions,
  { commit, name, limits = DEFAULT_ARCHIVE_LIMITS }: { commit: string; name: string; limits?: ArchiveLimits },
): Promise<GitTree> {
  const listed = await runGit(['ls-tree', '-r', '-z', '-l', '--full-tree', commit], git);
  if (!listed.ok) throw gitFailure(name, listed.stderr);
  const lines = listed.stdout.toString('latin1').split('\0');
  const entries = lines.filter((line) => line !== '').map((line) => entryOf(line, name));
  if (entries.length > limits.members) throw badSource(name, `has more than ${limits.members} files`);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.unpackedBytes) throw badSource(name, `has more than ${limits.unpackedBytes} bytes`);
  return { git, name, entries };
}

/** mode " " type " " id " "+ size "\t" path */
function entryOf(line: string, name: string): TreeEntry {
  const [, mode = '', id = '', size = '', file = ''] =
    /^(\d+) [a-z]+ ([0-9a-f]+) +(\d+|-)\t([\s\S]*)$/u.exec(line) ?? [];
  const kind = KINDS.get(mode);
  const segments = file.split('/');
  if (kind === undefined || segments.some((part) => part === '' || part === '.' || part === '..' || part === '.git'))
    throw badSource(name, 'has a file that no working copy can have');
  return { path: file, kind, id, size: size === '-' ? 0 : Number(size) };
}

/**
 * The files of a commit as members of an archive with the root folder `source`. A link to a file of the commit is that file; other links and submodules
 * are members of kind `link`. Contents are as they are committed: no filter and no conversion of line ends is applied.
 */
export async function* treeMembers(
  tree: GitTree,
  { limits = DEFAULT_ARCHIVE_LIMITS }: { readonly limits?: ArchiveLimits } = {},
): AsyncGenerator<ArchiveMember> {
  const blobs = openBlobs(tree.git);
  const files = new Map(tree.entries.filter(isFile).map((entry) => [entry.path, entry]));
  try {
    for (const entry of tree.entries) {
      const file = isFile(entry) ? entry : await linkedFile(entry, files, blobs);
      const shown = Buffer.from(entry.path, 'latin1').toString('utf8');
      yield {
        path: `${TREE_ROOT}/${shown}`,
        kind: file === null ? 'link' : 'file',
        size: file?.size ?? 0,
        async bytes(limit = limits.memberBytes) {
          if (file === null) return new Uint8Array();
          if (file.size > limit) throw memberTooLarge(tree.name, shown, limit);
          return await whole(blobs.read(file.id));
        },
      };
    }
  } finally {
    blobs.close();
  }
}

/** The sha256 (hex) of the Nix archive of the commit's files: what `fetchgit` computes where no submodule and no filter changes the working copy. */
export async function treeHash(tree: GitTree): Promise<string> {
  const blobs = openBlobs(tree.git);
  try {
    const root: Folder = new Map();
    for (const entry of tree.entries) await place(entry, { root, blobs });
    return await narHash({ kind: 'directory', entries: root });
  } finally {
    blobs.close();
  }
}

/** The text of a file of the commit; null where it has none of that path. */
export async function treeText(tree: GitTree, file: string): Promise<string | null> {
  const entry = tree.entries.find((each) => isFile(each) && each.path === file);
  if (entry === undefined) return null;
  const blobs = openBlobs(tree.git);
  try {
    return (await whole(blobs.read(entry.id))).toString('utf8');
  } finally {
    blobs.close();
  }
}

type Folder = Map<string, NarNode>;

async function place(
  entry: TreeEntry,
  { root, blobs }: { readonly root: Folder; readonly blobs: GitBlobs },
): Promise<void> {
  const names = entry.path.split('/');
  const last = names.pop() ?? '';
  let folder: Folder = root;
  for (const name of names) folder = folderIn(folder, name);
  folder.set(last, await leaf(entry, blobs));
}

async function leaf(entry: TreeEntry, blobs: GitBlobs): Promise<NarNode> {
  if (entry.kind === 'symlink') return { kind: 'symlink', target: await whole(blobs.read(entry.id)) };
  if (entry.kind === 'submodule') return { kind: 'directory', entries: new Map() };
  const executable = entry.kind === 'executable';
  return { kind: 'file', executable, size: entry.size, content: () => blobs.read(entry.id) };
}

function folderIn(folder: Folder, name: string): Folder {
  const known = folder.get(name);
  if (known?.kind === 'directory' && known.entries instanceof Map) return known.entries;
  const made: Folder = new Map();
  folder.set(name, { kind: 'directory', entries: made });
  return made;
}

async function linkedFile(
  entry: TreeEntry,
  files: ReadonlyMap<string, TreeEntry>,
  blobs: GitBlobs,
): Promise<TreeEntry | null> {
  if (entry.kind !== 'symlink') return null;
  const target = (await whole(blobs.read(entry.id))).toString('latin1');
  return files.get(path.posix.normalize(path.posix.join(path.posix.dirname(entry.path), target))) ?? null;
}

function isFile({ kind }: TreeEntry): boolean {
  return kind === 'file' || kind === 'executable';
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
