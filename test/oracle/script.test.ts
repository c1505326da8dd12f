import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/oracle.ts', import.meta.url));
const EMPTY = { order: [], contains: [], markers: [], requirements: [] };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oracle-'));
});
afterEach(() => rm(folder, { recursive: true }));

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { cwd: folder, env: { ...process.env, INIT_CWD: folder } };
    const command = ['--import', import.meta.resolve('tsx'), SCRIPT, ...args];
    const child = execFile(process.execPath, command, options, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('the script oracle', () => {
  it('ends well when nothing differs; the table is found from the folder of the caller', async () => {
    await writeFile(join(folder, 'table.json'), JSON.stringify({ ...EMPTY, valid: { 'v1.0': '1.0' } }));
    expect(await run('table.json')).toEqual({ code: 0, stdout: '1 checked, 0 differ\n', stderr: '' });
  });

  it('shows what differs, with the whole list in .out/oracle', async () => {
    await writeFile(join(folder, 'table.json'), JSON.stringify({ ...EMPTY, valid: { 'v1.0': null, '2': '2' } }));
    const { code, stdout } = await run('table.json');
    expect([code, stdout]).toEqual([1, 'valid: "v1.0": packaging null, here "1.0"\n2 checked, 1 differ\n']);
    const list: unknown = JSON.parse(await readFile(join(folder, '.out/oracle/differences.json'), 'utf8'));
    expect(list).toEqual([{ table: 'valid', input: 'v1.0', expected: null, actual: '1.0' }]);
  });

  it.each([[[]], [['a.json', 'b.json']], [['--help']], [['missing.json']]])(
    'refuses the arguments %j',
    async (args) => {
      const { code, stdout } = await run(...args);
      expect([code, stdout]).toEqual([2, '']);
    },
  );

  it('refuses a file that is no table', async () => {
    await writeFile(join(folder, 'other.json'), '{"valid":{}}');
    expect(await run('other.json')).toEqual({ code: 2, stdout: '', stderr: 'other.json: no table of the oracle\n' });
  });
});
