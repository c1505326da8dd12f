import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { EXIT, UserError } from '../base/user-error.ts';

/** The commands of Nix that this program starts. */
export type NixProgram = 'nix-instantiate' | 'nix-build' | 'nix-store' | 'nix-shell' | 'nix';

/** How a command of Nix ended. */
export interface NixResult {
  /** The exit code; null when it was killed: by a signal, by `signal` of the options, or for an output beyond the limit. */
  readonly status: number | null;
  readonly stdout: string;
  /** Messages and logs; of very long ones the end. */
  readonly stderr: string;
}

/** What a command of Nix is run with. */
export interface NixOptions {
  /** The variables of the process, all of them: PATH is where Nix is looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder, else that of this process. */
  readonly directory?: string;
  /** The text of standard input; without it there is none. */
  readonly input?: string;
  /** Called with each piece of standard error as it comes. */
  readonly onStderr?: (text: string) => void;
  /** Ends the command early. */
  readonly signal?: AbortSignal;
  /** Bytes of standard output beyond which the command is killed, 256 MiB unless said otherwise. */
  readonly outputLimit?: number;
}

/** The commands that run now. Whatever ends this program ends them, except a SIGKILL, which it does not notice. */
const running = new Set<ChildProcess>();

const OUTPUT_LIMIT = 256 * 1024 ** 2;

/** The end of a log is what explains a failure. In characters. */
const KEPT_MESSAGES = 16 * 1024 ** 2;

/** What a user without Nix does. */
export const HOW_TO_GET_NIX =
  'install Nix (on Debian and Ubuntu: apt-get install nix-bin) and see that its commands are on PATH';

/**
 * Runs a command of the user's Nix without a shell, and never with the standard input of this process. A command that fails is an answer, see `status`.
 * It ends with this process.
 * Throws UserError E_NIX_MISSING (exit 69) where the command is not there or cannot be started.
 */
export async function runNix(
  program: NixProgram,
  arguments_: readonly string[],
  options: NixOptions,
): Promise<NixResult> {
  const { environment, directory, input, onStderr, signal, outputLimit = OUTPUT_LIMIT } = options;
  if (isAborted(signal)) return { status: null, stdout: '', stderr: '' };
  if (directory !== undefined && !existsSync(directory)) throw new Error(`${program}: no folder ${directory}`);
  const child = spawn(program, arguments_, {
    env: { ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(directory === undefined ? {} : { cwd: directory }),
  });
  const stop = (): void => {
    child.kill();
  };
  begin(child);
  signal?.addEventListener('abort', stop, { once: true });
  give(input, child);
  try {
    const result = await collect(child, { program, onStderr, outputLimit });
    // Nix takes SIGTERM for a reason to clean up and to exit with a code of its own.
    return isAborted(signal) ? { ...result, status: null } : result;
  } finally {
    signal?.removeEventListener('abort', stop);
    end(child);
  }
}

function begin(child: ChildProcess): void {
  if (running.size === 0) process.once('exit', endAll);
  running.add(child);
}

function end(child: ChildProcess): void {
  running.delete(child);
  if (running.size === 0) process.off('exit', endAll);
}

function endAll(): void {
  for (const child of running) child.kill();
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}

function give(input: string | undefined, child: ChildProcess): void {
  // A command that ends before it has read everything is judged by its exit code, not by the broken pipe.
  child.stdin?.on('error', () => undefined);
  if (input !== undefined) child.stdin?.end(input);
}

interface Collecting {
  readonly program: NixProgram;
  readonly onStderr: ((text: string) => void) | undefined;
  readonly outputLimit: number;
}

function collect(child: ChildProcess, { program, onStderr, outputLimit }: Collecting): Promise<NixResult> {
  const out: Buffer[] = [];
  let size = 0;
  let messages = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > outputLimit) child.kill();
    else out.push(chunk);
  });
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    messages = (messages + text).slice(-KEPT_MESSAGES);
    onStderr?.(text);
  });
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(startFailure(program, cause)));
    child.on('close', (status) => {
      const isCut = size > outputLimit;
      const stderr = isCut ? `${messages}${program} printed more than ${outputLimit} bytes, and was ended\n` : messages;
      resolve({ status: isCut ? null : status, stdout: Buffer.concat(out).toString('utf8'), stderr });
    });
  });
}

function startFailure(program: NixProgram, cause: Error): UserError {
  const isMissing = 'code' in cause && cause.code === 'ENOENT';
  return new UserError(
    'E_NIX_MISSING',
    isMissing ? `${program} is not on PATH` : `${program} cannot be started: ${cause.message}`,
    { exit: EXIT.unavailable, hint: HOW_TO_GET_NIX, cause },
  );
}
