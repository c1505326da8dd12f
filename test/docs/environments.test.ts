import { describe, expect, it } from 'vitest';
import { dialectFor, RELEASES } from '../../src/nix/dialect.ts';
import { ENVIRONMENT_FORMS, type EnvironmentForm, formsOf } from '../../src/nix/environment-request.ts';
import { serveStory } from '../cli/support/repository-bench.ts';
import { type CommandBench, useCommandBench } from '../cli/support/run-command.ts';
import { evaluateNix } from '../nix/support/nix.ts';
import { describeWithNixpkgs } from '../nix/support/real-nixpkgs.ts';
import { describeWithNix, STAND_IN } from '../support/nix.ts';
import { codeBlocks, type Shown, shellCommands, textOf, withBlocks } from './support/documents.ts';
import { consoleBlock, ran, session, shownText } from './support/examples.ts';

const PAGE = textOf('docs/environments.md');
const bench = useCommandBench();

/** What a command prints, as Nix. */
async function nix(at: CommandBench, ...args: string[]): Promise<Shown> {
  return { language: 'nix', text: shownText(at, (await ran(at, ['-q', 'env', ...args])).stdout) };
}

const NIX_SHELL = 'nix-shell -p python27 python27.modules.sqlite3 --run python';

async function ofRepository(at: CommandBench): Promise<Shown> {
  await ran(at, ['init', 'my-packages', '--release', '24.05']);
  await ran(at, ['add', 'made-up-kettle', '--repository', 'my-packages']);
  const line = ['env', 'made-up-kettle', '--with', 'ipython'];
  const { stdout } = await ran(at, ['-q', ...line, '--repository', 'my-packages']);
  return consoleBlock('$ cd my-packages', `$ pypi2nix ${line.join(' ')}`, stdout);
}

async function shown(at: CommandBench): Promise<ReadonlyMap<string, Shown>> {
  await serveStory(at);
  const numpy = ['--with', 'numpy,toolz'];
  const old = [...numpy, '--release', '16.03'];
  const script = await ran(at, ['-q', 'env', ...numpy, '--form', 'shebang']);
  return new Map<string, Shown>([
    ['shell', await nix(at, ...numpy)],
    [
      'ipython',
      consoleBlock(await session(at, ['env', '--with', 'ipython,numpy,toolz', '--pure', '--run', 'ipython'])),
    ],
    ['shell-16-03', await nix(at, ...old)],
    ['shebang', { language: 'python', text: script.stdout }],
    ['config-nix', await nix(at, ...numpy, '--form', 'config-nix')],
    ['config-nix-16-03', await nix(at, ...old, '--python', '3.4', '--form', 'config-nix', '--name', 'work')],
    ['nixos', await nix(at, ...numpy, '--form', 'nixos')],
    ['modules', consoleBlock(`$ ${NIX_SHELL}`)],
    ['full', await nix(at, ...old, '--python', '2.7', '--form', 'build-env')],
    ['search', consoleBlock(await session(at, ['search', 'numpy', '--release', '16.03', '--python', '2.7,3.5']))],
    [
      'pick',
      consoleBlock(
        await session(at, ['search', 'numpy', '--release', '16.03', '--python', '2.7,3.5', '--pick', '1,3']),
      ),
    ],
    ['pypy', await nix(at, '--with', 'toolz', '--interpreter', 'pypy', '--release', '16.03')],
    ['single', await nix(at, 'made-up-saucer', '--form', 'single')],
    ['inline', await nix(at, 'made-up-saucer', '--with', 'numpy', '--form', 'inline')],
    ['flake', await nix(at, ...numpy, '--form', 'flake', '--release', '25.05')],
    ['repository', await ofRepository(at)],
    ['extra-dependencies', await nix(at, ...old, '--form', 'extra-dependencies')],
    ['forms', { language: 'table', text: formTable() }],
    ['no-form', consoleBlock(await session(at, ['env', ...old, '--form', 'with-packages'], { code: 2 }))],
  ]);
}

const MEANINGS: Readonly<Record<EnvironmentForm, string>> = {
  shell: '`shell.nix`: a shell with the environment, by `mkShell` where the release has it',
  'with-packages': 'the environment itself, for `nix-build`, by `withPackages`',
  'build-env': 'the same by `buildEnv` with `extraLibs`',
  'my-env-fun': 'a command `load-env-NAME`, for `nix-env -i -f`',
  inline: '`shell.nix` with the packages bound by `let`',
  single: 'one package',
  'config-nix': 'the whole `config.nix` of a user',
  nixos: 'a module with `environment.systemPackages`',
  profile: 'the environment, for `nix-env -i -f`',
  shebang: 'the first lines of a script',
  flake: '`flake.nix` with the environment and a shell',
  'extra-dependencies': 'a module with `system.extraDependencies`',
};

function formTable(): string {
  const rows = ENVIRONMENT_FORMS.map((form) => {
    const having = RELEASES.filter((release) => formsOf(dialectFor(release)).includes(form));
    const span = having.length === RELEASES.length ? 'all' : `${having[0]} to ${having.at(-1)}`;
    return `| \`${form}\` | ${span} | ${MEANINGS[form]} |`;
  });
  return ['| form | releases | what it is |', '|---|---|---|', ...rows].join('\n');
}

describe('docs/environments.md', () => {
  it('shows what the program prints today', async () => {
    await expect(withBlocks(PAGE, await shown(bench()))).toMatchFileSnapshot('../../docs/environments.md');
  }, 60_000);

  it('has no command that only a shell could run here', () => {
    expect(shellCommands(PAGE)).toEqual([]);
  });
});

describeWithNix('the environments of docs/environments.md', () => {
  it('evaluate, those of current releases, with the stand-in', async () => {
    const labels = ['shell', 'inline', 'single'];
    const files = codeBlocks(PAGE).filter(({ label }) => labels.includes(label ?? ''));
    const value = await evaluateNix(
      `map (file: builtins.match ".*[.]drv" (import file { }).drvPath != null) [ ${labels.map((label) => `./${label}.nix`).join(' ')} ]`,
      {
        files: new Map(files.map(({ label, text }) => [`${label}.nix`, text])),
        nixPath: `nixpkgs=${STAND_IN}`,
        env: { STAND_IN_PLACEHOLDERS: 'setuptools numpy toolz' },
      },
    );
    expect(value).toEqual([true, true, true]);
  });
});

describeWithNixpkgs('NIXPKGS_16_03', (checkout) => {
  it('has what docs/environments.md says of 16.03', async () => {
    const files = codeBlocks(PAGE).filter(({ language }) => language === 'nix');
    const named = new Map(files.map(({ label, text }) => [`${label}.nix`, text]));
    const words = NIX_SHELL.split(' ').filter((word) => word.startsWith('python27'));
    const value = await evaluateNix(
      `
      let
        pkgs = import ${checkout} { };
        isDrv = value: builtins.match ".*[.]drv" value.drvPath != null;
      in
      map isDrv ([
        (import ./shell-16-03.nix { inherit pkgs; })
        (import ./full.nix { inherit pkgs; })
        (import ./pypy.nix { inherit pkgs; })
        ((import ./config-nix-16-03.nix).packageOverrides pkgs).workEnv
        ${words.map((word) => `pkgs.${word}`).join(' ')}
      ] ++ (import ./extra-dependencies.nix { inherit pkgs; }).system.extraDependencies)`,
      { files: named, nixPath: `nixpkgs=${checkout}` },
    );
    expect(value).toEqual(Array(8).fill(true));
  }, 120_000);
});
