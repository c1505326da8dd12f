import { execFileSync } from 'node:child_process';
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

  it.each([
    [
      'each',
      ['pylock.toml: update 2 packages', 'python3Packages.bark: 1.0 -> 1.1', 'python3Packages.twig: 1.0 -> 1.1'],
    ],
    ['all', ['update 2 packages']],
  ])(
    '--commit %s has in its commits what was built, and not what others do not build with',
    async (how, subjects) => {
      const { index, folder } = bench();
      const needsSap = {
        'pyproject.toml': builtBySetuptools(['setuptools', 'sap']),
        'setup.py': 'import sap\nsap.flow()\n',
      };
      const sap = (version: string, text: string) => sdist('sap', version, [], { 'sap/__init__.py': text });
      const flowing = await sap('1.0', 'def flow():\n    pass\n');
      await publish(bench(), []);
      index.project('sap', [flowing]);
      index.project('root', [await sdist('root', '1.0', [], needsSap)]);
      for (const name of ['bark', 'twig']) index.project(name, [await sdist(name, '1.0', [])]);
      await builds.generate(bench(), ['root', 'bark', 'twig', '-o', 'first']);
      const host = await builds.store.evaluate(
        '[ (import <nixpkgs> { }).python3.pythonVersion builtins.currentSystem ]',
      );
      const [python = '', platform = ''] = Array.isArray(host) ? host.map(String) : [];
      const who = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
        [`GIT_${role}_NAME`, 'Tea'],
        [`GIT_${role}_EMAIL`, 'tea@kettle.test'],
      ]);
      const variables = {
        ...(await nixVariables()),
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        ...Object.fromEntries(who),
      };
      const done = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await bench().run(args, variables);
        expect(code, stderr + stdout).toBe(0);
        return stdout;
      };
      const git = (...args: string[]): string =>
        execFileSync('git', args, { cwd: `${folder}/mine`, env: { ...process.env, ...variables }, encoding: 'utf8' });
      await done('init', 'mine', '--deps', 'all', '--bootstrap', '--python', python, '--platform', platform);
      await done('add', 'root', 'bark', 'twig', '--repository', 'mine');
      git('init', '--quiet');
      git('add', '--', '.');
      git('commit', '--quiet', '--message=begin');

      index.project('sap', [flowing, await sap('2.0', '')]);
      for (const name of ['bark', 'twig'])
        index.project(name, [await sdist(name, '1.0', []), await sdist(name, '1.1', [])]);
      await builds.generate(bench(), ['root', 'bark', 'twig', '-o', 'second', '--refresh']);
      const options = ['--check', '--nixpkgs', STAND_IN, '--refresh', '--commit', how];
      const table = await done('update', '-w', ...options, '--repository', 'mine');
      expect(table).toMatch(/^sap +1\.0 +1\.0 +2\.0\n {2}not 2\.0: root does not build with 2\.0: .*flow/mu);
      expect(git('log', '--reverse', '--format=%s').trim().split('\n')).toEqual(['begin', ...subjects]);
      expect(git('log', '--format=%b')).not.toContain('sap');
      expect(git('status', '--porcelain')).toBe('');
    },
    240_000,
  );
});
