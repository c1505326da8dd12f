import { Option } from 'commander';
import { filled } from './values.ts';

/**
 * The package set that a run is for: the shipped list of names of a release; a set of which nothing is known; or a nixpkgs that is read, by its folder (`<nixpkgs>` for what
 * NIX_PATH has) or by a flake reference.
 */
export type NixpkgsChoice =
  | { readonly kind: 'builtin' }
  | { readonly kind: 'none' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'flake'; readonly reference: string };

/** `--nixpkgs`, with what it is for. */
export function nixpkgsOption(purpose: string): Option {
  return new Option(
    '--nixpkgs <which>',
    `${purpose}: a folder, <nixpkgs> or a flake reference, which Nix reads; builtin for the shipped list; or none; else PYPI2NIX_NIXPKGS says it, or builtin holds`,
  ).argParser(filled);
}

/** What `--nixpkgs` says, else the variable PYPI2NIX_NIXPKGS. */
export function chosenNixpkgs(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): NixpkgsChoice {
  const named = environment.PYPI2NIX_NIXPKGS?.trim() ?? '';
  return parseNixpkgsChoice(given ?? (named === '' ? 'builtin' : named));
}

/** which = "builtin" / "none" / path / flake-reference; the last has a colon and does not begin as a path does. */
export function parseNixpkgsChoice(text: string): NixpkgsChoice {
  if (text === 'builtin' || text === 'none') return { kind: text };
  return text.includes(':') && !/^[./~<]/u.test(text)
    ? { kind: 'flake', reference: text }
    : { kind: 'path', path: text };
}

/** A nixpkgs that is read. */
export type ReadChoice = Extract<NixpkgsChoice, { kind: 'path' | 'flake' }>;

/** Whether a nixpkgs is read. */
export function isRead(choice: NixpkgsChoice): choice is ReadChoice {
  return choice.kind === 'path' || choice.kind === 'flake';
}
