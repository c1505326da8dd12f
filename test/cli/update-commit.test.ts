import { execFileSync, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { commitsOf } from '../../src/cli/update/planned-commits.ts';
import { formatGenerated } from '../../src/repository/generated-record.ts';
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

  it('each makes a commit a package, after those that it needs and one of what they share, of files of the repository alone', async () => {
    await writeFile(path.join(bench().folder, '.gitignore'), '.home\n.pypi2nix/lock*\n.pypi2nix/tmp*\n');
    beginHistory();
    await writeFile(path.join(bench().folder, 'mine.txt'), 'staged\n');
    git('add', '--', 'mine.txt');
    const { code, stderr } = await update('--commit', 'each');
    expect(code, stderr).toBe(0);
    const log = git('log', '--reverse', '--name-only', '--format=* %s', 'HEAD~4..HEAD');
    expect(log.split('\n').filter((line) => line !== '')).toEqual([
      '* pylock.toml: update 3 packages',
      'default.nix',
      'overlay.nix',
      'pkgs/made-up-spout/default.nix',
      'pylock.toml',
      '* python3Packages.made-up-lid: 1.0 -> 2.0',
      'pkgs/made-up-lid/default.nix',
      '* python3Packages.made-up-kettle: 1.0 -> 1.1',
      'pkgs/made-up-kettle/default.nix',
      '* python3Packages.made-up-tray: 1.0 -> 1.2',
      '.pypi2nix/generated.json',
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
  const change = (file: string, beforeText = '') => ({ path: file, text: '', before: null, beforeText });
  const needs = (table: Readonly<Record<string, readonly string[]>>) =>
    new Map(Object.entries(table).map(([name, needed]) => [name, new Set(needed)] as const));
  const record = (...names: readonly string[]): string =>
    formatGenerated({
      files: new Map(),
      packages: names.map((name) => ({ name, attribute: name, passed: [] })),
      generation: null,
    });
  const planned = (
    changes: ReturnType<typeof change>[],
    { names, ...rest }: { readonly names: readonly string[]; readonly needs: ReturnType<typeof needs> },
  ) =>
    commitsOf(changes, { moved: names.map(moved), how: 'each', ...rest }).map(({ message, paths }) => [
      message.split('\n')[0],
      ...paths,
    ]);

  it('calls the commit of a single package as nixpkgs does', () => {
    const changes = [change('pkgs/toolz/default.nix'), change('pylock.toml')];
    expect(commitsOf(changes, { moved: [moved('toolz')], needs: new Map(), how: 'each' })).toEqual([
      { message: 'python3Packages.toolz: 0.7.4 -> 1.0.0\n', paths: ['pkgs/toolz/default.nix', 'pylock.toml'] },
    ]);
  });

  const file = (name: string): string => `pkgs/${name}/default.nix`;
  const recorded = (before: string, after: string) => ({
    ...{ path: '.pypi2nix/generated.json', before: null, beforeText: before, text: after },
  });

  it('commits a package after those that it needs, also through one that stays', () => {
    const changes = [recorded(record(), record()), change(file('a')), change(file('b')), change('pylock.toml')];
    expect(planned(changes, { names: ['a', 'b'], needs: needs({ a: ['stays'], stays: ['b'], b: [] }) })).toEqual([
      ['pylock.toml: update 2 packages', 'pylock.toml'],
      ['python3Packages.b: 0.7.4 -> 1.0.0', file('b')],
      ['python3Packages.a: 0.7.4 -> 1.0.0', '.pypi2nix/generated.json', file('a')],
    ]);
  });

  it('commits packages that need each other together', () => {
    const changes = [change(file('a')), change(file('b')), change('pylock.toml')];
    expect(planned(changes, { names: ['a', 'b'], needs: needs({ a: ['b'], b: ['a'] }) })).toEqual([
      ['pylock.toml: update 2 packages', 'pylock.toml'],
      ['python3Packages.a: 0.7.4 -> 1.0.0, python3Packages.b: 0.7.4 -> 1.0.0', file('a'), file('b')],
    ]);
  });

  it('commits what named a package that goes together with its going, and what that needs', () => {
    const changes = [
      recorded(record('a', 'b', 'c', 'gone'), record('a', 'b', 'c')),
      ...[change(file('a'), '{ gone, b }: gone'), change(file('b'), '{ gone-by }: 1'), change(file('c'), '{ a }: a')],
      ...[change(file('gone')), change('overlay.nix')],
    ];
    expect(planned(changes, { names: ['a', 'b', 'c'], needs: needs({ a: ['b'], b: [], c: ['a'] }) })).toEqual([
      ['pylock.toml: update 3 packages', file('a'), file('b'), file('gone'), 'overlay.nix'],
      ['python3Packages.c: 0.7.4 -> 1.0.0', '.pypi2nix/generated.json', file('c')],
    ]);
  });

  it('commits a package that is called with other arguments together with its call', () => {
    const withLibrary = formatGenerated({
      ...{ files: new Map(), generation: null },
      packages: ['a', 'b'].map((name) => ({ name, attribute: name, passed: name === 'a' ? ['libxml2'] : [] })),
    });
    const changes = [recorded(record('a', 'b'), withLibrary), change(file('a')), change(file('b'))];
    expect(planned(changes, { names: ['a', 'b'], needs: needs({ a: [], b: [] }) })).toEqual([
      ['pylock.toml: update 2 packages', file('a')],
      ['python3Packages.b: 0.7.4 -> 1.0.0', '.pypi2nix/generated.json', file('b')],
    ]);
  });
});
