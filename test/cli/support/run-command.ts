import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { startServer, type TestServer } from '../../support/http-server.ts';
import { type MadeUpIndex, madeUpIndex } from '../../support/made-up-index.ts';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandBench {
  readonly server: TestServer;
  readonly index: MadeUpIndex;
  /** The working directory, empty at first. */
  readonly folder: string;
  /** Runs a command line in the working directory, with an empty home and the made-up index as the default one. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<CommandOutcome>;
}

/** A made-up index, an empty home and working directory for each test of the file. */
export function useCommandBench(): () => CommandBench {
  let bench: CommandBench | null = null;
  let root = '';

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'pypi2nix-command-'));
    const server = await startServer();
    const index = madeUpIndex(server);
    bench = {
      server,
      index,
      folder: root,
      run: (args, environment = {}) =>
        runCommand(args, {
          folder: root,
          environment: { ...quietEnvironment(root), PIP_INDEX_URL: index.url, ...environment },
        }),
    };
  });
  afterEach(async () => {
    await bench?.server.close();
    await rm(root, { recursive: true, force: true });
  });

  return () => {
    if (bench === null) throw new Error('the bench is there inside of tests only');
    return bench;
  };
}

/** An environment in which nothing of this machine shows. */
function quietEnvironment(root: string): Record<string, string> {
  const home = path.join(root, '.home');
  return { HOME: home, PYPI2NIX_CACHE_DIR: path.join(home, 'cache'), PIP_CONFIG_FILE: '/dev/null' };
}

async function runCommand(
  args: readonly string[],
  { folder, environment }: { folder: string; environment: Readonly<Record<string, string>> },
): Promise<CommandOutcome> {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    env: environment,
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
  return { code, stdout, stderr };
}
