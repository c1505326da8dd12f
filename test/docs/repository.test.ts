import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdist } from '../cli/support/kitchen.ts';
import { serveStory, treeAt } from '../cli/support/repository-bench.ts';
import { type CommandBench, useCommandBench } from '../cli/support/run-command.ts';
import { serveVulnerabilities } from '../cli/support/update-story.ts';
import { nixIsThere, openNixStore } from '../support/nix.ts';
import { type Shown, textOf, withBlocks } from './support/documents.ts';
import { consoleBlock, put, ran, session } from './support/examples.ts';

const PAGE = textOf('docs/repository.md');
const bench = useCommandBench();

/** A bench whose working directory is a folder of it. */
function within(at: CommandBench, folder: string): CommandBench {
  return {
    ...at,
    folder: path.join(at.folder, folder),
    run: (args, environment) =>
      at.run(
        [...args.map((arg) => (arg === './tray' ? `./${folder}/tray` : arg)), '--repository', folder],
        environment,
      ),
  };
}

/** Sessions in the repository, as somebody there would type them. */
async function inRepository(at: CommandBench, ...lines: readonly (readonly string[])[]): Promise<string> {
  const texts: string[] = [];
  for (const args of lines) texts.push(await session(within(at, 'my-packages'), args));
  return texts.join('');
}

async function edit(at: CommandBench, file: string, change: (text: string) => string): Promise<void> {
  const whole = path.join(at.folder, 'my-packages', file);
  await writeFile(whole, change(await readFile(whole, 'utf8')));
}

const SAUCER = 'pkgs/made-up-saucer/default.nix';

async function conflict(at: CommandBench): Promise<Shown> {
  await edit(at, SAUCER, (text) =>
    text
      .replace('version = "1.0"', 'version = "1.0.post1"')
      .replace('pythonImportsCheck', '# mine\n  pythonImportsCheck'),
  );
  await edit(at, 'pypi2nix.toml', (text) => text.replace(/^made-up-saucer = .*\n/mu, ''));
  const repository = within(at, 'my-packages');
  const change = await session(repository, ['add', 'made-up-saucer>=2'], { code: 1 });
  await rm(path.join(repository.folder, `${SAUCER}.pypi2nix-new`));
  const settled = await session(repository, ['regenerate']);
  return consoleBlock(change, `$ rm ${SAUCER}.pypi2nix-new`, settled);
}

/** A copy of the repository some time later, when somebody has released something: the page goes on without. */
async function later(at: CommandBench): Promise<{ readonly shows: Shown; readonly writes: Shown }> {
  const { index } = at;
  index.project('made-up-spout', [await sdist('made-up-spout', '0.1')]);
  index.project('made-up-lid', [
    await sdist('made-up-lid', '1.0', { metadata: ['Requires-Dist: colorama; sys_platform == "darwin"'] }),
    await sdist('made-up-lid', '2.0'),
  ]);
  const kettle = ['Requires-Dist: made-up-saucer>=1', 'Requires-Dist: six', 'Provides-Extra: warm'];
  const lid = 'Requires-Dist: made-up-lid; extra == "warm"';
  index.project('made-up-kettle', [
    await sdist('made-up-kettle', '1.1', { metadata: [...kettle, lid] }),
    await sdist('made-up-kettle', '1.2', { metadata: [...kettle, lid, 'Requires-Dist: made-up-spout'] }),
  ]);
  serveVulnerabilities(at, 'made-up-lid', '1.0', [
    { id: 'PYSEC-2026-9', aliases: ['CVE-2026-4711'], summary: 'The handle becomes hot.' },
  ]);
  serveVulnerabilities(at, 'made-up-lid', '2.0', []);
  for (const version of ['1.1', '1.2']) serveVulnerabilities(at, 'made-up-kettle', version, []);
  await cp(path.join(at.folder, 'my-packages'), path.join(at.folder, 'later'), { recursive: true });
  const repository: CommandBench = {
    ...at,
    run: (args) =>
      at.run([...args, '--repository', 'later'], { PYPI2NIX_CACHE_DIR: path.join(at.folder, '.home/later') }),
  };
  const shows = (await session(repository, ['update'])).replaceAll(/ {2}(?:today|\d+ \w+)$/gmu, '  12 days');
  const { stderr } = await ran(repository, ['update', '-w']);
  const messages = stderr.replace(/^(?:resolving|reading) .*\n/gmu, '');
  await serveStory(at);
  return { shows: consoleBlock(shows), writes: consoleBlock('$ pypi2nix update -w > updates.txt', messages) };
}

async function locked(at: CommandBench): Promise<Shown> {
  const holder = { pid: process.ppid, host: hostname(), started: null, since: '2026-11-03T08:00:00.000Z' };
  await put(at, 'my-packages/.pypi2nix/lock', JSON.stringify(holder));
  const text = await session(within(at, 'my-packages'), ['regenerate'], { code: 73 });
  await rm(path.join(at.folder, 'my-packages/.pypi2nix/lock'));
  return consoleBlock(text.replaceAll(String(process.ppid), '4711').replaceAll(hostname(), 'laptop'));
}

async function shown(at: CommandBench): Promise<ReadonlyMap<string, Shown>> {
  await serveStory(at);
  await put(
    at,
    'my-packages/tray/pyproject.toml',
    '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\nname = "made-up-tray"\nversion = "0.1"\nlicense = "MIT"\ndependencies = ["made-up-saucer"]\n',
  );
  await put(at, 'my-packages/tray/src/made_up_tray/__init__.py', '');
  const init = await session(at, ['init', 'my-packages', '--release', '24.05']);
  const add = await inRepository(at, ['add', 'made-up-kettle[warm]']);
  await edit(at, 'pypi2nix.toml', (text) =>
    text.replace('[pins]\n', '[pins]\nmade-up-saucer = { version = "<2", reason = "the shelf is too low" }\n'),
  );
  const byHand = await inRepository(at, ['add']);
  const manifest = await readFile(path.join(at.folder, 'my-packages/pypi2nix.toml'), 'utf8');
  const { shows, writes } = await later(at);
  const diff = await inRepository(at, ['remove', 'made-up-kettle', '--dry-run', '--diff']);
  const develop = await inRepository(at, ['add', '--develop', './tray']);
  const remove = await inRepository(at, ['remove', 'made-up-kettle']);
  const regenerate = await inRepository(at, ['regenerate']);
  await ran(within(at, 'my-packages'), ['add', 'made-up-saucer']);
  return new Map<string, Shown>([
    ['init', consoleBlock(init)],
    ['add', consoleBlock('$ cd my-packages', add)],
    ['by-hand', consoleBlock(byHand)],
    ['manifest', { language: 'toml', text: manifest }],
    ['diff', consoleBlock(`${diff.split('\n').slice(0, 14).join('\n')}\n...`)],
    ['use', consoleBlock(...USES)],
    ['update', shows],
    ['update-write', writes],
    ['develop', consoleBlock(develop)],
    ['remove', consoleBlock(remove)],
    ['regenerate', consoleBlock(regenerate)],
    ['conflict', await conflict(at)],
    ['locked', await locked(at)],
  ]);
}

/** Evaluated here by what they name. */
const USES = [
  '$ nix-shell',
  '$ nix-build -A made-up-kettle',
  '$ nix-build -A pythonEnv && ./result/bin/python',
  '$ nix-build -A python313.made-up-kettle',
];

describe('docs/repository.md', () => {
  it('shows what the program prints today', async () => {
    await expect(withBlocks(PAGE, await shown(bench()))).toMatchFileSnapshot('../../docs/repository.md');
  });

  it.skipIf(!nixIsThere())('names attributes that a repository has', async () => {
    const at = bench();
    await serveStory(at);
    await ran(at, ['init', '--python', '3.11']);
    await ran(at, ['add', 'made-up-kettle']);
    const store = await openNixStore();
    try {
      const names = await store.evaluate(`builtins.attrNames (import ${at.folder} { })`, {
        env: { STAND_IN_PLACEHOLDERS: 'setuptools six' },
      });
      expect(names).toEqual(['made-up-kettle', 'made-up-saucer', 'python311', 'python311Env', 'pythonEnv']);
    } finally {
      await store.remove();
    }
  });

  it('names every file that a repository has', async () => {
    const at = bench();
    await serveStory(at);
    await mkdir(path.join(at.folder, 'sub'));
    await ran(at, ['init', 'sub']);
    const files = [...(await treeAt(path.join(at.folder, 'sub'))).keys()];
    expect(files.filter((file) => !PAGE.includes(`\`${file}\``))).toEqual([]);
  });
});
