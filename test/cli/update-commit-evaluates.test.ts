import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithNix, type NixStore, openNixStore } from '../support/nix.ts';
import { type MadeRelease, serveProjects } from './support/made-projects.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

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

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: bench().folder, env: { ...process.env, ...WHO }, encoding: 'utf8' });

const run = (...args: string[]): Promise<CommandOutcome> => bench().run(args, { ...WHO, PATH: process.env.PATH ?? '' });

async function done(...args: string[]): Promise<void> {
  const { code, stderr } = await run(...args);
  expect(code, stderr).toBe(0);
}

type Versions = Readonly<Record<string, MadeRelease>>;

/** Serves projects with the releases of some versions each. */
async function serve(projects: Readonly<Record<string, Versions>>, isNew: boolean): Promise<void> {
  const served = Object.entries(projects).flatMap(([name, versions]) => {
    const kept = Object.entries(versions).filter(([version]) => isNew || version.startsWith('1.'));
    return kept.length === 0 ? [] : [[name, { versions: Object.fromEntries(kept) }] as const];
  });
  await serveProjects(bench(), Object.fromEntries(served));
}

const needs = (...requires: string[]): MadeRelease => ({ requires });

/** Projects by name, with their releases: those of 1.* are there when the repository begins. The first is asked for. */
const STORIES: Readonly<Record<string, Readonly<Record<string, Versions>>>> = {
  'a package comes and another goes': {
    'made-up-top': { '1.0': needs('made-up-gone', 'made-up-mid'), '2.0': needs('made-up-come', 'made-up-mid>=2') },
    'made-up-mid': { '1.0': needs(), '2.0': needs('made-up-come') },
    'made-up-gone': { '1.0': needs() },
    'made-up-come': { '2.0': needs() },
  },
  'packages turn round who needs whom': {
    'made-up-top': {
      '1.0': needs('made-up-left', 'made-up-right'),
      '2.0': needs('made-up-left>=2', 'made-up-right>=2'),
    },
    'made-up-left': { '1.0': needs('made-up-right'), '2.0': needs() },
    'made-up-right': { '1.0': needs(), '2.0': needs('made-up-left>=2') },
  },
  'packages turn round through one that stays': {
    'made-up-top': { '1.0': needs('made-up-left', 'made-up-stay'), '2.0': needs('made-up-right>=2', 'made-up-stay') },
    'made-up-stay': { '1.0': needs('made-up-left') },
    'made-up-left': { '1.0': needs('made-up-right'), '2.0': needs() },
    'made-up-right': { '1.0': needs(), '2.0': needs('made-up-stay') },
  },
  'a new package replaces one of the set': {
    'made-up-top': { '1.0': needs('six', 'made-up-mid'), '2.0': needs('six>=99', 'made-up-mid') },
    'made-up-mid': { '1.0': needs('six'), '2.0': needs('six', 'made-up-new') },
    'made-up-low': { '1.0': needs('made-up-mid', 'six') },
    'made-up-new': { '2.0': needs('made-up-last') },
    'made-up-last': { '2.0': needs('six') },
    six: { '1.16.0': needs(), '99.0': needs() },
  },
  'a new package in place of one of the set needs what leads to it': {
    'made-up-top': { '1.0': needs('colorama', 'made-up-mid'), '2.0': needs('colorama>=99', 'made-up-mid') },
    'made-up-mid': { '1.0': needs('colorama'), '2.0': needs() },
    colorama: { '1.0': needs(), '99.0': needs('made-up-mid') },
  },
  'a package gives way to that of the set again': {
    'made-up-top': { '1.0': needs('six<1.1', 'made-up-mid'), '2.0': needs('six', 'made-up-mid') },
    'made-up-mid': { '1.0': needs('six<1.1'), '2.0': needs('six') },
    six: { '1.0': needs(), '1.17.0': needs() },
  },
  'an extra comes that another names': {
    'made-up-top': { '1.0': needs('made-up-mid'), '2.0': needs('made-up-mid[more]>=2') },
    'made-up-mid': { '1.0': needs(), '2.0': { extras: { more: ['made-up-extra'] } } },
    'made-up-extra': { '2.0': needs() },
  },
  'an extra goes that another named': {
    'made-up-top': { '1.0': needs('made-up-mid[more]'), '2.0': needs('made-up-mid>=2') },
    'made-up-mid': { '1.0': { extras: { more: ['made-up-extra'] } }, '2.0': needs() },
    'made-up-extra': { '1.0': needs() },
  },
  'an extra that is asked for comes': {
    'made-up-top': { '1.0': needs('made-up-mid[more]', 'made-up-mid'), '2.0': needs('made-up-mid') },
    'made-up-low': { '1.0': needs('made-up-mid[more]') },
    'made-up-mid': { '1.0': needs(), '2.0': { extras: { more: ['made-up-extra'] } } },
    'made-up-extra': { '1.0': needs(), '2.0': needs() },
  },
  'an extra goes that one names which stays': {
    'made-up-top': { '1.0': needs('made-up-mid'), '2.0': needs('made-up-mid') },
    'made-up-low': { '1.0': needs('made-up-mid[more]') },
    'made-up-mid': { '1.0': { extras: { more: ['made-up-extra'] } }, '2.0': needs() },
    'made-up-extra': { '1.0': needs(), '2.0': needs() },
  },
  'a build tool comes that needs what it builds': {
    'made-up-top': {
      '1.0': needs('made-up-mid'),
      '2.0': { requires: ['made-up-mid'], build: ['setuptools', 'made-up-tool'] },
    },
    'made-up-mid': { '1.0': needs(), '2.0': needs('made-up-low') },
    'made-up-low': { '1.0': needs('made-up-mid'), '2.0': needs() },
    'made-up-tool': { '2.0': needs('made-up-mid') },
  },
};

/** Each in the form of a release: of the later ones no versions are known, so that nothing of the set gives way. */
const CASES = Object.entries(STORIES).map(
  ([title, projects]) => [title, title.includes('of the set') ? '18.03' : '24.05', projects] as const,
);

describeWithNix('update --commit each', () => {
  let store: NixStore;
  beforeEach(async () => {
    store = await openNixStore();
  });
  afterEach(() => store.remove());

  it.each(CASES)(
    'evaluates after every commit where %s, in the form of %s',
    async (_, release, projects) => {
      await serve(projects, false);
      await done('init', '--release', release, ...(release === '18.03' ? ['--python', '3.6'] : []));
      const asked = Object.keys(projects).filter(
        (name) => /-(?:top|low)$/u.test(name) && '1.0' in (projects[name] ?? {}),
      );
      await done('add', ...asked);
      git('init', '--quiet');
      git('add', '--', '.');
      git('commit', '--quiet', '--message=begin');
      await serve(projects, true);
      await done('update', '-w', '--refresh', '--commit', 'each');
      const commits = git('log', '--reverse', '--format=%H').trim().split('\n');
      const faults: string[] = [];
      for (const commit of commits) {
        const tree = path.join(bench().folder, 'trees', commit);
        git('worktree', 'add', '--quiet', tree, commit);
        const result = await store.run(
          'nix-instantiate',
          [
            ...['--eval', '--strict', '--json', '-E'],
            `let
            repository = import ${tree} { };
            names = builtins.attrNames (builtins.readDir ${tree}/pkgs);
          in map (name: repository.\${name}.drvPath) names ++ [ repository.pythonEnv.drvPath (import ${tree}/shell.nix { }).drvPath ]`,
          ],
          { env: { STAND_IN_PLACEHOLDERS: 'colorama pip setuptools six wheel' } },
        );
        if (!result.ok) faults.push(`${git('log', '-1', '--format=%s', commit).trim()}: ${result.stderr}`);
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});
