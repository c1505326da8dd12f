import { execFile } from 'node:child_process';
import type { CommandContext } from './world.ts';

/** How a command of Nix ended. `messages`: the end of what it said. */
export type NixOutcome =
  | { readonly kind: 'done'; readonly stdout: string }
  | { readonly kind: 'failed'; readonly messages: string }
  | { readonly kind: 'missing' };

/** Beyond this a log is of no use to a reader; Nix keeps the whole one. */
const MOST_LINES = 30;

const MOST_BYTES = 64 * 1024 * 1024;

/** Runs a command of Nix without a shell, in the environment and folder of the user. */
export function runNix(
  command: string,
  args: readonly string[],
  { environment, directory }: Pick<CommandContext, 'environment' | 'directory'>,
): Promise<NixOutcome> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: { ...environment }, maxBuffer: MOST_BYTES };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'done', stdout });
      else if (error.code === 'ENOENT') resolve({ kind: 'missing' });
      else resolve({ kind: 'failed', messages: lastLines(stderr === '' ? error.message : stderr) });
    });
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-MOST_LINES).join('\n');
}
