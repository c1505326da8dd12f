import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { LoopbackIndex } from './loopback-index.ts';

/** How large the made-up index is. */
export interface LargeIndexSize {
  readonly projects: number;
  /** Of each project: `1.0`, `1.1` and so on. */
  readonly versions: number;
}

/** How far behind itself a project looks for what it needs. */
const REACH = 400;
const NEEDS = 4;

/**
 * An index of wheels on this machine whose pages and metadata are computed when they are asked for. Every version needs up to four projects after it, the newest ones a
 * version of them that is not the newest: choices have to be made, and some taken back.
 */
export async function startLargeIndex(size: LargeIndexSize): Promise<LoopbackIndex> {
  const server = createServer((request, response) => {
    const page = /^\/simple\/p(\d+)\/$/.exec(request.url ?? '');
    const metadata = /^\/files\/p(\d+)-1\.(\d+)-py3-none-any\.whl\.metadata$/.exec(request.url ?? '');
    if (page !== null) send(response, 'application/vnd.pypi.simple.v1+json', pageOf(Number(page[1]), size));
    else if (metadata !== null)
      send(response, 'text/plain', metadataOf(Number(metadata[1]), Number(metadata[2]), size));
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/simple/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Requirements on so many projects, spread over the index. */
export function largeRequest(count: number, { projects }: LargeIndexSize): string[] {
  return Array.from({ length: count }, (_, index) => `p${Math.floor((index * projects) / count)}`);
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': type });
  response.end(text);
}

function pageOf(project: number, size: LargeIndexSize): string {
  const files = Array.from({ length: size.versions }, (_, version) => {
    const filename = `p${project}-1.${version}-py3-none-any.whl`;
    return {
      filename,
      url: `/files/${filename}`,
      hashes: { sha256: sha256(filename) },
      'requires-python': '>=3.8',
      size: 1000,
      'upload-time': '2024-01-01T00:00:00Z',
      'core-metadata': { sha256: sha256(metadataOf(project, version, size)) },
    };
  });
  return JSON.stringify({ meta: { 'api-version': '1.1' }, name: `p${project}`, files });
}

function metadataOf(project: number, version: number, size: LargeIndexSize): string {
  const head = `Metadata-Version: 2.1\nName: p${project}\nVersion: 1.${version}\n`;
  const needs = Array.from({ length: NEEDS }, (_, index) => {
    const [a = 0, b = 0] = createHash('sha256').update(`${project} ${index}`).digest();
    const target = project + 1 + ((a * 256 + b + index) % REACH);
    // Ranges of neighbours overlap, so that there is a solution, and those of the newest versions do not always.
    const newest = Math.min(size.versions - 1, version + 3 + (b % 5));
    return target < size.projects ? [`Requires-Dist: p${target}>=1.0,<=1.${newest}`] : [];
  });
  return `${head}${needs.flat().join('\n')}\n`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
