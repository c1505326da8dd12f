import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { useCommandBench } from '../cli/support/run-command.ts';
import { makeSdist } from '../support/archives.ts';
import { describeWithNix } from '../support/nix.ts';
import { publish, useGeneratedBuilds } from './support/generated.ts';
import { builtBySetuptools } from './support/made-up-setuptools.ts';

describeWithNix('the shell of a repository', () => {
  const bench = useCommandBench();
  const builds = useGeneratedBuilds();

  it.each([
    ['24.05', 'tray'],
    ['25.05', 'tray'],
    ['25.05', 'src/tray'],
  ])(
    'for nixpkgs %s imports a project that is worked on from its source tree %s, each edit at once',
    async (release, module) => {
      const { folder, index } = bench();
      await publish(bench(), []);
      const head = ['Metadata-Version: 2.2', 'Name: leaf', 'Version: 1.0', 'License-Expression: MIT', ''];
      const leaf = {
        'PKG-INFO': head.join('\n'),
        'pyproject.toml': builtBySetuptools(),
        'leaf.py': 'COLOUR = "green"\n',
      };
      index.project('leaf', [await makeSdist('leaf', '1.0', leaf)]);
      await builds.generate(bench(), ['leaf', '-o', 'first']);
      const host = await builds.store.evaluate(
        '[ (import <nixpkgs> { }).python3.pythonVersion builtins.currentSystem ]',
      );
      const [python = '', platform = ''] = Array.isArray(host) ? host.map(String) : [];
      const project = path.join(folder, 'mine', 'project');
      const source = path.join(project, module, '__init__.py');
      const table = '[project]\nname = "tray"\nversion = "0.1"\ndependencies = ["leaf"]\n';
      const done = async (...args: string[]): Promise<void> => {
        const { code, stderr } = await bench().run(args);
        expect(code, stderr).toBe(0);
      };
      const target = ['--release', release, '--python', python, '--platform', platform];
      await done('init', 'mine', '--deps', 'all', '--bootstrap', ...target);
      await mkdir(path.dirname(source), { recursive: true });
      await writeFile(path.join(project, 'pyproject.toml'), `${table}${builtBySetuptools()}`);
      await writeFile(source, 'import leaf\nSAID = f"a {leaf.COLOUR} tray"\n');
      await done('add', '--develop', './mine/project', '--repository', 'mine');

      const said = async (): Promise<string> => {
        const command = 'python3 -c "import tray; print(tray.SAID, tray.__file__)"';
        const options = { cwd: path.join(folder, 'mine') };
        const { ok, stdout, stderr } = await builds.store.run('nix-shell', ['--run', command], options);
        expect(ok, stderr).toBe(true);
        return stdout.trim();
      };
      expect(await said()).toBe(`a green tray ${source}`);
      await writeFile(source, (await readFile(source, 'utf8')).replace('tray"', 'pot"'));
      expect(await said()).toBe(`a green pot ${source}`);
    },
    180_000,
  );
});
