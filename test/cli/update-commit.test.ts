import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { commitsOf } from '../../src/cli/update/commit.ts';
import type { PackageUpdate } from '../../src/repository/package-update.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';
import { serveNewDays, serveOldDays } from './support/update-story.ts';

const bench = useCommandBench();

/** Whoever runs the tests may have settings of their own. */
const WHO = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Tea',
  GIT_AUTHOR_EMAIL: 'tea@kettle.test',
  GIT_COMMITTER_NAME: 'Tea',
  GIT_COMMITTER_EMAIL: 'tea@kettle.test',
};

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: bench().folder, env: { ...process.env, ...WHO }, encoding: 'utf8' });
}

const update = (...args: string[]): Promise<CommandOutcome> =>
  bench().run(['update', '--refresh', '-w', ...args], { ...WHO, PATH: process.env.PATH ?? '' });

const hasGit = spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasGit)('update --commit', () => {
  beforeEach(async () => {
    await serveOldDays(bench());
    await bench().run(['init']);
    await bench().run(['add', 'made-up-kettle[warm]', 'made-up-tray']);
    await serveNewDays(bench());
  }, 60_000);

  function beginHistory(): void {
    git('init', '--quiet');
    git('add', '--', '.');
    git('commit', '--quiet', '--message=begin');
  }

  it('each makes a commit a package, after one of what they share, of files of the repository alone', async () => {
    await writeFile(path.join(bench().folder, '.gitignore'), '.home\n.pypi2nix/lock*\n.pypi2nix/tmp*\n');
    beginHistory();
    await writeFile(path.join(bench().folder, 'mine.txt'), 'staged\n');
    git('add', '--', 'mine.txt');
    const { code, stderr } = await update('--commit', 'each');
    expect(code, stderr).toBe(0);
    const log = git('log', '--reverse', '--name-only', '--format=* %s', 'HEAD~4..HEAD');
    expect(log.split('\n').filter((line) => line !== '')).toEqual([
      '* pylock.toml: update 3 packages',
      '.pypi2nix/generated.json',
      'default.nix',
      'overlay.nix',
      'pkgs/made-up-spout/default.nix',
      'pylock.toml',
      '* python3Packages.made-up-kettle: 1.0 -> 1.1',
      'pkgs/made-up-kettle/default.nix',
      '* python3Packages.made-up-lid: 1.0 -> 2.0',
      'pkgs/made-up-lid/default.nix',
      '* python3Packages.made-up-tray: 1.0 -> 1.2',
      'pkgs/made-up-tray/default.nix',
    ]);
    expect(git('status', '--porcelain')).toBe('A  mine.txt\n');
  });

  it('all makes one commit, and names every package in it', async () => {
    beginHistory();
    await update('--commit', 'all');
    expect(git('log', '-1', '--format=%B').trim()).toBe(
      [
        'update 3 packages',
        '',
        'python3Packages.made-up-kettle: 1.0 -> 1.1',
        'python3Packages.made-up-lid: 1.0 -> 2.0',
        'python3Packages.made-up-tray: 1.0 -> 1.2',
      ].join('\n'),
    );
  });

  it('writes nothing where files have changes that are not committed', async () => {
    beginHistory();
    const file = path.join(bench().folder, 'pkgs/made-up-tray/default.nix');
    const mine = `# mine\n${await readFile(file, 'utf8')}`;
    await writeFile(file, mine);
    const { code, stderr } = await update('--commit', 'each');
    expect(code).toBe(1);
    expect(stderr).toContain('[E_GIT_CHANGES]');
    expect(stderr).toContain('pkgs/made-up-tray/default.nix');
    expect(await readFile(file, 'utf8')).toBe(mine);
    expect(git('log', '--format=%s')).toBe('begin\n');
  });

  it('needs a git repository', async () => {
    expect(await update('--commit', 'all')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[E_NO_GIT_REPOSITORY]'),
    });
  });

  it('tells what git says against a commit', async () => {
    beginHistory();
    await writeFile(path.join(bench().folder, '.git/hooks/pre-commit'), '#!/bin/sh\necho no tea today >&2\nexit 1\n', {
      mode: 0o755,
    });
    const { code, stderr } = await update('--commit', 'all');
    expect({ code, isTold: stderr.includes('no tea today [E_GIT_FAILED]') }).toEqual({ code: 1, isTold: true });
  });
});

describe('commitsOf', () => {
  const moved = (name: string): PackageUpdate => ({
    ...{ name, attribute: name, current: '0.7.4', next: '1.0.0', newest: '1.0.0', uploaded: null },
    ...{ heldBack: [], changes: null, fixes: [], brings: [] },
  });
  const change = (file: string) => ({ path: file, text: '', before: null, beforeText: null });

  it('calls the commit of a single package as nixpkgs does', () => {
    const changes = [change('pkgs/toolz/default.nix'), change('pylock.toml')];
    expect(commitsOf(changes, { moved: [moved('toolz')], how: 'each' })).toEqual([
      { message: 'python3Packages.toolz: 0.7.4 -> 1.0.0\n', paths: ['pkgs/toolz/default.nix', 'pylock.toml'] },
    ]);
  });
});
