import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The release that a nixpkgs says it is. */
export interface StatedRelease {
  /** `18.03`. */
  readonly release: string;
  /** It says that it came before that release (`18.09pre142648.abc`): a channel of what was to become it. A git checkout does not tell. */
  readonly isBefore: boolean;
}

/** The release in the files `.version` and `.version-suffix`, which every nixpkgs since 2014 has; null without them. `folder` is absolute. */
export async function statedRelease(folder: string): Promise<StatedRelease | null> {
  const release = releaseIn(await textOf(path.join(folder, '.version')));
  if (release === null) return null;
  return { release, isBefore: /^pre\d/u.test(await textOf(path.join(folder, '.version-suffix'))) };
}

/** A release out of a text that Nix gave (`18.03`); null for what is none. */
export function releaseIn(text: unknown): string | null {
  return typeof text === 'string' ? (/^\s*(\d{2}\.\d{2})\s*$/u.exec(text.slice(0, 100))?.[1] ?? null) : null;
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).slice(0, 1000);
  } catch {
    // Not there, or not to be read: `lib` is asked instead.
    return '';
  }
}
