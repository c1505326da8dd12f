import { type ChildProcess, spawn } from 'node:child_process';
import { excerpt, oneLine } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { redactText } from '../net/redact.ts';

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What git is run with. */
export interface GitOptions {
  readonly environment: Environment;
  /** A bare repository; null for commands that need none. */
  readonly repository: string | null;
  /** Whether a repository of this machine may be fetched from. */
  readonly allowFile?: boolean;
}

/** What a command of git said. */
export interface GitOutput {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Above this a command of git is given up: a listing of references or of a tree that is this long is no project. */
const MOST_OUTPUT = 256 * 1024 ** 2;
const LONGEST_MILLISECONDS = 15 * 60 * 1000;

/**
 * Runs the system's git so that nothing of a repository is executed and nobody is asked: no hooks, no prompts, no helpers of transport but
 * https, http, ssh and git. The user's own configuration (proxies, credential helpers, `insteadOf`) holds. `args` come from this program alone; what comes
 * from outside stands after `--` or behind a prefix.
 *
 * Throws UserError E_NO_GIT (exit 69) where git is missing; what git says against the command is an answer.
 */
export async function runGit(args: readonly string[], options: GitOptions): Promise<GitOutput> {
  const child = startGit(args, options);
  child.stdin?.end();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_OUTPUT) child.kill();
    else out.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    if (err.length < 1000) err.push(chunk);
  });
  const timer = setTimeout(() => child.kill(), LONGEST_MILLISECONDS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', (cause) => reject(startFailure(cause)));
      child.on('close', (status) => resolve(status));
    });
    const ok = code === 0 && size <= MOST_OUTPUT;
    return { ok, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') };
  } finally {
    clearTimeout(timer);
  }
}

/** Starts git with the same settings; the caller writes to it and reads from it, and turns its `error` event into `startFailure`. */
export function startGit(args: readonly string[], options: GitOptions): ChildProcess {
  const place = options.repository === null ? [] : [`--git-dir=${options.repository}`];
  return spawn('git', [...settings(options), ...place, ...args], {
    cwd: options.repository ?? '/',
    env: gitEnvironment(options.environment),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** The error for a git that cannot be started. */
export function startFailure(cause: unknown): UserError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return new UserError('E_NO_GIT', isMissing ? 'git is not here' : 'git cannot be started', {
    exit: EXIT.unavailable,
    hint: 'install git, for example with: nix-shell -p git',
    cause,
  });
}

/** The error for a repository that git could not read. `what` begins the sentence: `https://host.test/a.git`. */
export function gitFailure(what: string, stderr: string): UserError {
  const lines = stderr.split('\n').filter((line) => /^(?:fatal|error|remote|ssh|ERROR):|denied|refused/iu.test(line));
  const detail = redactText(oneLine((lines.length > 0 ? lines : stderr.split('\n')).slice(0, 4).join(' ')));
  return new UserError(
    'E_GIT_FAILED',
    `${excerpt(what)} cannot be read by git: ${excerpt(detail) || 'no reason is given'}`,
    {
      exit: EXIT.unavailable,
      hint: 'see that `git ls-remote` reads it without a question: git asks for no password here, but takes one from a credential helper, ~/.netrc or an ssh agent',
    },
  );
}

function settings({ allowFile = false }: GitOptions): string[] {
  const values = [
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'core.askPass=',
    'credential.interactive=false',
    'protocol.allow=never',
    'protocol.ext.allow=never',
    ...['https', 'http', 'ssh', 'git'].map((scheme) => `protocol.${scheme}.allow=always`),
    `protocol.file.allow=${allowFile ? 'always' : 'never'}`,
    'submodule.recurse=false',
    'fetch.recurseSubmodules=no',
    'gc.auto=0',
    'maintenance.auto=false',
    'http.lowSpeedLimit=1',
    'http.lowSpeedTime=60',
  ];
  return ['--no-pager', '--no-replace-objects', ...values.flatMap((value) => ['-c', value])];
}

/** Of the caller's variables for git only those stay that say how to reach a host: others would lead to another repository or configuration. */
const KEPT = new Set(['GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_SSL_CAINFO', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM']);

function gitEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_') || KEPT.has(name));
  return {
    ...Object.fromEntries(kept),
    PATH: environment.PATH ?? process.env.PATH,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GIT_SSH_COMMAND:
      environment.GIT_SSH_COMMAND ?? (environment.GIT_SSH === undefined ? 'ssh -oBatchMode=yes' : undefined),
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
}
