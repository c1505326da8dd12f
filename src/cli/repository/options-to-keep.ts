import path from 'node:path';
import { EXIT, throwAll, UserError } from '../../base/user-error.ts';
import { redactUrl } from '../../net/redact.ts';
import type { ManifestOptions } from '../../repository/manifest-options.ts';
import { parseNixpkgsChoice } from '../options/nixpkgs-choice.ts';
import { pathInRepository } from './change-repository.ts';

/** Options of a command line as a manifest keeps them: paths are of the repository. Throws UserError E_CREDENTIALS_IN_MANIFEST (exit 2). */
export function optionsToKeep(
  given: ManifestOptions,
  place: { readonly root: string; readonly directory: string },
): ManifestOptions {
  const urls = [given['index-url'] ?? null, ...(given['extra-index-url'] ?? []), ...(given['find-links'] ?? [])];
  throwAll(urls.flatMap(credentialFaults));
  return seenFrom(given, place);
}

/** What is kept in a file is read by others. */
function credentialFaults(url: string | null): UserError[] {
  if (url === null || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  if (username === '' && password === '') return [];
  return [
    new UserError(
      'E_CREDENTIALS_IN_MANIFEST',
      `${redactUrl(url)} has a user name or password, which is not kept in pypi2nix.toml`,
      {
        exit: EXIT.usage,
        hint: 'leave it out of the address, and put it into ~/.netrc',
      },
    ),
  ];
}

/** Paths of the working directory as the repository sees them. */
function seenFrom(
  kept: ManifestOptions,
  { root, directory }: { readonly root: string; readonly directory: string },
): ManifestOptions {
  const moved = (given: string): string =>
    /^[a-z][a-z0-9+.-]*:/iu.test(given) ? given : pathInRepository(given, { directory, root });
  const lists = (['constraint', 'overrides', 'find-links'] as const).flatMap((name) => {
    const values = kept[name];
    return values === undefined ? [] : [[name, values.map(moved)] as const];
  });
  const { nixpkgs } = kept;
  const choice = nixpkgs === undefined ? null : parseNixpkgsChoice(nixpkgs);
  // An absolute path, a search path, a flake and a word mean the same in every folder.
  const isFolder = choice?.kind === 'path' && !choice.path.startsWith('<') && !path.isAbsolute(choice.path);
  const folder = isFolder ? { nixpkgs: moved(choice.path) } : {};
  return { ...kept, ...Object.fromEntries(lists), ...folder };
}
