import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeWithNix, openNixStore, STAND_IN } from '../support/nix.ts';
import { messagesOf } from './support/made-projects.ts';
import { serveStory } from './support/repository-bench.ts';
import { type CommandOutcome, useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();
beforeEach(() => serveStory(bench()));

const env = (...args: string[]): Promise<CommandOutcome> => bench().run(['env', ...args]);

/** What a command prints that has to work, without its comments. */
async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await env(...args);
  expect(code, stderr).toBe(0);
  return stdout.replace(/^#.*\n/gmu, '');
}

/** A repository in the working directory. */
async function repository(release = '24.05'): Promise<void> {
  expect((await bench().run(['init', '--release', release])).code).toBe(0);
  expect((await bench().run(['add', 'made-up-kettle'])).code).toBe(0);
}

describe('an environment of requirements', () => {
  it('has the expressions of what is named and of what nixpkgs lacks', async () => {
    const text = await printed('made-up-kettle');
    expect(text).toContain('made-up-kettle = final.callPackage (');
    expect(text).toContain('made-up-saucer = final.callPackage (');
    expect(text).toContain('nativeBuildInputs = [ (python.withPackages (ps: [ ps.made-up-kettle ])) ];');
  });

  it('takes packages of --with from nixpkgs by the names of its set', async () => {
    expect(await printed('--with', 'python_dateutil,IPython', '--release', '16.03')).toContain(
      '    pkgs.python35Packages.dateutil\n    pkgs.python35Packages.ipython\n',
    );
  });

  it('takes a package of --with that is generated as it is generated', async () => {
    expect(await printed('made-up-kettle', '--with', 'made-up-saucer')).toContain(
      '(python.withPackages (ps: [\n      ps.made-up-kettle\n      ps.made-up-saucer\n    ]))',
    );
  });

  it.each([['--bootstrap'], ['--nixpkgs=none']])(
    'refuses a package of --with where %s takes none of nixpkgs, and does not say that nixpkgs lacks it',
    async (option) => {
      const { code, stderr } = await env('--with', 'numpy', option);
      expect(code).toBe(1);
      expect(stderr).toContain('of nixpkgs no package is taken, because of --bootstrap or --nixpkgs none');
    },
  );

  it('refuses a package of --with that nixpkgs does not have, and says what helps', async () => {
    expect(messagesOf(await env('--with', 'made-up-kettle'))).toEqual([
      'error: --with "made-up-kettle": the builtin list has no package of that name [E_NOT_IN_NIXPKGS]',
      'hint: name it without --with, so that it is generated: pypi2nix env made-up-kettle',
    ]);
  });

  it('asks for something', async () => {
    expect(await env()).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing is asked for') });
  });

  it('is for the interpreter that is named', async () => {
    expect(await printed('--with', 'numpy', '--python', '3.12')).toContain('pkgs.python312.withPackages');
  });

  it('is for another interpreter of nixpkgs when it has packages of nixpkgs alone', async () => {
    expect(await printed('--with', 'toolz', '--interpreter', 'pypy310', '--form', 'with-packages')).toContain(
      'pkgs.pypy310.withPackages (ps: [ ps.toolz ])',
    );
    const { stdout } = await env('--with', 'toolz', '--interpreter', 'pypy', '--release', '16.03', '--form', 'shebang');
    expect(stdout).toContain(
      '#! nix-shell -i pypy -E "with import <nixpkgs> { }; runCommand \\"shell\\" { buildInputs = [ pkgs.pypyPackages.toolz ]; } \\"\\""\n',
    );
    for (const more of [['made-up-kettle'], ['--python', '2.7']])
      expect(await env('--with', 'toolz', '--interpreter', 'pypy', ...more)).toMatchObject({ code: 2, stdout: '' });
    expect((await env('--with', 'toolz', '--interpreter', 'py"; x')).code).toBe(2);
  });

  it('does not fit into the form single when it is several', async () => {
    expect(await env('made-up-kettle', '--form', 'single')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'made-up-kettle needs made-up-saucer which nixpkgs does not have [E_FORM_DOES_NOT_FIT]',
      ),
    });
  });

  it('has no form that the release does not have', async () => {
    expect(await env('made-up-kettle', '--form', 'my-env-fun', '--release', '18.03')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'nixpkgs 18.03 has no form my-env-fun, which is of 15.09 to 16.09 [E_NO_SUCH_FORM]',
      ),
    });
  });

  it('names the file that a script with generated packages needs', async () => {
    const { stdout } = await env('made-up-kettle', '--form', 'shebang', '--pure');
    expect(stdout).toContain('#! nix-shell shell.nix --pure -i python3\n');
    expect(stdout).toContain('# shell.nix lies beside it: pypi2nix env made-up-kettle > shell.nix\n');
  });
});

describe('--run', () => {
  const hostile = `python3 -c 'print("$(touch made-up-mark)")' "\\" ; \${x} ''`;

  it('is told as one word that a shell reads back', async () => {
    const { stdout, stderr } = await env('--with', 'numpy', '--pure', '--run', hostile);
    const line = /^use it: nix-shell (.*)$/mu.exec(stderr)?.[1] ?? '';
    expect(stdout).toContain(`#   nix-shell ${line}\n`);
    expect(execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })).toBe(
      `--pure\n--run\n${hostile}\n`,
    );
  });

  it('cannot leave its comment or the line of a script', async () => {
    for (const command of ['a\nb', 'a\u202eb', 'a\u0007b'])
      expect((await env('--with', 'numpy', '--run', command)).code).toBe(2);
    const { stdout } = await env('--with', 'numpy', '--form', 'shebang', '--run', 'python3 -c "x" \\');
    expect(stdout.split('\n')[1]).toBe(
      '#! nix-shell -i "python3 -c \\"x\\" \\\\" -p "pkgs.python3.withPackages (ps: [ ps.numpy ])"',
    );
  });

  it('means nothing for a form that opens no shell', async () => {
    expect((await env('--with', 'numpy', '--form', 'nixos', '--run', 'python3')).code).toBe(2);
    expect((await env('--with', 'numpy', '--name', '"; x')).code).toBe(2);
  });
});

describe('an environment of a repository', () => {
  it('uses its files for all that it asks for, from any folder in it', async () => {
    await repository();
    const text = await printed('--with', 'six');
    expect(text).toContain('pkgs.python3.override { packageOverrides = import ./overlay.nix; }');
    expect(text).toContain('      ps.made-up-kettle\n      ps.six\n');
    await mkdir(path.join(bench().folder, 'sub'));
    expect(await printed('made-up-saucer', '--repository', '.')).toContain('ps.made-up-saucer');
  });

  it('names its folder where the file lies elsewhere', async () => {
    await repository();
    expect(await printed('--form', 'nixos')).toContain(`import "${bench().folder}/overlay.nix"`);
  });

  it('uses its default.nix where the release has no overlays', async () => {
    await repository('16.03');
    expect(await printed()).toContain('extraLibs = [ repository.python35.made-up-kettle ];');
  });

  it('is passed over with a note where it does not have what is named, and when that is wanted', async () => {
    await repository();
    const { stdout, stderr } = await env('made-up-lid');
    expect(stdout).toContain('made-up-lid = final.callPackage (');
    expect(stderr).toContain('made-up-lid: not of the repository');
    expect(await printed('made-up-kettle', '--no-repository')).toContain('made-up-kettle = final.callPackage (');
    expect((await env('made-up-lid', '--repository', '.')).stderr).toContain('[E_NOT_IN_REPOSITORY]');
  });

  it('decides what the line cannot say otherwise', async () => {
    await repository();
    expect(await env('--release', '25.05', '--pre')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the repository decides --release and --pre'),
    });
  });

  it('has a shell.nix that a script can take', async () => {
    await repository();
    expect((await env('--form', 'shebang')).stdout).toContain('#! nix-shell shell.nix -i python3\n');
    expect((await env('made-up-saucer', '--form', 'shebang')).stdout).toContain(
      '#! nix-shell environment.nix -i python3\n',
    );
  });
});

/** Where each release is looked for; the stand-in has the forms of all but what only 16.03 has. */
const SETS = [
  { release: '24.05', set: STAND_IN },
  { release: '16.03', set: STAND_IN },
  ...(process.env.NIXPKGS_16_03 === undefined ? [] : [{ release: '16.03', set: process.env.NIXPKGS_16_03 }]),
  ...(process.env.NIXPKGS_18_03 === undefined ? [] : [{ release: '18.03', set: process.env.NIXPKGS_18_03 }]),
  ...(process.env.NIXPKGS_MODERN === undefined ? [] : [{ release: '25.05', set: process.env.NIXPKGS_MODERN }]),
];
const IN_FOLDER = ['shell', 'build-env', 'inline', 'single', 'profile', 'flake'];
const ELSEWHERE = ['nixos', 'extra-dependencies', 'config-nix'];

describeWithNix('the forms for a repository', () => {
  it.each(SETS)(
    'evaluate for $release with $set in its folder, and elsewhere where they lie elsewhere',
    async ({ release, set }) => {
      await repository(release);
      const { folder } = bench();
      await mkdir(path.join(folder, 'elsewhere'));
      const write = async (form: string, file: string): Promise<void> => {
        await writeFile(path.join(folder, file), (await env('made-up-kettle', '--with', 'six', '--form', form)).stdout);
      };
      for (const form of IN_FOLDER) await write(form, `${form}-form.nix`);
      for (const form of ELSEWHERE) await write(form, `elsewhere/${form}.nix`);
      await writeFile(path.join(folder, 'single-form.nix'), (await env('made-up-kettle', '--form', 'single')).stdout);
      const store = await openNixStore();
      try {
        const value = await store.evaluate(
          `let
            set = ${set};
            plain = import set { };
            # A derivative of nixpkgs that the tests may run with has no mkShell, and the stand-in nothing that only old releases have.
            mkShell = attributes: plain.stdenv.mkDerivation ({ name = "shell"; } // attributes);
            myEnvFun = { name, buildInputs }: plain.stdenv.mkDerivation { name = "env-\${name}"; inherit buildInputs; };
            pkgs = { inherit mkShell myEnvFun; } // plain;
            of = file: import file { inherit pkgs; };
          in map (value: builtins.match ".*[.]drv" value.drvPath != null) ([
            (of ${folder}/shell-form.nix)
            (of ${folder}/build-env-form.nix)
            (of ${folder}/inline-form.nix)
            (of ${folder}/single-form.nix)
            (of ${folder}/profile-form.nix)
            ((import ${folder}/flake-form.nix).outputs { self = { }; nixpkgs = set; }).packages.x86_64-linux.default
            ((import ${folder}/elsewhere/config-nix.nix).packageOverrides pkgs).pythonEnv
          ] ++ (of ${folder}/elsewhere/nixos.nix).environment.systemPackages
            ++ (of ${folder}/elsewhere/extra-dependencies.nix).system.extraDependencies)`,
          { env: { STAND_IN_PLACEHOLDERS: 'setuptools six' } },
        );
        expect(value).toEqual(Array(10).fill(true));
      } finally {
        await store.remove();
      }
    },
    180_000,
  );
});
