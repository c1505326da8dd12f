import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS, readArchive } from '../../../src/archive/read-archive.ts';
import { UserError } from '../../../src/base/user-error.ts';
import { streamOf } from '../../support/archives.ts';

/** The contents of all files of an archive by path. */
export async function filesOf(archive: Uint8Array, piece?: number): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const member of readArchive(streamOf(archive, piece), { name: 'x.tar.gz' })) {
    if (member.kind === 'file') files[member.path] = Buffer.from(await member.bytes()).toString();
  }
  return files;
}

/** Passes over all members, and gives `path kind` of each. */
export async function listOf(archive: Uint8Array, limits: Partial<ArchiveLimits> = {}): Promise<string[]> {
  const list: string[] = [];
  const options = { name: 'x.tar.gz', limits: { ...DEFAULT_ARCHIVE_LIMITS, ...limits } };
  for await (const member of readArchive(streamOf(archive), options)) list.push(`${member.path} ${member.kind}`);
  return list;
}

/** The user error that the action ends with, as `CODE exit: message`. */
export async function faultOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.exit}: ${error.message}`;
    throw error;
  }
  return 'no error';
}
