import { formatOf, HEAD_BYTES } from '../../archive/archive-format.ts';
import { peek } from '../../archive/peek.ts';
import { readArchive } from '../../archive/read-archive.ts';
import { UserError } from '../../base/user-error.ts';
import { badWheel } from './bad-wheel.ts';
import type { ByteSource } from './byte-source.ts';
import { distInfoFolder, MAX_ENTRY_POINTS_BYTES, MAX_METADATA_BYTES } from './dist-info.ts';
import { declaresNamespace, MAX_NAMESPACE_INIT_BYTES, outerPackage } from './namespace-init.ts';
import { readDirectory, type ZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readMembers } from './zip-members.ts';

/** What of a wheel is of interest. */
export interface WheelContents {
  /** Of all files. */
  readonly paths: readonly string[];
  readonly metadata: Uint8Array;
  /** Null where there is none, or where only the metadata was wanted. */
  readonly entryPoints: Uint8Array | null;
  /** Paths in site-packages of the packages whose `__init__.py` declares a namespace; empty where only the metadata was wanted. */
  readonly namespaces: ReadonlySet<string>;
}

/** The largest wheels (with libraries for graphics cards) unpack to some 3 GiB. */
const WHOLE_LIMITS = { unpackedBytes: 8 * 1024 ** 3, members: 200_000, memberBytes: MAX_METADATA_BYTES };
/** As much as a directory of 16 MiB can hold. */
const MAX_PATHS_LENGTH = 16 * 1024 ** 2;
/** A wheel has two such files; a few more are told apart by their folders. */
const MAX_KEPT = 8;
/** Wheels have one or two packages at the top level; more `__init__.py` are not looked into. */
const MAX_NAMESPACE_INITS = 16;

/** Reads the directory of a wheel and the members that are wanted. Throws UserError `E_BAD_WHEEL`, and what the source throws. */
export async function contentsByRanges(
  source: ByteSource,
  { wheel, wanted }: { readonly wheel: string; readonly wanted: 'metadata' | 'all' },
): Promise<WheelContents> {
  const only = wanted === 'metadata' ? '.dist-info/METADATA' : null;
  const directory = await asBadWheel(wheel, () => readDirectory(source, wheel, only));
  const paths = directory.entries.map((entry) => entry.path);
  const folder = distInfoFolder(paths, wheel);
  const find = (name: string, limit: number) =>
    directory.entries.filter(({ path }) => path === `${folder}/${name}`).map((entry) => ({ entry, limit }));
  const scripts = wanted === 'all' ? find('entry_points.txt', MAX_ENTRY_POINTS_BYTES).slice(0, 1) : [];
  const members = [...find('METADATA', MAX_METADATA_BYTES), ...scripts];
  const [metadata, entryPoints] = await readMembers(source, directory, { wanted: members, wheel });
  if (metadata === undefined) throw badWheel(wheel, 'has no METADATA');
  const namespaces = wanted === 'all' ? await namespacesOf(source, directory, wheel) : new Set<string>();
  return { paths, metadata, entryPoints: entryPoints ?? null, namespaces };
}

/**
 * Reads a whole wheel as it comes. Throws UserError `E_BAD_WHEEL`, and what the source throws, which may be a `TransientError` or the
 * mismatch of a digest.
 */
export function contentsOfStream(source: AsyncIterable<Uint8Array>, wheel: string): Promise<WheelContents> {
  return asBadWheel(wheel, async () => {
    const paths: string[] = [];
    const kept = new Map<string, Uint8Array>();
    const namespaces = new Set<string>();
    let pathLength = 0;
    for await (const member of readArchive(await zipOnly(source, wheel), { name: wheel, limits: WHOLE_LIMITS })) {
      if (member.kind !== 'file') continue;
      paths.push(member.path);
      pathLength += member.path.length;
      if (pathLength > MAX_PATHS_LENGTH) throw badWheel(wheel, 'has names of members without end');
      const limit = keptLimit(member.path);
      const outer = outerPackage(member.path);
      if (limit !== null) {
        if (kept.size >= MAX_KEPT) throw badWheel(wheel, 'has several dist-info folders');
        kept.set(member.path, await member.bytes(limit));
      } else if (outer !== null && (await isNamespaceInit(() => member.bytes(MAX_NAMESPACE_INIT_BYTES)))) {
        namespaces.add(outer);
      }
    }
    const folder = distInfoFolder(paths, wheel);
    const metadata = kept.get(`${folder}/METADATA`);
    if (metadata === undefined) throw badWheel(wheel, 'has no METADATA');
    return { paths, metadata, entryPoints: kept.get(`${folder}/entry_points.txt`) ?? null, namespaces };
  });
}

/** A tar archive would be read as gladly, but is no wheel. What is no archive at all is described by who reads it. */
async function zipOnly(source: AsyncIterable<Uint8Array>, wheel: string): Promise<AsyncIterable<Uint8Array>> {
  const { head, bytes } = await peek(generatorOf(source), HEAD_BYTES);
  const format = formatOf(head);
  if (format === 'zip' || format === null) return bytes;
  await bytes.return(undefined);
  throw badWheel(wheel, 'is no zip archive');
}

async function* generatorOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* source;
}

/** How many bytes of a member are kept before it is known which dist-info folder counts; null for what is not wanted. */
function keptLimit(path: string): number | null {
  if (/^[^/]+\.dist-info\/METADATA$/.test(path)) return MAX_METADATA_BYTES;
  return /^[^/]+\.dist-info\/entry_points\.txt$/.test(path) ? MAX_ENTRY_POINTS_BYTES : null;
}

/** Level by level, because only in site-packages and in a namespace a package is looked into. */
async function namespacesOf(source: ByteSource, directory: ZipDirectory, wheel: string): Promise<Set<string>> {
  const found = new Set<string>();
  const packages = new Map<string, ZipEntry>();
  for (const entry of directory.entries) {
    const folder = outerPackage(entry.path);
    if (folder !== null) packages.set(folder, entry);
  }
  const small = [...packages].filter(([, { size }]) => size > 0 && size <= MAX_NAMESPACE_INIT_BYTES);
  let level = small.filter(([folder]) => !packages.has(parentOf(folder)));
  for (let rest = MAX_NAMESPACE_INITS; level.length > 0 && rest > 0; ) {
    const looked = level.slice(0, rest);
    const wanted = looked.map(([, entry]) => ({ entry, limit: MAX_NAMESPACE_INIT_BYTES }));
    const contents = await readMembers(source, directory, { wanted, wheel });
    const declared = looked.flatMap(([folder], index) =>
      declaresNamespace(contents[index]?.toString('utf8') ?? '') ? [folder] : [],
    );
    for (const folder of declared) found.add(folder);
    level = small.filter(([folder]) => declared.includes(parentOf(folder)));
    rest -= looked.length;
  }
  return found;
}

function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
}

async function isNamespaceInit(read: () => Promise<Uint8Array>): Promise<boolean> {
  try {
    return declaresNamespace(new TextDecoder().decode(await read()));
  } catch (error) {
    if (error instanceof UserError && error.code === 'E_MEMBER_TOO_LARGE') return false;
    throw error;
  }
}

/** Faults of the archive are faults of the wheel. */
async function asBadWheel<Result>(wheel: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof UserError) || (error.code !== 'E_BAD_ARCHIVE' && error.code !== 'E_MEMBER_TOO_LARGE'))
      throw error;
    throw badWheel(wheel, `cannot be read: ${error.message}`, error);
  }
}
