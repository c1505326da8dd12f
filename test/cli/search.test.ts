import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeWithNixpkgs } from '../nix/support/real-nixpkgs.ts';
import { writeMadeUpNixpkgs } from '../nixpkgs-room/support/made-up-nixpkgs.ts';
import { describeWithNix, openNixStore } from '../support/nix.ts';
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

describeWithNix('search in a nixpkgs that Nix reads', () => {
  const PATH = process.env.PATH ?? '';
  const searchThere = (...args: string[]): Promise<CommandOutcome> =>
    bench().run(['-q', 'search', '--nixpkgs', 'set', ...args], { PATH });

  beforeEach(() =>
    writeMadeUpNixpkgs(path.join(bench().folder, 'set'), {
      packages: `
        toolz = package { pname = "toolz"; version = "1.0"; meta.description = "Tools for\\nfunctions"; };
        numpy = only [ "3.12" "3.13" ] (package { pname = "numpy"; version = "2.0"; meta.description = "Arrays and FUNCTIONS of them"; });
        six = package { pname = "six"; version = "1.17"; };
        rich = package { pname = "rich"; version = "13.0"; meta.description = throw "no text"; };
        odd = package { pname = "odd"; version = "1.0"; meta.description = abort "never"; };
      `,
      systems: 'python312Packages = python312.pkgs; python313Packages = python313.pkgs; pypyPackages = pypy.pkgs;',
    }),
  );

  it('finds packages by what they say of themselves, for each interpreter that has them', async () => {
    const { stdout } = await searchThere('functions');
    expect(stdout).toBe(`1 python3.12-numpy-2.0 (nixpkgs.python312Packages.numpy)
\tArrays and FUNCTIONS of them
2 python3.12-toolz-1.0 (nixpkgs.python312Packages.toolz)
\tTools for functions
3 python3.13-numpy-2.0 (nixpkgs.python313Packages.numpy)
\tArrays and FUNCTIONS of them
4 python3.13-toolz-1.0 (nixpkgs.python313Packages.toolz)
\tTools for functions
`);
  }, 60_000);

  it('takes words from name and description together', async () => {
    const { stdout } = await searchThere('functions', 'num', '--python', '3.13');
    expect(stdout.split('\n')[0]).toBe('1 python3.13-numpy-2.0 (nixpkgs.python313Packages.numpy)');
  }, 60_000);

  it('shows a package that cannot be described without a description', async () => {
    const { stdout } = await searchThere('rich', '--python', '3.13');
    expect(stdout).toBe('1 python3.13-rich-13.0 (nixpkgs.python313Packages.rich)\n');
    expect((await searchThere('odd', '--python', '3.13')).stdout).toBe(
      '1 python3.13-odd-1.0 (nixpkgs.python313Packages.odd)\n',
    );
  }, 60_000);

  it('reads descriptions once, and picks from the same list', async () => {
    await searchThere('functions', '--python', '3.13');
    await writeFile(path.join(bench().folder, 'no-nix'), '');
    const { stdout } = await bench().run(
      ['-q', 'search', '--nixpkgs', 'set', '--python', '3.13', 'arrays', '--pick', '1'],
      { PATH: path.join(bench().folder, 'no-nix') },
    );
    expect(stdout).toBe('pypi2nix env --with numpy --python 3.13 --release 25.11 --nixpkgs set\n');
  }, 60_000);
});

describeWithNixpkgs('NIXPKGS_16_03', (checkout) => {
  it('is searched by description, and its packages of PyPy make an environment', async () => {
    const environment = { PATH: process.env.PATH ?? '' };
    const line = ['-q', 'search', 'docstrings', 'sphinx', 'numpy', '--nixpkgs', checkout];
    const listed = (await bench().run(line, environment)).stdout.split('\n');
    expect(listed.slice(0, 2)).toEqual([
      '1 pypy2.7-numpydoc-0.5 (nixpkgs.pypyPackages.numpydoc)',
      '\tSphinx extension to support docstrings in Numpy format',
    ]);
    const { stdout } = await bench().run([...line, '--pick', '1,2'], environment);
    expect(stdout.split('\n')).toEqual([
      `pypi2nix env --with numpydoc --interpreter pypy --release 16.03 --nixpkgs ${checkout}`,
      `pypi2nix env --with numpydoc --python 2.7 --release 16.03 --nixpkgs ${checkout}`,
      '',
    ]);
    const words = stdout.split('\n')[0]?.split(' ').slice(1) ?? [];
    await writeFile(path.join(bench().folder, 'shell.nix'), (await bench().run(words, environment)).stdout);
    const store = await openNixStore();
    try {
      const shell = `(import ${bench().folder}/shell.nix { pkgs = import ${checkout} { }; }).name`;
      expect(await store.evaluate(shell)).toBe('interactive-pypy-4.0.1-environment');
    } finally {
      await store.remove();
    }
  }, 240_000);

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
