import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { publish } from '../nix-builds/support/generated.ts';
import { describeWithNix, type NixStore, openNixStore, STAND_IN } from '../support/nix.ts';
import { useCommandBench } from './support/run-command.ts';

/** A backend of its own, so that nothing has to be there for its build. */
const OWN_BACKEND = `import os, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(os.path.join(wheel_directory, "leaf-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.write("leaf.py")
        info = "leaf-1.0.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: leaf\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "leaf-1.0-py3-none-any.whl"
`;

const LEAF = {
  name: 'leaf',
  files: {
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["own"]\n',
    'own/own.py': OWN_BACKEND,
    'leaf.py': 'COLOUR = "green"\n',
  },
};
const BRANCH = {
  name: 'the-branch',
  metadata: ['Requires-Dist: leaf'],
  files: { 'the_branch/__init__.py': 'import leaf\n\nCOLOUR = leaf.COLOUR\n' },
};

const TWIG = {
  name: 'the-twig',
  metadata: ['Provides-Extra: leafy', 'Requires-Dist: leaf; extra == "leafy"'],
  files: { 'the_twig/__init__.py': '' },
};

/** What a user types to have Python say something, by form. FILE is the file, the stand-in is `<nixpkgs>`. */
const USES: Readonly<Record<string, string>> = {
  shell: 'nix-shell --run "python3 script.py"',
  inline: 'nix-shell --pure --run "python3 script.py"',
  'with-packages':
    'nix-build FILE && ./result/bin/python3 script.py && nix-shell FILE -A env --run "python3 script.py"',
  'build-env': 'nix-build FILE && ./result/bin/python3 script.py && nix-shell FILE -A env --run "python3 script.py"',
  profile: 'nix-env -p ./profile -i -f FILE && ./profile/bin/python3 script.py',
  nixos:
    "nix-build -E '(import ./FILE { pkgs = import <nixpkgs> { }; }).environment.systemPackages' && ./result/bin/python3 script.py",
  'config-nix':
    "nix-build -E '((import ./FILE).packageOverrides (import <nixpkgs> { })).pythonEnv' && ./result/bin/python3 script.py",
};

describeWithNix('an environment that is built', () => {
  const bench = useCommandBench();
  let store: NixStore;
  // The stand-in has no Python packages: all that these need is in the file.
  const everything = ['leaf', 'the-branch', '--deps', 'all', '--bootstrap'];
  const extra = ['the-twig[leafy]', '--deps', 'all', '--bootstrap'];
  beforeAll(async () => {
    store = await openNixStore();
  });
  afterAll(() => store.remove());
  beforeEach(async () => {
    await publish(bench(), [LEAF, BRANCH, TWIG]);
    const archives = path.join(bench().folder, 'archives');
    for (const some of [everything, extra])
      expect((await bench().run(['generate', ...some, '--archives', archives])).code).toBe(0);
    for (const file of await readdir(archives)) await store.addFixed(path.join(archives, file));
    await put('script.py', 'import leaf, the_branch\nprint(the_branch.COLOUR)\n');
  });

  const put = (file: string, text: string): Promise<void> => writeFile(path.join(bench().folder, file), text);

  async function written(form: string, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await bench().run(['env', '--form', form, ...args]);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  /** What a line of shell puts out last. */
  async function said(line: string): Promise<string> {
    const result = await store.run('bash', ['-ec', line], { cwd: bench().folder });
    expect(result.ok, result.stderr).toBe(true);
    return result.stdout.trim().split('\n').at(-1) ?? '';
  }

  it.each(Object.entries(USES))(
    'in the form %s imports its packages',
    async (form, line) => {
      const file = form === 'shell' || form === 'inline' ? 'shell.nix' : 'environment.nix';
      await put(file, await written(form, ...everything));
      expect(await said(line.replaceAll('FILE', file))).toBe('green');
    },
    120_000,
  );

  it.each(['shell', 'inline', 'build-env'])(
    'in the form %s has the extras that are asked for',
    async (form) => {
      await put('environment.nix', await written(form, ...extra));
      const attribute = form === 'build-env' ? '-A env' : '';
      await put('use.py', 'import the_twig, leaf\nprint(leaf.COLOUR)\n');
      expect(await said(`nix-shell environment.nix ${attribute} --run "python3 use.py"`)).toBe('green');
    },
    120_000,
  );

  it('in the form single is the package', async () => {
    await put('package.nix', await written('single', 'leaf'));
    expect(await said('cat $(nix-build package.nix)/lib/python3*/site-packages/leaf.py')).toBe('COLOUR = "green"');
  }, 120_000);

  it('in the form extra-dependencies has the packages in the store', async () => {
    await put('environment.nix', await written('extra-dependencies', ...everything));
    const packages = '(import ./environment.nix { pkgs = import <nixpkgs> { }; }).system.extraDependencies';
    expect(await said(`nix-build --no-out-link -E '${packages}' | sed 's/.*-python3[^-]*-//' | sort | xargs`)).toBe(
      'leaf-1.0 the-branch-1.0',
    );
  }, 120_000);

  it('runs a script by its first lines, from any folder', async () => {
    await put('shell.nix', await written('shell', ...everything));
    await put('run.py', `${await written('shebang', ...everything)}import the_branch\nprint(the_branch.COLOUR)\n`);
    await chmod(path.join(bench().folder, 'run.py'), 0o755);
    await mkdir(path.join(bench().folder, 'sub'));
    expect(await said('cd sub && ../run.py')).toBe('green');
    expect(await said('nix-shell run.py')).toBe('green');
  }, 120_000);

  it('of packages of nixpkgs alone runs a script by its first lines', async () => {
    await put('package.nix', await written('single', 'leaf'));
    await put(
      'nixpkgs.nix',
      `args: import ${STAND_IN} ({ overlays = [ (final: prev: {
        pythonPackagesExtensions = [ (set: old: { toolz = import ./package.nix { pkgs = final; }; }) ];
      }) ]; } // args)`,
    );
    const { stdout } = await bench().run(['env', '--form', 'shebang', '--with', 'toolz', '--pure']);
    await put('run.py', `${stdout}import leaf\nprint(leaf.COLOUR)\n`);
    expect(await said('NIX_PATH=nixpkgs=$PWD/nixpkgs.nix nix-shell run.py')).toBe('green');
  }, 120_000);

  it('of packages of an old nixpkgs alone runs a script by its first lines, although the nixpkgs takes no arguments of newer versions of Nix', async () => {
    await put('package.nix', await written('single', 'leaf'));
    await put(
      'nixpkgs.nix',
      `{ config ? { } }: import ${STAND_IN} { overlays = [ (final: prev: {
        python35Packages = prev.python35Packages // { toolz = import ./package.nix { pkgs = final; }; };
      }) ]; }`,
    );
    const { stdout } = await bench().run(['env', '--form', 'shebang', '--with', 'toolz', '--release', '16.03']);
    await put('run.py', `${stdout}import os\nprint("leaf" in os.environ["buildInputs"])\n`);
    expect(await said('NIX_PATH=nixpkgs=$PWD/nixpkgs.nix nix-shell run.py')).toBe('True');
  }, 120_000);

  it('in the form flake is built and opened by the commands that it names', async () => {
    await mkdir(path.join(bench().folder, 'made-up'));
    await mkdir(path.join(bench().folder, 'set'));
    await put('made-up/flake.nix', await written('flake', ...everything));
    await put('set/flake.nix', '{ outputs = _: { }; }');
    await put('set/default.nix', `import ${STAND_IN}`);
    const nix = (words: string): string =>
      `nix --extra-experimental-features 'nix-command flakes' ${words} --impure --no-write-lock-file --override-input nixpkgs path:$PWD/set path:$PWD/made-up`;
    expect(await said(`${nix('build -o result')} && ./result/bin/python3 script.py`)).toBe('green');
    expect(await said(`${nix('develop')} --command python3 script.py`)).toBe('green');
  }, 120_000);

  describe('of a repository', () => {
    const home = (): string => path.join(bench().folder, 'mine');

    beforeEach(async () => {
      for (const args of [
        ['init', 'mine', '--deps', 'all', '--bootstrap'],
        ['add', 'the-branch', '--repository', 'mine'],
      ]) {
        const { code, stderr } = await bench().run(args);
        expect(code, stderr).toBe(0);
      }
      await put('mine/script.py', 'import leaf, the_branch\nprint(the_branch.COLOUR)\n');
    });

    it.each(Object.entries(USES))(
      'in the form %s imports its packages',
      async (form, line) => {
        await put('mine/environment.nix', await written(form, '--repository', 'mine', 'the-branch'));
        const typed = line
          .replaceAll('FILE', 'environment.nix')
          .replace(/^nix-shell (--pure )?--run/u, 'nix-shell $1environment.nix --run');
        expect(await said(`cd ${home()} && ${typed}`)).toBe('green');
      },
      120_000,
    );

    it('has the extras that it is asked for', async () => {
      expect((await bench().run(['add', 'the-twig[leafy]', '--repository', 'mine'])).code).toBe(0);
      expect((await bench().run(['remove', 'the-branch', '--repository', 'mine'])).code).toBe(0);
      const built = `cd ${home()} && nix-build -A pythonEnv && ./result/bin/python3`;
      expect(await said(`${built} -c 'import the_twig, leaf; print(leaf.COLOUR)'`)).toBe('green');
    }, 120_000);

    it('runs a script by its first lines, from any folder', async () => {
      await put(
        'mine/run.py',
        `${await written('shebang', '--repository', 'mine')}import the_branch\nprint(the_branch.COLOUR)\n`,
      );
      expect(await said(`cd / && nix-shell ${home()}/run.py`)).toBe('green');
    }, 120_000);

    it('is opened by shell.nix, and built by default.nix, release.nix and flake.nix', async () => {
      await mkdir(path.join(bench().folder, 'set'));
      await put('set/flake.nix', '{ outputs = _: { }; }');
      await put('set/default.nix', `import ${STAND_IN}`);
      const nix = (words: string): string =>
        `nix --extra-experimental-features 'nix-command flakes' ${words} --impure --no-write-lock-file --override-input nixpkgs path:$PWD/set`;
      expect(await said(`cd ${home()} && nix-shell --run "python3 script.py"`)).toBe('green');
      for (const built of ['-A pythonEnv', 'release.nix -A "$(uname -m)-linux.pythonEnv"'])
        expect(await said(`cd ${home()} && nix-build ${built} && ./result/bin/python3 script.py`)).toBe('green');
      expect(
        await said(`${nix('build -o built path:$PWD/mine#pythonEnv')} && ./built/bin/python3 mine/script.py`),
      ).toBe('green');
      expect(await said(`${nix('develop path:$PWD/mine')} --command python3 mine/script.py`)).toBe('green');
    }, 120_000);
  });
});
