import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MadeUpFile } from '../../support/made-up-index.ts';
import { sdist } from './kitchen.ts';
import type { CommandBench } from './run-command.ts';

/** A small world for stories of repositories: what package sets have is on the index too, since installers need it. */
export async function serveStory({ index }: CommandBench): Promise<void> {
  const plain = (name: string): Promise<MadeUpFile> => sdist(name, '1.0');
  index.project('six', [await plain('six')]);
  index.project('colorama', [await plain('colorama')]);
  index.project('made-up-forge', [await sdist('made-up-forge', '1.0', { metadata: ['Requires-Dist: six'] })]);
  index.project('made-up-saucer', [await plain('made-up-saucer'), await sdist('made-up-saucer', '2.0')]);
  index.project('made-up-lid', [
    await sdist('made-up-lid', '1.0', {
      metadata: ['Requires-Dist: colorama; sys_platform == "darwin"'],
      buildRequires: ['made-up-forge'],
    }),
  ]);
  const kettle = {
    metadata: [
      'Requires-Dist: made-up-saucer>=1',
      'Requires-Dist: six',
      'Provides-Extra: warm',
      'Requires-Dist: made-up-lid; extra == "warm"',
    ],
  };
  index.project('made-up-kettle', [
    await sdist('made-up-kettle', '1.0', kettle),
    await sdist('made-up-kettle', '1.1', kettle),
  ]);
}

/** The files of a folder with their texts, by path; what commands leave in the home of the bench is left out. */
export async function treeAt(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('.home/'))
    .sort();
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, string]> => [file, await readFile(path.join(root, file), 'utf8')]),
    ),
  );
}

/** A text without the port of the index of the tests, which is another one each time. */
export function withoutIndex(text: string): string {
  return text.replaceAll(/http:\/\/127\.0\.0\.1:\d+\//gu, 'https://index.test/');
}
