import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { curlConfig } from '../../bench/support/curl.ts';
import { startServer } from '../support/http-server.ts';

const runFile = promisify(execFile);

async function hasCurl(): Promise<boolean> {
  return runFile('curl', ['--version']).then(
    () => true,
    () => false,
  );
}

it('curl sends the very requests that a run sent, each with its own headers', async (context) => {
  if (!(await hasCurl())) context.skip('curl is not installed');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-bench-'));
  const server = await startServer();
  try {
    const config = path.join(folder, 'curl.conf');
    const requests = [
      { url: `${server.url}/simple/a/`, headers: [['accept', 'x/"quoted", text/html;q=0.1']] },
      { url: `${server.url}/files/b.whl`, headers: [['range', 'bytes=-65536']] },
    ] as const;
    await writeFile(config, curlConfig(requests));
    await runFile('curl', ['--noproxy', '*', '--parallel', '--config', config]);

    const sent = [...server.requests].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(sent.map(({ path: asked }) => asked)).toEqual(['/files/b.whl', '/simple/a/']);
    expect(sent[0]?.headers.range).toBe('bytes=-65536');
    expect(sent[1]?.headers.accept).toBe('x/"quoted", text/html;q=0.1');
    expect(sent[1]?.headers.range).toBeUndefined();
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
