import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdist } from '../cli/support/kitchen.ts';
import { type CommandBench, useCommandBench } from '../cli/support/run-command.ts';
import { makeRepository, serveRepository } from '../source/support/git.ts';
import { blockOf, type Shown, textOf, withBlocks } from './support/documents.ts';
import { consoleBlock, ONE_TARGET, put, ran, serveKitchen, session, shownText, TRAY } from './support/examples.ts';

const PAGE = textOf('docs/requirements.md');
const bench = useCommandBench();

const ASKED = `-c limits.txt
made-up-kettle[warm] >= 1.0 ; python_version >= "3.9"
made-up-lid == 0.3   # a comment
--prefer-binary
`;
const FAULTY = `made-up-kettle => 1.0
--upgrade
-r more.txt
`;

/** `src` of the only package that is called so, without its indentation. */
function sourceIn(stdout: string, name: string): string {
  const [, after = ''] = stdout.split(`pname = "${name}";\n`);
  const found = /^( *)src = [^;]*?(?:\{[^}]*\})?;\n(?: *sourceRoot = [^\n]*\n)?/mu.exec(after);
  if (found === null) throw new Error(`no src of ${name} in:\n${stdout}`);
  return found[0].replaceAll(`\n${found[1]}`, '\n').trim();
}

async function sources(at: CommandBench): Promise<string> {
  const { filename, bytes } = await sdist('made-up-saucer', '1.5');
  await put(at, `shelf/${filename}`, bytes);
  at.server.on(`/dl/${filename}`, { body: bytes });
  const examples = [
    ['made-up-tray', './tray'],
    ['made-up-saucer', `./shelf/${filename}`],
    ['made-up-saucer', `made-up-saucer @ ${at.server.url}/dl/${filename}`],
  ] as const;
  const texts: string[] = [];
  for (const [name, address] of examples) {
    const { stdout } = await ran(at, [address, ...ONE_TARGET]);
    texts.push(`# ${shownText(at, address)}\n${shownText(at, sourceIn(stdout, name))}\n`);
  }
  return texts.join('\n');
}

/** What is printed for a tag of a repository: its source, and the note on its commit. */
async function tagged(at: CommandBench): Promise<{ readonly source: string; readonly note: string }> {
  const made = await makeRepository(path.join(at.folder, 'repository'));
  await made.commit({ 'python/pyproject.toml': TRAY, 'python/made_up_tray/__init__.py': '' });
  made.git('tag', 'v3.1');
  const url = await serveRepository(at.server, made);
  const address = `git+${url}@v3.1#subdirectory=python`;
  const { stdout, stderr } = await ran(at, [address, ...ONE_TARGET]);
  const note = /^warning: made-up-tray: v3\.1 of .*$/mu.exec(stderr)?.[0] ?? '';
  const source = `# ${address}\n${sourceIn(stdout, 'made-up-tray')}\n`;
  return { source: shownText(at, source), note: shownText(at, note) };
}

/** The blocks that need no git. */
async function shown(at: CommandBench): Promise<Map<string, Shown>> {
  await serveKitchen(at);
  await put(at, 'asked.txt', ASKED);
  await put(at, 'limits.txt', 'made-up-saucer < 2\n');
  await put(at, 'faulty.txt', FAULTY);
  await put(at, 'pyproject.toml', TRAY);
  await put(at, 'tray/pyproject.toml', TRAY);
  await put(at, 'tray/made_up_tray/__init__.py', '');
  return new Map<string, Shown>([
    ['asked', { language: 'text', text: ASKED }],
    ['asked-tree', consoleBlock(await session(at, ['tree', '-r', 'asked.txt']))],
    ['faulty', { language: 'text', text: FAULTY }],
    ['faulty-errors', consoleBlock(await session(at, ['-r', 'faulty.txt'], { code: 65 }))],
    ['sources', { language: 'nix', text: await sources(at) }],
    ['pyproject', { language: 'toml', text: TRAY }],
    ['pyproject-tree', consoleBlock(await session(at, ['tree', '-p', 'pyproject.toml[hot]', '--group', 'test']))],
  ]);
}

const hasGit = spawnSync('git', ['--version'], { stdio: 'ignore' }).status === 0;

/** Options of a requirements file as the page names them, and a line that has them. */
const OPTION_LINES = [
  ['--index-url', '--index-url https://index.test/simple'],
  ['--extra-index-url', '--extra-index-url https://index.test/simple'],
  ['--find-links', '--find-links shelf'],
  ['--no-index', '--no-index'],
  ['--pre', '--pre'],
  ['--all-releases :all:', '--all-releases :all:'],
  ['--all-releases NAME', '--all-releases made-up-lid'],
  ['--no-require-hashes', '--no-require-hashes'],
  ['--only-final', '--only-final :all:'],
  ['--no-binary', '--no-binary :all:'],
  ['--only-binary', '--only-binary :all:'],
  ['--prefer-binary', '--prefer-binary'],
  ['--trusted-host', '--trusted-host index.test'],
  ['--use-feature', '--use-feature fast-deps'],
  ['--config-settings', '--config-settings a=b'],
  ['--global-option', '--global-option x'],
  ['--install-option', '--install-option x'],
] as const;

describe('docs/requirements.md', () => {
  it('shows what the program prints today', async () => {
    const blocks = await shown(bench());
    const { source, note } = hasGit
      ? await tagged(bench())
      : { source: blockOf(PAGE, 'git'), note: blockOf(PAGE, 'git-note') };
    blocks.set('git', { language: 'nix', text: source }).set('git-note', { language: 'text', text: note });
    await expect(withBlocks(PAGE, blocks)).toMatchFileSnapshot('../../docs/requirements.md');
  });

  it.each(OPTION_LINES)('tells whether %s in a file is followed', async (option, line) => {
    await put(bench(), 'asked.txt', `${line}\nmade-up-lid ; sys_platform == "nowhere"\n`);
    await put(bench(), 'shelf/README', '');
    const { stderr } = await bench().run(['tree', '-r', 'asked.txt']);
    const row = PAGE.split('\n').find((text) => text.startsWith('| `') && text.includes(`\`${option}\``));
    expect(row).toContain(stderr.includes('has no effect here') ? '| a note' : '| followed');
  });
});
