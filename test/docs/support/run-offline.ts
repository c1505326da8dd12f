import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { run } from '../../../src/cli/run.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a folder with `--offline` and an empty home: it has nothing but what ships with the program. */
export async function runOffline(args: readonly string[], folder: string): Promise<Outcome> {
  const home = path.join(folder, '.home');
  const written = { stdout: '', stderr: '' };
  const code = await run([...args, '--offline'], {
    env: { HOME: home, PYPI2NIX_CACHE_DIR: path.join(home, 'cache'), PIP_CONFIG_FILE: '/dev/null' },
    cwd: () => folder,
    stdout: {
      write: (text: string) => {
        written.stdout += text;
      },
    },
    stderr: {
      write: (text: string) => {
        written.stderr += text;
      },
    },
  });
  return { code, ...written };
}

/** The stdout of a command line that succeeds. Throws Error with its messages when it does not. */
export async function printed(args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await runOffline(args, folder);
  if (code !== 0) throw new Error(`pypi2nix ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

/** A folder for all tests of a file. */
export function useFolder(): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-docs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

/** The command that the documents show for the form of 16.03. */
export const OLD_COMMAND: readonly string[] = [
  '--release',
  '16.03',
  'toolz==0.7.4',
  'datashape==0.4.7',
  'lxml==3.4.4',
  'pyfftw==0.9.2',
];
