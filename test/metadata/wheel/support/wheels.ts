import { createHash } from 'node:crypto';
import type { IndexFile } from '../../../../src/index/project-page.ts';
import { type MemberSpec, type Members, makeZip, sha256Of } from '../../../support/archives.ts';

export interface MadeWheel {
  readonly filename: string;
  readonly bytes: Buffer;
  /** Hex. */
  readonly sha256: string;
  /** The text of its METADATA. */
  readonly metadata: string;
}

/** A pure wheel of the version 1.0 that requires `six`, with METADATA and RECORD at its end as build tools put them. */
export function makeWheel(
  name: string,
  files: Readonly<Record<string, string | Uint8Array>> = { [`${name}/__init__.py`]: '' },
  options: { readonly metadata?: string; readonly streamed?: boolean; readonly stored?: boolean } = {},
): MadeWheel {
  const metadata = options.metadata ?? metadataText(name);
  const info = `${name}-1.0.dist-info`;
  const members: MemberSpec[] = Object.entries(files).map(([path, content]) => ({ path, content }));
  members.push({ path: `${info}/METADATA`, content: metadata });
  members.push({ path: `${info}/RECORD`, content: members.map(({ path }) => `${path},,\n`).join('') });
  return wheelOf(`${name}-1.0-py3-none-any.whl`, makeZip(members, options), metadata);
}

/** A wheel with just these members, in this order. */
export function wheelWith(name: string, members: Members, options: { readonly stored?: boolean } = {}): MadeWheel {
  return wheelOf(`${name}-1.0-py3-none-any.whl`, makeZip(members, options));
}

export function wheelOf(filename: string, bytes: Buffer, metadata = ''): MadeWheel {
  return { filename, bytes, sha256: sha256Of(bytes), metadata };
}

export function metadataText(name: string, version = '1.0'): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nRequires-Dist: six\n`;
}

/** Bytes that no compression makes smaller, always the same. */
export function filler(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < size; at += 32) blocks.push(createHash('sha256').update(String(at)).digest());
  return Buffer.concat(blocks).subarray(0, size);
}

/** The wheel as an index at `root` lists it. */
export function listed(root: string, wheel: MadeWheel, parts: Partial<IndexFile> = {}): IndexFile {
  return {
    kind: 'wheel',
    filename: wheel.filename,
    version: '1.0',
    url: `${root}/${wheel.filename}`,
    sha256: wheel.sha256,
    requiresPython: null,
    size: wheel.bytes.length,
    uploadTime: null,
    yanked: null,
    coreMetadata: false,
    ...parts,
  };
}
