import { chmod, lstat, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { evaluateJson } from '../../src/nix-run/evaluate.ts';
import { type NixProgram, type NixResult, runNix } from '../../src/nix-run/nix-process.ts';

/** A Nix store for builds, apart from that of the machine: nothing of the machine is changed, and no rights are needed. */
export interface BuildStore {
  evaluate(expression: string): Promise<unknown>;
  /** Puts the files of a folder into the store, under the paths that their fetchers have. */
  addArchives(folder: string): Promise<void>;
  /** Builds derivations as far as possible; what came of each is asked for afterwards. `onBuild` is told the name of each one that is begun. */
  realise(derivations: readonly string[], onBuild: (name: string) => void): Promise<void>;
  /** Whether a derivation has no output in the store. */
  isMissing(derivation: string): Promise<boolean>;
  /** The derivations that a derivation needs, each after those that it needs itself; it is the last. */
  closure(derivation: string): Promise<readonly string[]>;
  /** The log of a build that was tried, without colours; null where there is none. */
  log(derivation: string): Promise<string | null>;
  close(): Promise<void>;
}

export interface BuildStoreOptions {
  /** Kept from run to run; null: an empty one that `close` removes. */
  readonly folder: string | null;
  readonly jobs: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Seconds after which a build is ended: one that waits for input or for a network would never end. */
const TIMEOUT = 3600;
const SILENT_TIMEOUT = 900;

/** Opens the store. The path is short, because paths of interpreters stand in first lines of scripts, which have a limit. */
export async function openBuildStore({ folder, jobs, environment }: BuildStoreOptions): Promise<BuildStore> {
  const root = folder ?? (await mkdtemp(path.join(os.tmpdir(), 'nix-')));
  await mkdir(path.join(root, 'home'), { recursive: true });
  const real = await realpath(root);
  const nixEnvironment = { ...environment, ...storeVariables(real, jobs) };

  const run = (program: NixProgram, args: readonly string[], onStderr?: (text: string) => void): Promise<NixResult> =>
    runNix(program, args, {
      environment: nixEnvironment,
      directory: real,
      ...(onStderr === undefined ? {} : { onStderr }),
    });
  const ask = async (args: readonly string[]): Promise<readonly string[]> => {
    const result = await run('nix-store', args);
    if (result.status !== 0) throw new Error(result.stderr);
    return result.stdout.split('\n').filter((line) => line !== '');
  };

  return {
    evaluate: (expression) =>
      evaluateJson(expression, {
        environment: nixEnvironment,
        directory: real,
        arguments: ['--read-write-mode'],
      }),
    async addArchives(archives) {
      const files = (await readdir(archives)).sort().map((file) => path.join(archives, file));
      for (const some of inParts(files)) await ask(['--add-fixed', 'sha256', ...some]);
    },
    async realise(derivations, onBuild) {
      // What fails is found by its absence: the exit code only says that something did.
      const args = [
        '--realise',
        '--keep-going',
        '--timeout',
        String(TIMEOUT),
        '--max-silent-time',
        String(SILENT_TIMEOUT),
      ];
      if (derivations.length > 0) await run('nix-store', [...args, ...derivations], buildNames(onBuild));
    },
    async isMissing(derivation) {
      const outputs = await ask(['--query', '--outputs', derivation]);
      return (await ask(['--check-validity', '--print-invalid', ...outputs])).length > 0;
    },
    closure: async (derivation) =>
      (await ask(['--query', '--requisites', derivation])).filter((file) => file.endsWith('.drv')),
    async log(derivation) {
      const result = await run('nix-store', ['--read-log', derivation]);
      return result.status === 0 ? stripVTControlCharacters(result.stdout) : null;
    },
    async close() {
      if (folder !== null) return;
      await makeWritable(real);
      await rm(real, { recursive: true, force: true });
    },
  };
}

function storeVariables(root: string, jobs: number): Readonly<Record<string, string>> {
  return {
    NIX_STORE_DIR: path.join(root, 'store'),
    NIX_STATE_DIR: path.join(root, 'state'),
    NIX_LOCALSTATE_DIR: path.join(root, 'state'),
    NIX_LOG_DIR: path.join(root, 'log'),
    NIX_CONF_DIR: path.join(root, 'conf'),
    NIX_REMOTE: '',
    // Profiles and channels of the caller are left alone.
    HOME: path.join(root, 'home'),
    // Without build users, and with the tools of the host inside of builds.
    NIX_CONFIG: `build-users-group =\nsandbox = false\nsubstituters =\nmax-jobs = ${jobs}\n`,
  };
}

/** Command lines have a limit. */
function* inParts<Each>(all: readonly Each[]): Generator<readonly Each[]> {
  for (let at = 0; at < all.length; at += 100) yield all.slice(at, at + 100);
}

/** Tells the builds that Nix begins: `building '/nix/store/HASH-NAME.drv'...`. */
function buildNames(onBuild: (name: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const name = /^building '[^']*\/[0-9a-z]{32}-([^']+)\.drv'/u.exec(line)?.[1];
      if (name !== undefined) onBuild(name);
    }
  };
}

/** Folders of a store are read-only, so that only root could remove them. */
async function makeWritable(folder: string): Promise<void> {
  if (process.getuid?.() === 0) return;
  if (!(await lstat(folder)).isDirectory()) return;
  await chmod(folder, 0o755);
  for (const name of await readdir(folder)) await makeWritable(path.join(folder, name));
}
