import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../support/archives.ts';
import { sdist } from './support/kitchen.ts';
import { useCommandBench } from './support/run-command.ts';

const bench = useCommandBench();

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(path.join(bench().folder, file)), { recursive: true });
  await writeFile(path.join(bench().folder, file), content);
}

describe('--require-hashes in a requirements file', () => {
  it.each(['generate', 'lock'])('makes %s refuse a project that something needs and no line has', async (command) => {
    const saucer = await sdist('made-up-saucer', '1.0');
    const cup = await sdist('made-up-cup', '1.0', { metadata: ['Requires-Dist: made-up-saucer'] });
    bench().index.project('made-up-saucer', [saucer]);
    bench().index.project('made-up-cup', [cup]);
    await write('asked.txt', `--require-hashes\nmade-up-cup==1.0 --hash=sha256:${sha256Of(cup.bytes)}\n`);

    const { code, stdout, stderr } = await bench().run([command, '-q', '-r', 'asked.txt']);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        'error: made-up-saucer is needed, and --require-hashes asks for a --hash that no line gives [E_HASH_MISSING]',
        'hint: add a line for made-up-saucer with its version and --hash=sha256:..., as `pip hash FILE` prints it',
        '',
      ].join('\n'),
    });
  });

  it('is content when every project has its line', async () => {
    const saucer = await sdist('made-up-saucer', '1.0');
    bench().index.project('made-up-saucer', [saucer]);
    await write('asked.txt', `--require-hashes\nmade-up-saucer==1.0 --hash=sha256:${sha256Of(saucer.bytes)}\n`);
    expect(await bench().run(['lock', '-r', 'asked.txt'])).toMatchObject({
      code: 0,
      stderr: 'resolving 1 requirement\n',
    });
  });
});

describe('--no-index', () => {
  it.each([
    ['on the command line', ['made-up-saucer', '--no-index', '--find-links', 'shelf'], ''],
    ['in a requirements file', ['-r', 'asked.txt'], '--no-index\n--find-links shelf\nmade-up-saucer\n'],
  ])('%s looks at the folder only', async (_, args, file) => {
    bench().index.project('made-up-saucer', [await sdist('made-up-saucer', '2.0')]);
    const { filename, bytes } = await sdist('made-up-saucer', '1.0');
    await write(`shelf/${filename}`, bytes);
    await write('asked.txt', file);

    const { code, stdout } = await bench().run(['tree', ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'made-up-saucer 1.0\n' });
    expect(bench().server.requests).toEqual([]);
  });
});
