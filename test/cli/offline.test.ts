import { readdir, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packageRoot } from '../../src/cli/package-root.ts';
import { defaultIndexUrl } from '../../src/index/default-index.ts';
import { kettle, saucer } from './support/kitchen.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

const SHIPPED = path.join(packageRoot(), 'cache');

async function shippedFiles(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(SHIPPED)).sort();
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(path.join(SHIPPED, name), 'utf8')]),
    ),
  );
}

describe('with the cache that ships and nothing else', () => {
  beforeEach(() => {
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(() => {
      throw new Error('a connection, although --offline was given');
    });
  });
  afterEach(() => vi.restoreAllMocks());

  const offline = (...args: string[]): Promise<CommandOutcome> =>
    bench().run(['--offline', ...args], { PIP_INDEX_URL: '' });

  it.each([
    [['toolz', 'datashape'], 'toolz-datashape.nix'],
    [['toolz==0.7.4', 'datashape==0.4.7'], 'toolz-datashape-pinned.nix'],
    [['--release', '16.03', 'toolz==0.7.4', 'datashape==0.4.7', 'lxml==3.4.4', 'pyfftw==0.9.2'], 'seed-16.03.nix'],
  ])('%j gives what it gives with a network', async (args, golden) => {
    const { code, stdout, stderr } = await offline(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('error') });
    await expect(stdout).toMatchFileSnapshot(`../golden/${golden}`);
  });

  it('the notes are those of a run with a network', async () => {
    const { stderr } = await offline('--release', '16.03', 'lxml==3.4.4', 'pyfftw==0.9.2');
    expect(stderr).toContain('note: lxml: the release says only “BSD” of its licence; BSD-3-Clause is a guess\n');
    expect(stderr).not.toContain('cache');
  });

  it.each([
    ['a project', ['no-such-record'], /^error: the cache has no page of no-such-record from PyPI \[E_OFFLINE\]$/mu],
    ['a release', ['toolz==0.8.0'], /^error: toolz-0\.8\.0\.tar\.gz is not in the cache \[E_OFFLINE\]$/mu],
    [
      'an archive',
      ['toolz==0.7.4', '--archives', 'out'],
      /^error: toolz-0\.7\.4\.tar\.gz is not in the cache \[E_OFFLINE\]$/mu,
    ],
  ])('%s that has no record is named', async (_what, args, error) => {
    const { code, stdout, stderr } = await offline(...args);
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
    expect(stderr.match(/^error: .*$/gmu)).toHaveLength(1);
    expect(stderr).toMatch(error);
    expect(stderr).toContain('hint: run the command once without --offline');
    expect(await readdir(bench().folder)).not.toContain('out');
  });
});

describe('with the cache of an earlier run', () => {
  it('gives the same bytes without a request', async () => {
    bench().index.project('made-up-kettle', [await kettle()]);
    bench().index.project('made-up-saucer', [await saucer()]);
    const online = await bench().run(['made-up-kettle']);
    const asked = bench().server.requests.length;

    const offline = await bench().run(['made-up-kettle', '--offline']);
    expect(offline).toEqual(online);
    expect(offline.code).toBe(0);
    expect(bench().server.requests).toHaveLength(asked);
  });

  it('knows which of two indexes has a project', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    const args = ['made-up-saucer', '--index-url', `${bench().server.url}/empty/simple/`];
    const extra = ['--extra-index-url', bench().index.url];
    const online = await bench().run([...args, ...extra]);

    expect(online.code).toBe(0);
    expect(await bench().run([...args, ...extra, '--offline'])).toEqual(online);
  });

  it('is not asked for an index that the earlier run did not use', async () => {
    bench().index.project('made-up-saucer', [await saucer()]);
    await bench().run(['made-up-saucer']);

    const other = `${bench().server.url}/other/simple/`;
    const { code, stderr } = await bench().run(['made-up-saucer', '--offline', '--index-url', other]);
    expect(code).toBe(69);
    expect(stderr).toContain(`error: the cache has no page of made-up-saucer from ${other} [E_OFFLINE]`);
  });
});

describe('the cache that ships', () => {
  it('is at most 300 kB', async () => {
    const size = [...(await shippedFiles()).values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(300_000);
  });

  it('names no address of an index or an archive', async () => {
    const { host } = new URL(await defaultIndexUrl());
    for (const [name, text] of await shippedFiles()) {
      expect(text, name).not.toContain(host);
      expect(text, name).not.toMatch(/:\/\/[^"\s]*\.(?:whl|zip|tar\.\w+|tgz)\b/u);
      if (name === 'pages.json') expect(text, name).not.toContain('://');
    }
  });

  it('has one record a line in the order of the keys, and no time of recording', async () => {
    for (const [name, text] of await shippedFiles()) {
      const [, ...lines] = text.trimEnd().split('\n');
      const keys = lines.slice(0, -1).map((line) => /^"([^"]+)": \{/u.exec(line)?.[1]);
      expect(keys, name).toEqual(Object.keys(JSON.parse(text).records));
      expect(keys, name).toEqual([...keys].sort());
      expect(text, name).not.toMatch(/"(?:fetchedAt|etag)"/u);
    }
  });
});
