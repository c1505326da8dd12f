import { createHash, randomFillSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import tar from 'tar-stream';

/** An sdist that is made while it is read, the same bytes each time; it is never held in memory. */
export interface MadeUpSdist {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  /** Hex, of the archive. */
  readonly sha256: string;
  readonly size: number;
  open(): Readable;
}

const MEMBER_BYTES = 8 * 1024 ** 2;
const PIECE_BYTES = 64 * 1024;

/** An sdist of about so many bytes of data files, which cannot be compressed, around a small package. */
export async function madeUpSdist(name: string, bytes: number): Promise<MadeUpSdist> {
  const version = '1.0';
  const root = `${name}-${version}`;
  // Only its bytes within one process have to be the same.
  const piece = randomFillSync(Buffer.alloc(PIECE_BYTES));
  const open = (): Readable =>
    Readable.from(membersOf(root, { name, version, bytes, piece })).pipe(createGzip({ level: 0 }));
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of open()) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { name, version, filename: `${root}.tar.gz`, sha256: hash.digest('hex'), size, open };
}

async function* membersOf(
  root: string,
  { name, version, bytes, piece }: { name: string; version: string; bytes: number; piece: Buffer },
): AsyncGenerator<Uint8Array> {
  const pack = tar.pack();
  const writing = (async () => {
    await write(pack, `${root}/PKG-INFO`, [Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`)]);
    await write(pack, `${root}/setup.py`, [
      Buffer.from(`from setuptools import setup\nsetup(name='${name}', version='${version}', py_modules=['m'])\n`),
    ]);
    await write(pack, `${root}/m.py`, [Buffer.from('VALUE = 1\n')]);
    for (let index = 0; index * MEMBER_BYTES < bytes; index++) {
      const member = Math.min(MEMBER_BYTES, bytes - index * MEMBER_BYTES);
      const pieces = Array.from({ length: Math.ceil(member / PIECE_BYTES) }, (_, at) =>
        piece.subarray(0, Math.min(PIECE_BYTES, member - at * PIECE_BYTES)),
      );
      await write(pack, `${root}/data/part-${index}.bin`, pieces);
    }
    pack.finalize();
  })();
  for await (const chunk of pack) if (chunk instanceof Uint8Array) yield chunk;
  await writing;
}

function write(pack: tar.Pack, path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return new Promise((done, failed) => {
    const entry = pack.entry({ name: path, size, mtime: new Date(0) }, (error) => (error ? failed(error) : done()));
    Readable.from(pieces).pipe(entry);
  });
}
