import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { run } from '../../../src/cli/run.ts';

/** Milliseconds for what asks PyPI before the tests. */
export const NETWORK_TIMEOUT = 300_000;

export interface RealRuns {
  /** A folder for the tests of one file. */
  readonly folder: string;
  /** Runs a command line on the real PyPI and gives what it puts on stdout; throws with its messages when it fails. */
  run(args: readonly string[]): Promise<string>;
}

/** The program on the real PyPI, with a cache that is empty at first and the network settings of this machine. */
export function useRealRuns(): RealRuns {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pypi2nix-live-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    async run(args) {
      let stdout = '';
      let stderr = '';
      const code = await run(args, {
        env: { ...process.env, PYPI2NIX_CACHE_DIR: join(folder, 'cache') },
        cwd: () => folder,
        stdout: {
          write: (text: string) => {
            stdout += text;
          },
        },
        stderr: {
          write: (text: string) => {
            stderr += text;
          },
        },
      });
      if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
      return stdout;
    },
  };
}
