import { beforeEach, describe, expect, it } from 'vitest';
import { describeWithNixpkgs } from '../nix/support/real-nixpkgs.ts';
import { messagesOf } from './support/made-projects.ts';
import { serveStory } from './support/repository-bench.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();
beforeEach(() => serveStory(bench()));

const search = (...args: string[]): Promise<CommandOutcome> => bench().run(['search', ...args]);

describe('search in the shipped lists', () => {
  it('numbers what has all words in its name, for each interpreter that is named', async () => {
    const { stdout } = await search('NumPy', 'doc', '--release', '16.03', '--python', '2.7,3.5');
    expect(stdout).toBe(
      '1 python2.7-numpydoc-0.5 (nixpkgs.python27Packages.numpydoc)\n2 python3.5-numpydoc-0.5 (nixpkgs.python35Packages.numpydoc)\n',
    );
  });

  it('says once what the list does not tell', async () => {
    const { stdout, stderr } = await search('cytoolz');
    expect(stdout).toBe('1 python3.13-cytoolz (nixpkgs.python313Packages.cytoolz)\n');
    expect(stderr).toBe(
      'note: the builtin list has no versions or descriptions, and does not tell interpreters apart; --nixpkgs names one that Nix reads\n',
    );
  });

  it('finds an attribute by the name of its project, and the other way round', async () => {
    for (const text of ['python_dateutil', 'dateutil'])
      expect((await search(text, '--release', '16.03')).stdout).toContain('(nixpkgs.python35Packages.dateutil)');
  });

  it('ends with 1 when there is nothing', async () => {
    expect(await search('made-up-nothing')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('--pick', () => {
  it('prints the line that makes an environment of what is picked, one for each interpreter', async () => {
    const { stdout } = await search('numpy', '--release', '16.03', '--python', '2.7,3.5', '--pick', '1,2,4');
    expect(stdout).toBe(
      'pypi2nix env --with numpy,numpydoc --python 2.7 --release 16.03\npypi2nix env --with numpydoc --python 3.5 --release 16.03\n',
    );
  });

  it('refuses numbers that the list does not have', async () => {
    expect(messagesOf(await search('cytoolz', '--pick', '2'))[0]).toBe(
      'error: --pick 2: the list has 1 entry [E_USAGE]',
    );
    expect((await search('cytoolz', '--pick', '0')).code).toBe(2);
  });
});

describe('search in a repository', () => {
  beforeEach(async () => {
    expect((await bench().run(['init', '--release', '24.05', '--python', '3.12'])).code).toBe(0);
    expect((await bench().run(['add', 'made-up-kettle'])).code).toBe(0);
  }, 60_000);

  it('shows its packages first, with their versions', async () => {
    const { stdout } = await search('made-up');
    expect(stdout.split('\n')).toEqual([
      '1 python3.12-made-up-kettle-1.1 (repository.python312.made-up-kettle)',
      '2 python3.12-made-up-saucer-2.0 (repository.python312.made-up-saucer)',
      '',
    ]);
  });

  it('picks lines that work there', async () => {
    const { stdout } = await search('made-up', '--pick', '2');
    expect(stdout).toBe('pypi2nix env made-up-saucer\n');
    const words = stdout.trim().split(' ').slice(1);
    expect((await bench().run(words)).stdout).toContain(
      'pkgs.python312.override { packageOverrides = import ./overlay.nix; }',
    );
    expect((await search('cytoolz', '--pick', '1')).stdout).toBe(
      'pypi2nix env --with cytoolz --no-repository --python 3.12 --release 24.05\n',
    );
  });
});

describeWithNixpkgs('NIXPKGS_16_03', (checkout) => {
  it('is searched with versions and descriptions, for each interpreter that has a package', async () => {
    const { stdout } = await bench().run(['-q', 'search', 'toolz', '--nixpkgs', checkout, '--python', '2.7,3.5'], {
      PATH: process.env.PATH ?? '',
    });
    expect(stdout.split('\n').slice(2, 4)).toEqual([
      '2 python2.7-toolz-0.7.4 (nixpkgs.python27Packages.toolz)',
      '\tList processing tools and functional utilities',
    ]);
    expect(stdout).toContain('4 python3.5-toolz-0.7.4 (nixpkgs.python35Packages.toolz)\n');
  }, 180_000);
});
