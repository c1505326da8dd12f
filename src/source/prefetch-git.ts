import { execFile } from 'node:child_process';
import * as v from 'valibot';
import type { Environment } from './git-command.ts';

const Prefetched = v.looseObject({ sha256: v.optional(v.string()), hash: v.optional(v.string()) });

const LONGEST_MILLISECONDS = 15 * 60 * 1000;

/**
 * The hash of a commit with its submodules as nixpkgs' `nix-prefetch-git` computes it: SRI, or the 52 letters of Nix's base32. Null where the program is
 * not there or fails, in which case the expression has to do without.
 */
export async function prefetchGit(
  { url, commit }: { readonly url: string; readonly commit: string },
  environment: Environment,
): Promise<string | null> {
  // Both come from a parsed address: neither begins with a dash.
  const args = ['--url', url, '--rev', commit, '--fetch-submodules', '--quiet'];
  const env = {
    ...environment,
    PATH: environment.PATH ?? process.env.PATH,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'protocol.ext.allow',
    GIT_CONFIG_VALUE_0: 'never',
  };
  const output = await new Promise<string | null>((resolve) => {
    execFile('nix-prefetch-git', args, { env, timeout: LONGEST_MILLISECONDS }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
  if (output === null) return null;
  try {
    const decoded = v.safeParse(Prefetched, JSON.parse(output));
    return decoded.success ? (decoded.output.hash ?? decoded.output.sha256 ?? null) : null;
  } catch {
    return null;
  }
}
