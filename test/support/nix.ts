import { execFile, spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** The folder of the stand-in package set: `import ${STAND_IN} { }`, or `<nixpkgs>` in a store of {@link openNixStore}. */
export const STAND_IN: string = fileURLToPath(new URL('../nixpkgs', import.meta.url));

export interface NixResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** Messages of Nix and the logs of builds. */
  readonly stderr: string;
}

export interface NixOptions {
  /** More variables of the environment, for example STAND_IN_PLACEHOLDERS. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface NixStore {
  /** Runs a command of Nix in this store. Never throws for a command that fails: see `ok`. */
  run(command: string, args: readonly string[], options?: NixOptions): Promise<NixResult>;
  /** Puts a file into the store under the path that a fetcher with its name and sha256 has; gives that path. */
  addFixed(file: string): Promise<string>;
  /** Builds a Nix expression; `stdout` has the store paths, one a line. */
  build(expression: string, options?: NixOptions): Promise<NixResult>;
  /** Evaluates a Nix expression strictly, to its JSON value; throws with Nix's message. */
  evaluate(expression: string, options?: NixOptions): Promise<unknown>;
  /** Writes the derivation of a Nix expression; `stdout` has its path. */
  instantiate(expression: string, options?: NixOptions): Promise<NixResult>;
  remove(): Promise<void>;
}

/**
 * Declares tests that need Nix. Without it they are skipped, and nix-notice.ts says so in one line. With REQUIRE_NIX=1 they fail instead.
 */
export function describeWithNix(name: string, body: () => void): void {
  if (nixIsThere()) {
    describe(name, body);
    return;
  }
  if (process.env.REQUIRE_NIX === '1') {
    it(name, () => {
      throw new Error(`REQUIRE_NIX=1, but Nix is not here: ${HOW_TO_GET_NIX}`);
    });
    return;
  }
  describe.skip(name, body);
}

/** What a user does to have Nix on a Debian machine. */
export const HOW_TO_GET_NIX = 'as root: apt-get update && apt-get install -y nix-bin';

/** Whether the commands of Nix are on PATH. */
export function nixIsThere(): boolean {
  return spawnSync('nix-build', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Opens an empty store in a temporary folder, with `<nixpkgs>` the stand-in package set; nothing of the machine's own
 * store is read or changed, and no user rights beyond the caller's are needed. PYPI2NIX_TEST_STORE=machine takes the
 * machine's store instead, which keeps what was built.
 */
export async function openNixStore(): Promise<NixStore> {
  const useMachine = process.env.PYPI2NIX_TEST_STORE === 'machine';
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'nix-')));
  // HOME: else profiles and channels of the caller are touched.
  await mkdir(join(folder, 'home'));
  const env = { ...process.env, ...(useMachine ? {} : storeVariables(folder)), ...settings(folder) };

  const store: NixStore = {
    run: (command, args, options = {}) =>
      run(command, args, { cwd: options.cwd ?? folder, env: { ...env, ...options.env } }),
    async addFixed(file) {
      const result = await store.run('nix-store', ['--add-fixed', 'sha256', file]);
      if (!result.ok) throw new Error(result.stderr);
      return result.stdout.trim();
    },
    build: (expression, options) => store.run('nix-build', ['--no-out-link', '-E', expression], options),
    async evaluate(expression, options) {
      const result = await store.run('nix-instantiate', ['--eval', '--strict', '--json', '-E', expression], options);
      if (!result.ok) throw new Error(result.stderr);
      return JSON.parse(result.stdout);
    },
    instantiate: (expression, options) => store.run('nix-instantiate', ['-E', expression], options),
    async remove() {
      await makeWritable(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return store;
}

function storeVariables(folder: string): Readonly<Record<string, string>> {
  return {
    NIX_STORE_DIR: join(folder, 'store'),
    NIX_STATE_DIR: join(folder, 'state'),
    NIX_LOCALSTATE_DIR: join(folder, 'state'),
    NIX_LOG_DIR: join(folder, 'log'),
    NIX_CONF_DIR: join(folder, 'conf'),
    NIX_REMOTE: '',
  };
}

function settings(folder: string): Readonly<Record<string, string>> {
  return {
    HOME: join(folder, 'home'),
    NIX_PATH: `nixpkgs=${STAND_IN}`,
    // Root without build users, and the host's tools inside of builds.
    NIX_CONFIG: 'build-users-group =\nsandbox = false\nsubstituters =\nmax-jobs = 2\n',
  };
}

function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<NixResult> {
  return new Promise((resolve) => {
    execFile(command, args, { ...options, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, stdout, stderr: error === null || stderr !== '' ? stderr : error.message });
    });
  });
}

/** Folders of a store are read-only, so that only root could remove them. */
async function makeWritable(folder: string): Promise<void> {
  if (process.getuid?.() === 0) return;
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o755);
  for (const name of await readdir(folder)) await makeWritable(join(folder, name));
}
