import { Option } from 'commander';
import { filled } from './values.ts';

/** The repository that a command looks at: a folder; `search` for the working directory or the nearest folder around it, if it is one; null for none. */
export type RepositoryChoice =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'search' }
  | null;

/** `--repository` and `--no-repository`, with what the latter is for. */
export function repositoryChoiceTable(without: string): Option[] {
  return [
    new Option(
      '--repository <dir>',
      'the folder of the repository (default: this one, or the nearest around it with a pypi2nix.toml)',
    ).argParser(filled),
    new Option('--no-repository', without),
  ];
}

/** What commander makes of the two. */
export function decodeRepositoryChoice(flag: string | boolean | undefined): RepositoryChoice {
  if (flag === false) return null;
  return typeof flag === 'string' ? { kind: 'folder', folder: flag } : { kind: 'search' };
}
