import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A case cannot be measured because there is no network. */
export class NoNetwork extends Error {}

/** One run of a process. */
export interface ProcessRun {
  readonly seconds: number;
}

/** What a process used and asked for. */
export interface Watched {
  readonly peakBytes: number;
  readonly requests: readonly SentRequest[];
}

export interface SentRequest {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

type Environment = Readonly<Record<string, string>>;

/**
 * Runs a command with its output thrown away and gives its wall time. Throws an Error with the end of its stderr when it fails, `NoNetwork` when the
 * program says that an index cannot be reached (exit 69).
 */
export async function timed(command: readonly string[], environment: Environment = {}): Promise<ProcessRun> {
  const [file = '', ...args] = command;
  const start = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-2000);
  });
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
  const seconds = (performance.now() - start) / 1000;
  if (code === 0) return { seconds };
  const why = `${path.basename(file)} ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  throw code === 69 ? new NoNetwork(why) : new Error(why);
}

/** One run of a process that is looked at whatever came of it. */
export interface ProcessResult extends ProcessRun {
  /** Null where a signal ended it, or where the command does not exist. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that it had in RAM; null where nobody watched or the system does not tell. */
  readonly peakBytes: number | null;
}

/** How often the memory of a process is looked at, in milliseconds: the system itself keeps the peak. */
const LOOK_EVERY = 10;

/** Runs a command and gives all that it says. With `peak` its memory is watched, which costs time. */
export async function captured(
  command: readonly string[],
  { environment = {}, peak = false }: { readonly environment?: Environment; readonly peak?: boolean } = {},
): Promise<ProcessResult> {
  const [file = '', ...args] = command;
  const start = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let peakBytes: number | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-20_000);
  });
  const look = (): void => {
    peakBytes = peakOf(child.pid) ?? peakBytes;
  };
  const timer = peak ? setInterval(look, LOOK_EVERY) : undefined;
  const code = await new Promise<number | null>((done) => child.on('error', () => done(null)).on('close', done));
  clearInterval(timer);
  return { code, stdout, stderr, seconds: (performance.now() - start) / 1000, peakBytes };
}

/** proc(5): VmHWM is the peak of the resident set, in kB. */
function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    // It has ended, or the system is none that has such files.
    return null;
  }
}

/** Runs the program once under watch, which costs a little: for what it uses and asks for, not for its time. */
export async function watched(
  { program, folder }: { readonly program: string; readonly folder: string },
  args: readonly string[],
  environment: Environment,
): Promise<Watched> {
  const report = path.join(folder, 'watched.json');
  const watch = pathToFileURL(path.join(import.meta.dirname, 'watch.mjs')).href;
  await timed([process.execPath, '--import', watch, program, ...args], { ...environment, BENCH_WATCH: report });
  const seen: Watched = JSON.parse(await readFile(report, 'utf8'));
  return seen;
}

/** What starting Node costs by itself. */
export async function emptyNode(): Promise<number> {
  return (await timed([process.execPath, '-e', '0'])).seconds;
}

/** The settings of a run that is to see a cache of its own and nothing else that earlier runs left. */
export function withCache(folder: string): Environment {
  return { PYPI2NIX_CACHE_DIR: folder };
}

/** The settings of a run against an index on this machine: no configuration of the user, no proxy. */
export function loopbackEnvironment(cache: string): Environment {
  return { ...withCache(cache), PIP_CONFIG_FILE: '/dev/null', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
}
