import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdist, wheel } from '../cli/support/kitchen.ts';
import { type CommandBench, useCommandBench } from '../cli/support/run-command.ts';
import { sha256Of } from '../support/archives.ts';
import { type Shown, textOf, withBlocks } from './support/documents.ts';
import { consoleBlock, ONE_TARGET, put, ran, serveKitchen, session, shownText } from './support/examples.ts';

const PAGE = textOf('docs/locks.md');
const TWO_TARGETS = ['--python', '3.13', '--platform', 'x86_64-linux,aarch64-darwin'];
const bench = useCommandBench();

const SAUCER = { registry: 'source = { registry = "https://index.test/simple" }' };

/** A uv.lock of a project that needs one version of made-up-saucer on macOS and another elsewhere. */
const FORKED = `version = 1
requires-python = ">=3.13"
resolution-markers = ["sys_platform == 'darwin'", "sys_platform != 'darwin'"]

[[package]]
name = "made-up-shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "made-up-saucer", version = "1.0", ${SAUCER.registry}, marker = "sys_platform == 'darwin'" },
    { name = "made-up-saucer", version = "2.0", ${SAUCER.registry}, marker = "sys_platform != 'darwin'" },
]

[[package]]
name = "made-up-saucer"
version = "1.0"
${SAUCER.registry}
resolution-markers = ["sys_platform == 'darwin'"]

[[package]]
name = "made-up-saucer"
version = "2.0"
${SAUCER.registry}
resolution-markers = ["sys_platform != 'darwin'"]
`;

/** Builds and tests need projects that the package set does not have. */
async function serveForge({ index }: CommandBench): Promise<void> {
  index.project('made-up-spoon', [
    await sdist('made-up-spoon', '1.1', {
      buildRequires: ['setuptools', 'made-up-forge>=1'],
      files: { 'tests/test_spoon.py': 'import made_up_probe\n' },
    }),
  ]);
  index.project('made-up-forge', [await sdist('made-up-forge', '3.0')]);
  index.project('made-up-probe', [await sdist('made-up-probe', '0.5')]);
}

/** The file that `lock` prints. */
async function printed(at: CommandBench, ...args: readonly string[]): Promise<string> {
  return shownText(at, (await ran(at, ['lock', ...args])).stdout);
}

async function updating(at: CommandBench): Promise<Shown> {
  const lock = ['lock', 'made-up-saucer', '-o', 'pylock.toml'];
  at.index.project('made-up-saucer', [wheel('made-up-saucer', '1.0')]);
  const first = await session(at, lock);
  at.index.project('made-up-saucer', [wheel('made-up-saucer', '1.0'), wheel('made-up-saucer', '2.0')]);
  // The cache would hold the old page for a while.
  await at.run(['tree', 'made-up-saucer', '--refresh']);
  const again = await session(at, lock);
  const upgraded = await session(at, [...lock, '--upgrade']);
  const text = await readFile(path.join(at.folder, 'pylock.toml'), 'utf8');
  expect(text).toContain('version = "2.0"');
  return consoleBlock(first, '# meanwhile the index has got made-up-saucer 2.0', again, upgraded);
}

async function shown(at: CommandBench): Promise<ReadonlyMap<string, Shown>> {
  const update = await updating(at);
  await serveKitchen(at);
  await serveForge(at);
  await at.run(['tree', 'made-up-saucer', '--refresh']);
  await put(at, 'uv.lock', FORKED);
  await ran(at, ['lock', 'made-up-kettle', '-o', 'pylock.one.toml', ...ONE_TARGET]);
  const { bytes } = wheel('made-up-saucer', '1.0');
  await put(at, 'old.txt', `made-up-saucer==2.0 --hash=sha256:${sha256Of(bytes)}\n`);
  const tests = await printed(at, 'made-up-spoon', '--with-checks', ...ONE_TARGET);
  return new Map<string, Shown>([
    ['lock', { language: 'toml', text: await printed(at, 'made-up-kettle', ...TWO_TARGETS) }],
    ['builds', { language: 'toml', text: tests.slice(tests.indexOf('[tool.pypi2nix]')) }],
    ['update', update],
    [
      'fork',
      consoleBlock(await session(at, ['--lock', 'uv.lock', '--platform', 'x86_64-linux,aarch64-darwin'], { code: 1 })),
    ],
    [
      'missing',
      consoleBlock(
        await session(at, ['--lock', 'pylock.one.toml', 'made-up-kettle[warm]', ...ONE_TARGET], { code: 1 }),
      ),
    ],
    ['unadmitted', consoleBlock(await session(at, ['--lock', 'old.txt'], { code: 1 }))],
    ['tree', consoleBlock(await session(at, ['tree', 'made-up-kettle[warm]', 'made-up-coal']))],
    ['invert', consoleBlock(await session(at, ['tree', 'made-up-kettle[warm]', '--invert', 'made-up-saucer']))],
    ['depth', consoleBlock(await session(at, ['tree', 'made-up-kettle[warm]', '--depth', '1']))],
    ['tree-json', consoleBlock(await session(at, ['tree', 'made-up-coal', '--json']))],
  ]);
}

describe('docs/locks.md', () => {
  it('shows what the program prints today', async () => {
    await expect(withBlocks(PAGE, await shown(bench()))).toMatchFileSnapshot('../../docs/locks.md');
  });

  it('explains every field of the JSON of tree', async () => {
    await serveKitchen(bench());
    const { stdout } = await ran(bench(), ['tree', 'made-up-kettle', '--json']);
    const [, table = ''] = PAGE.split(/^\| field \| meaning \|$/mu);
    const value: { packages: readonly { requirements: readonly object[] }[] } = JSON.parse(stdout);
    const fields = [value, ...value.packages, ...value.packages.flatMap(({ requirements }) => requirements)].flatMap(
      Object.keys,
    );
    expect(fields.filter((field) => field !== 'form' && !table.includes(`\`${field}\``))).toEqual([]);
  });

  it.each(['pylock.toml', 'poetry.lock', 'uv.lock', 'Pipfile.lock', 'requirements.txt'])(
    'says what counts as root in %s',
    (file) => {
      expect(PAGE.split('\n').filter((line) => line.startsWith(`| \`${file}\``))).toHaveLength(1);
    },
  );
});
