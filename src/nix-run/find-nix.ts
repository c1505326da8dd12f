import { UserError } from '../base/user-error.ts';
import { type NixOptions, runNix } from './nix-process.ts';

/** The version of the user's Nix as it names itself (`2.8.0`, `2.19.2`, `2.24pre20240605_ab12cd3`); null when there is none. */
export async function nixVersion(options: Pick<NixOptions, 'environment'>): Promise<string | null> {
  try {
    const { status, stdout } = await runNix('nix-instantiate', ['--version'], { environment: options.environment });
    return status === 0 ? versionIn(stdout) : null;
  } catch (error) {
    if (error instanceof UserError && error.code === 'E_NIX_MISSING') return null;
    throw error;
  }
}

/** `nix-instantiate (Nix) 2.8.0`; forks put more into the brackets, and all have the version at the end. */
function versionIn(text: string): string | null {
  const [first = ''] = text.trim().split('\n');
  const last = first.split(/\s/u).at(-1) ?? '';
  return /^\d+\.\d/u.test(last) ? last : null;
}
