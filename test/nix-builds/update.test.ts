import { expect, it } from 'vitest';
import { treeAt } from '../cli/support/repository-bench.ts';
import { useCommandBench } from '../cli/support/run-command.ts';
import { makeSdist } from '../support/archives.ts';
import { describeWithNix, STAND_IN } from '../support/nix.ts';
import { publish, useGeneratedBuilds } from './support/generated.ts';
import { builtBySetuptools } from './support/made-up-setuptools.ts';

describeWithNix('update --check', () => {
  const bench = useCommandBench();
  const builds = useGeneratedBuilds();

  /** The variables that lead to the store of the tests. */
  async function nixVariables(): Promise<Record<string, string>> {
    const { stdout } = await builds.store.run('env', ['-0']);
    const variables = stdout
      .split('\0')
      .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]);
    return Object.fromEntries(variables.filter(([name = '']) => name === 'PATH' || name.startsWith('NIX_')));
  }

  const leaf = (version: string, files: Readonly<Record<string, string>> = {}) => sdist('leaf', version, [], files);

  function sdist(
    name: string,
    version: string,
    requires: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ) {
    const head = ['Metadata-Version: 2.2', `Name: ${name}`, `Version: ${version}`, 'License-Expression: MIT'];
    return makeSdist(name, version, {
      'PKG-INFO': [...head, ...requires.map((each) => `Requires-Dist: ${each}`), ''].join('\n'),
      'pyproject.toml': builtBySetuptools(),
      [`${name}/__init__.py`]: '',
      ...files,
    });
  }

  it('leaves at its version what the store cannot build any more, and writes the rest', async () => {
    const { index } = bench();
    await publish(bench(), []);
    index.project('leaf', [await leaf('1.0')]);
    index.project('twig', [await sdist('twig', '1.0', ['leaf'])]);
    await builds.generate(bench(), ['twig', '-o', 'first']);
    const host = await builds.store.evaluate('[ (import <nixpkgs> { }).python3.pythonVersion builtins.currentSystem ]');
    const [python = '', platform = ''] = Array.isArray(host) ? host.map(String) : [];
    const done = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await bench().run(args, await nixVariables());
      expect(code, stderr + stdout).toBe(0);
      return stdout;
    };
    await done('init', 'mine', '--deps', 'all', '--bootstrap', '--python', python, '--platform', platform);
    await done('add', 'twig', '--repository', 'mine');

    index.project('leaf', [
      await leaf('1.0'),
      await leaf('2.0', { 'setup.py': 'raise SystemExit("the leaf is dry")\n' }),
    ]);
    index.project('twig', [await sdist('twig', '1.0', ['leaf']), await sdist('twig', '1.1', ['leaf'])]);
    await builds.generate(bench(), ['twig', '-o', 'second', '--refresh']);
    const table = await done('update', '-w', '--check', '--nixpkgs', STAND_IN, '--refresh', '--repository', 'mine');
    expect(table).toMatch(/^leaf +1\.0 +1\.0 +2\.0\n {2}not 2\.0: 2\.0 does not build: ./mu);
    expect(table).toMatch(/^twig +1\.0 +1\.1/mu);
    const files = await treeAt(`${bench().folder}/mine`);
    expect(files.get('pkgs/leaf/default.nix')).toContain('version = "1.0"');
    expect(files.get('pkgs/twig/default.nix')).toContain('version = "1.1"');
  }, 180_000);
});
