import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Zip, ZipDeflate, ZipPassThrough, type Zippable, zipSync } from 'fflate';
import tar from 'tar-stream';
import { packXz } from './xz.ts';

/** A member to put into an archive. The name is written as it is, also when it is a bad one. */
export interface MemberSpec {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly kind?: 'file' | 'directory' | 'symlink' | 'link' | 'device';
  /** Where a link leads. */
  readonly target?: string;
}

/** Contents by path, or the members one by one. */
export type Members = Readonly<Record<string, string | Uint8Array>> | readonly MemberSpec[];

const EPOCH = new Date(0);

/** A ustar archive. The same members give the same bytes: no times, owners or modes of the machine. */
export async function makeTar(members: Members): Promise<Buffer> {
  const pack = tar.pack();
  for (const member of specsOf(members)) {
    const header = { name: member.path, mode: 0o644, mtime: EPOCH, uid: 0, gid: 0 };
    switch (member.kind ?? 'file') {
      case 'file':
        pack.entry({ ...header, type: 'file' }, bytesOf(member));
        break;
      case 'directory':
        pack.entry({ ...header, type: 'directory' });
        break;
      case 'symlink':
        pack.entry({ ...header, type: 'symlink', linkname: member.target ?? '' });
        break;
      case 'link':
        pack.entry({ ...header, type: 'link', linkname: member.target ?? '' });
        break;
      case 'device':
        pack.entry({ ...header, type: 'character-device' });
        break;
    }
  }
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function makeTarGz(members: Members): Promise<Buffer> {
  return gzip(await makeTar(members));
}

export async function makeTarXz(members: Members): Promise<Buffer> {
  return packXz(await makeTar(members));
}

/** gzip without a time and with the operating system marked as unknown, so that the bytes are the same everywhere. */
export function gzip(bytes: Uint8Array): Buffer {
  const packed = gzipSync(bytes, { level: 6 });
  packed[9] = 255;
  return packed;
}

/** A zip archive. `streamed`: sizes stand in data descriptors after the contents. `stored`: nothing is compressed. */
export function makeZip(
  members: Members,
  options: { readonly streamed?: boolean; readonly stored?: boolean } = {},
): Buffer {
  const mtime = new Date(1980, 0, 1);
  const level = options.stored === true ? 0 : 6;
  if (options.streamed === true) return streamedZip(specsOf(members), options.stored === true, mtime);
  const files: Zippable = Object.create(null);
  for (const member of specsOf(members)) files[member.path] = [bytesOf(member), { level, mtime }];
  return Buffer.from(zipSync(files));
}

/** An archive that unpacks to `bytes` zeros but is about a thousandth of it. */
export async function makeBomb(bytes: number): Promise<Buffer> {
  return makeTarGz([{ path: 'bomb-1.0/zeros', content: new Uint8Array(bytes) }]);
}

/** A tar.gz sdist as indexes serve it: all files under `name-version/`. */
export interface MadeSdist {
  readonly filename: string;
  readonly bytes: Buffer;
  /** Hex. */
  readonly sha256: string;
}

export async function makeSdist(
  name: string,
  version: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<MadeSdist> {
  const root = `${name}-${version}`;
  const members = Object.entries(files).map(([path, content]) => ({ path: `${root}/${path}`, content }));
  const bytes = await makeTarGz(members);
  return { filename: `${root}.tar.gz`, bytes, sha256: sha256Of(bytes) };
}

/** sha256 in hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes as a stream in pieces, as a network would bring them. */
export async function* streamOf(bytes: Uint8Array, piece = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

function specsOf(members: Members): readonly MemberSpec[] {
  if (isList(members)) return members;
  return Object.entries(members).map(([path, content]) => ({ path, content }));
}

function isList(members: Members): members is readonly MemberSpec[] {
  return Array.isArray(members);
}

function bytesOf(member: MemberSpec): Buffer {
  return Buffer.from(typeof member.content === 'string' ? Buffer.from(member.content) : (member.content ?? ''));
}

function streamedZip(members: readonly MemberSpec[], stored: boolean, mtime: Date): Buffer {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    chunks.push(chunk);
  });
  for (const member of members) {
    const file = stored ? new ZipPassThrough(member.path) : new ZipDeflate(member.path, { level: 6 });
    file.mtime = mtime;
    zip.add(file);
    file.push(bytesOf(member), true);
  }
  zip.end();
  return Buffer.concat(chunks);
}
