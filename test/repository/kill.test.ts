import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeRepository } from '../../src/repository/write-repository.ts';
import { stateOf, temporaryFolder, treeOf } from './support/trees.ts';

const LOOP = fileURLToPath(new URL('support/write-loop.ts', import.meta.url));

describe('a process that is killed', () => {
  it.each([2, 3, 5])('leaves one tree or the other when it dies in round %i', async (round) => {
    const directory = join(await temporaryFolder(), 'repository');
    const child = spawn(process.execPath, ['--import', 'tsx', LOOP, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of child.stdout.setEncoding('utf8')) if (String(line).includes(`${round}`)) break;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

    await writeRepository({ directory, files: new Map() });

    const tree = await treeOf(directory);
    expect(Object.keys(tree)).toHaveLength(8);
    expect(new Set(Object.values(tree)).size).toBe(1);
    expect(await stateOf(directory)).toEqual(['generated.json']);
  });
});
