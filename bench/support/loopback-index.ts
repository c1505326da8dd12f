import { createServer } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file as the index on this machine serves it. */
export interface ServedSdist {
  readonly name: string;
  readonly filename: string;
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
  open(): Readable;
}

export interface LoopbackIndex {
  /** For `--index-url`. */
  readonly url: string;
  close(): Promise<void>;
}

/** An index to which releases come while it serves. */
export interface GrowingIndex extends LoopbackIndex {
  /** Serves these too; of a project the page has all. */
  add(sdists: readonly ServedSdist[]): void;
}

/** An index with the simple repository interface on this machine; archives are streamed as fast as they are read. */
export async function startIndex(sdists: readonly ServedSdist[]): Promise<GrowingIndex> {
  const files = new Map<string, ServedSdist>();
  const pages = new Map<string, ServedSdist[]>();
  const add = (more: readonly ServedSdist[]): void => {
    for (const sdist of more) {
      files.set(`/files/${sdist.filename}`, sdist);
      const path = `/simple/${sdist.name}/`;
      pages.set(path, [...(pages.get(path) ?? []), sdist]);
    }
  };
  add(sdists);
  const server = createServer((request, response) => {
    const served = files.get(request.url ?? '');
    const page = pages.get(request.url ?? '');
    if (served !== undefined) {
      response.writeHead(200, { 'content-type': 'application/gzip', 'content-length': String(served.size) });
      // A client that goes away is not this server's fault.
      pipeline(served.open(), response).catch(() => undefined);
    } else if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' });
      response.end(pageOf(page));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/simple/`,
    add,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function pageOf(sdists: readonly ServedSdist[]): string {
  const files = sdists.map(({ filename, sha256, size }) => ({
    filename,
    url: `/files/${filename}`,
    hashes: { sha256 },
    size,
  }));
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name: sdists[0]?.name, files });
}
