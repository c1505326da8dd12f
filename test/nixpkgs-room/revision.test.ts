import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Revision, revisionOf } from '../../src/nixpkgs/revision.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'revision-'));
  await mkdir(path.join(root, 'pkgs'));
  await writeFile(path.join(root, 'default.nix'), '{ }');
  await writeFile(path.join(root, 'pkgs', 'a.nix'), '1');
});

afterEach(() => rm(root, { recursive: true, force: true }));

const revision = (environment: NodeJS.ProcessEnv = process.env): Promise<Revision> => revisionOf(root, environment);

const git = (...args: string[]): void => {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.test', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { cwd: root, stdio: 'ignore' });
};

describe('the revision of a folder', () => {
  it('stays while nothing changes', async () => {
    expect(await revision()).toEqual(await revision());
    expect((await revision()).title).toMatch(/^files [0-9a-f]{12}$/u);
  });

  it('changes with the content of a file, even one of the same size with its old time', async () => {
    const before = await revision();
    const time = new Date(2020, 0, 1);
    await utimes(path.join(root, 'pkgs', 'a.nix'), time, time);
    const middle = await revision();
    await writeFile(path.join(root, 'pkgs', 'a.nix'), '2');
    await utimes(path.join(root, 'pkgs', 'a.nix'), time, time);
    expect(new Set([before.key, middle.key, (await revision()).key]).size).toBe(3);
  });

  it('changes with a file that is added', async () => {
    const before = await revision();
    await writeFile(path.join(root, 'pkgs', 'b.nix'), '');
    expect((await revision()).key).not.toBe(before.key);
  });
});

describe('the revision of a git checkout', () => {
  beforeEach(() => {
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
  });

  it('is its commit', async () => {
    const { key, title } = await revision();
    expect(key).toMatch(/^git [0-9a-f]{40}$/u);
    expect(title).toBe(`commit ${key.slice(4, 16)}`);
  });

  it('is the commit with each state of its changes', async () => {
    const clean = await revision();
    await writeFile(path.join(root, 'pkgs', 'a.nix'), '2');
    const changed = await revision();
    await writeFile(path.join(root, 'pkgs', 'a.nix'), '3');
    const again = await revision();
    expect(changed.title).toBe(`${clean.title} with changes`);
    expect(new Set([clean.key, changed.key, again.key]).size).toBe(3);
  });

  it('changes with a file that git does not know', async () => {
    const clean = await revision();
    await writeFile(path.join(root, 'pkgs', 'new.nix'), '1');
    const one = await revision();
    await writeFile(path.join(root, 'pkgs', 'new.nix'), '2');
    expect(new Set([clean.key, one.key, (await revision()).key]).size).toBe(3);
  });

  it('is that of its files where there is no git', async () => {
    expect((await revision({ PATH: root })).title).toMatch(/^files /u);
  });
});

describe('the revision of a path in the store', () => {
  it('is its name', async () => {
    const store = path.dirname(root);
    expect(await revision({ ...process.env, NIX_STORE_DIR: store })).toEqual({
      key: `store ${path.basename(root)}`,
      title: path.basename(root),
    });
  });
});
