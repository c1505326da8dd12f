import { spawn, spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundledProgram } from './support/bundled-program.ts';
import { madeRelease } from './support/made-projects.ts';
import { treeAt } from './support/repository-bench.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

/** Modes mean nothing to root, so that somebody else has to look. */
const NOBODY = 65534;
const canBeNobody =
  process.getuid?.() !== 0 || spawnSync(process.execPath, ['--version'], { uid: NOBODY, gid: NOBODY }).status === 0;

it.skipIf(!canBeNobody).each([
  ['update', '--json'],
  ['add', '--dry-run', 'made-up-lid'],
  ['regenerate', '--dry-run'],
])(
  '%s %s looks at a repository in which it may not write',
  async (...args) => {
    const { folder, index } = bench();
    for (const name of ['made-up-saucer', 'made-up-lid']) index.project(name, [await madeRelease(name, '1.0', {})]);
    for (const line of [
      ['init', 'mine'],
      ['add', 'made-up-saucer', '--repository', 'mine'],
    ])
      expect((await bench().run(line)).code).toBe(0);
    const program = await bundledProgram();
    const home = path.join(folder, 'home');
    await mkdir(home);
    if (process.getuid?.() === 0) await chown(home, NOBODY, NOBODY);
    await chmod(folder, 0o755);
    // In the folder of the program, which is for its owner alone.
    await chmod(path.dirname(path.dirname(program.file)), 0o755);
    const mine = path.join(folder, 'mine');
    const all = await readdir(mine, { recursive: true, withFileTypes: true });
    for (const each of [mine, ...all.filter((e) => e.isDirectory()).map((e) => path.join(e.parentPath, e.name))])
      await chmod(each, 0o555);
    const before = await treeAt(mine);
    const child = spawn(process.execPath, [program.file, ...args, '--repository', mine], {
      cwd: home,
      ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
      env: {
        PATH: process.env.PATH,
        HOME: home,
        PIP_CONFIG_FILE: '/dev/null',
        PIP_INDEX_URL: index.url,
        PYPI2NIX_CACHE_DIR: path.join(home, 'cache'),
      },
    });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    await program.remove();
    expect(code, said).toBe(0);
    expect(await treeAt(mine)).toEqual(before);
  },
  120_000,
);
