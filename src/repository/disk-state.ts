import { join } from 'node:path';
import { digestOf } from './digest.ts';
import type { FileKind, FileSystem } from './file-system.ts';
import { foldersOf } from './output-path.ts';
import type { OnDisk } from './write-plan.ts';

/** What is under paths of a repository. A link is never followed, whether it is the file or a folder on the way. */
export async function readDiskState(
  disk: FileSystem,
  directory: string,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, OnDisk>> {
  const folders = new Map<string, FileKind | null>();
  const states = new Map<string, OnDisk>();
  for (const path of paths) {
    states.set(
      path,
      (await obstacleBefore(disk, { directory, path, folders })) ?? (await stateOf(disk, directory, path)),
    );
  }
  return states;
}

// The first folder on the way that is missing or is none; `folders` keeps what is known about them.
async function obstacleBefore(
  disk: FileSystem,
  {
    directory,
    path,
    folders,
  }: { readonly directory: string; readonly path: string; readonly folders: Map<string, FileKind | null> },
): Promise<OnDisk | null> {
  for (const folder of foldersOf(path)) {
    const known = folders.get(folder);
    const kind = known === undefined ? await disk.kindOf(join(directory, folder)) : known;
    folders.set(folder, kind);
    if (kind === null) return { kind: 'absent' };
    if (kind === 'link') return { kind: 'obstacle', what: `would go through ${folder}, which is a link` };
    if (kind !== 'directory') return { kind: 'obstacle', what: `would go through ${folder}, which is no folder` };
  }
  return null;
}

async function stateOf(disk: FileSystem, directory: string, path: string): Promise<OnDisk> {
  const kind = await disk.kindOf(join(directory, path));
  if (kind === 'link') return { kind: 'obstacle', what: 'is a link' };
  if (kind === 'directory') return { kind: 'obstacle', what: 'is a folder' };
  if (kind === 'other') return { kind: 'obstacle', what: 'is no regular file' };
  const bytes = kind === null ? null : await disk.read(join(directory, path));
  return bytes === null ? { kind: 'absent' } : { kind: 'file', sha256: digestOf(bytes), text: textOf(bytes) };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}
