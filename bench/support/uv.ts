import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { captured, NoNetwork, type ProcessResult } from './program.ts';

/** The release that is compared with: its rules are those that docs/resolver.md tells of. */
export const UV_VERSION = '0.13.9';

/** An installed uv, and the interpreters that it may build sdists with, best first. */
export interface Uv {
  readonly program: string;
  readonly interpreters: readonly string[];
}

/** What is resolved, for both programs. */
export interface CompareRequest {
  /** `3.13` */
  readonly python: string;
  /** RFC 3339. */
  readonly asOf: string;
  readonly requirements: readonly string[];
}

/** One resolution. */
export interface Resolved extends ProcessResult {
  /** By normal name. */
  readonly versions: ReadonlyMap<string, string>;
}

/** Interpreters that may be found in the PATH; old sdists cannot be built with new ones. */
const INTERPRETERS = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9'];

/** Makes a venv in the folder and installs uv into it. Throws `NoNetwork` when that cannot be had. */
export async function installUv(folder: string): Promise<Uv> {
  const venv = path.join(folder, 'venv');
  const made = await captured(['python3', '-m', 'venv', venv]);
  if (made.code !== 0) throw new Error(`python3 cannot make a venv: ${lastLineOf(made.stderr)}`);
  const python = path.join(venv, 'bin', 'python');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `uv==${UV_VERSION}`];
  const installed = await captured([python, ...install]);
  if (installed.code !== 0) throw new NoNetwork(`uv cannot be installed: ${lastLineOf(installed.stderr)}`);
  const interpreters = [python];
  for (const name of INTERPRETERS) {
    // What a PATH names may be a script that only says which versions there are.
    const { code, stdout } = await captured([name, '-c', 'import sys; print(sys.executable)']);
    if (code === 0) interpreters.push(stdout.trim());
  }
  return { program: path.join(venv, 'bin', 'uv'), interpreters };
}

/**
 * `uv pip compile` of the requirements. uv runs the builds of sdists, which may fail on one interpreter and not on another: the first with which
 * it comes through is taken. Throws an Error with the end of uv's message when there is none.
 */
export async function compileWith(
  uv: Uv,
  request: CompareRequest,
  { folder, cache, peak = false }: { readonly folder: string; readonly cache: string; readonly peak?: boolean },
): Promise<Resolved & { readonly interpreter: string }> {
  const file = path.join(folder, 'requirements.in');
  await writeFile(file, `${request.requirements.join('\n')}\n`);
  let message = '';
  for (const interpreter of uv.interpreters) {
    const result = await captured([uv.program, ...argumentsOf(request, interpreter), file], {
      environment: uvEnvironment(cache),
      peak,
    });
    if (result.code === 0) return { ...result, versions: pinsOf(result.stdout), interpreter };
    message = result.stderr;
    if (!message.includes('Failed to build')) break;
    await rm(cache, { recursive: true, force: true });
  }
  throw new Error(`uv cannot resolve it: ${firstLineOf(message)}`);
}

function argumentsOf({ python, asOf }: CompareRequest, interpreter: string): string[] {
  const isTarget = process.platform === 'linux' && process.arch === 'x64';
  return [
    ...['pip', 'compile', '--quiet', '--no-header', '--no-annotate', '--no-config'],
    ...['--python', interpreter, '--python-version', python, '--exclude-newer', asOf],
    ...(isTarget ? [] : ['--python-platform', 'x86_64-unknown-linux-gnu']),
  ];
}

/** The same index for both: uv does not look at pip's settings. */
function uvEnvironment(cache: string): Record<string, string> {
  const index = process.env.UV_DEFAULT_INDEX ?? process.env.UV_INDEX_URL ?? process.env.PIP_INDEX_URL;
  return {
    UV_CACHE_DIR: cache,
    UV_PYTHON_DOWNLOADS: 'never',
    ...(index === undefined ? {} : { UV_DEFAULT_INDEX: index }),
  };
}

function pinsOf(text: string): Map<string, string> {
  const pins = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) pins.set(match[1], match[2]);
  }
  return pins;
}

function firstLineOf(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function lastLineOf(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
