import { readArchive } from '../../archive/read-archive.ts';
import { compareText, sortedUnique } from '../../base/text.ts';
import { UserError } from '../../base/user-error.ts';
import { badWheel } from './bad-wheel.ts';
import { readElf } from './elf.ts';

/** What the compiled files of a wheel for Linux need of the system. */
export interface WheelLinks {
  /** Names of libraries that its ELF files link and it does not bring itself, sorted: `libz.so.1`. Those of the C library are among them. */
  readonly needed: readonly string[];
  /** Whether it has ELF files at all. */
  readonly isCompiled: boolean;
  /** Paths of files whose links could not be read, because they are damaged or too large, sorted; the first few. */
  readonly unread: readonly string[];
}

/** The wheels with the most in them, for graphics cards, unpack to some 3 GiB. */
const LIMITS = { unpackedBytes: 8 * 1024 ** 3, members: 200_000, memberBytes: 64 * 1024 ** 2 };
const MAX_UNREAD = 8;
const MAX_NAMES = 10_000;

/**
 * Reads which libraries a wheel links, statically, from its bytes as they come: one file of it is held at a time, of at most 64 MiB.
 * Throws UserError `E_BAD_WHEEL`, and what the source throws.
 */
export async function readWheelLinks(source: AsyncIterable<Uint8Array>, wheel: string): Promise<WheelLinks> {
  const needed = new Set<string>();
  const brought = new Set<string>();
  const unread: string[] = [];
  let isCompiled = false;
  try {
    for await (const member of readArchive(source, { name: wheel, limits: LIMITS })) {
      if (member.kind !== 'file' || !mayBeCompiled(member.path)) continue;
      const bytes = await contentWithin(() => member.bytes());
      const links = bytes === null ? { soname: null, needed: null } : readElf(bytes);
      if (links === null) continue;
      isCompiled = true;
      brought.add(lastPart(member.path));
      if (links.soname !== null) brought.add(links.soname);
      if (links.needed === null) unread.push(member.path);
      for (const name of links.needed ?? []) needed.add(name);
      if (needed.size + brought.size > MAX_NAMES) throw badWheel(wheel, 'links libraries without end');
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'E_BAD_ARCHIVE') throw error;
    throw badWheel(wheel, `cannot be read: ${error.message}`, error);
  }
  return {
    needed: sortedUnique(needed).filter((name) => !brought.has(name)),
    isCompiled,
    unread: unread.sort(compareText).slice(0, MAX_UNREAD),
  };
}

/** `x.so`, `libx.so.1.2`, and programs, whose names have no extension. */
function mayBeCompiled(path: string): boolean {
  const name = lastPart(path);
  return /\.so(?:\.|$)/.test(name) || !name.includes('.');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Null for what is too large to be held. */
async function contentWithin(read: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError && error.code === 'E_MEMBER_TOO_LARGE') return null;
    throw error;
  }
}
