import { revisionOf } from './revision.ts';
import { type StatedRelease, statedRelease } from './stated-release.ts';

/** Which nixpkgs was read, for programs. */
export interface NixpkgsIdentity {
  /** As it was named: a path, `<nixpkgs>` or a flake reference. */
  readonly named: string;
  /** Absolute path of what that led to. */
  readonly folder: string;
  /** `18.03`, or `18.09pre` before that release; null: it does not say. */
  readonly release: string | null;
  /** `commit 0123456789ab`, with ` with changes` behind it, the name of a path in the store, or `files 0123456789ab`; null: the folder cannot be read. */
  readonly revision: string | null;
}

/** The identity of a nixpkgs without evaluating it. `revision`: where the name told it. */
export async function identityOf(
  folder: string,
  {
    named,
    environment,
    revision,
  }: {
    readonly named: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly revision?: string | undefined;
  },
): Promise<NixpkgsIdentity> {
  const release = releaseWord(await statedRelease(folder));
  const told = revision ?? (await revisionOf(folder, environment).catch(() => null))?.title ?? null;
  return { named, folder, release, revision: told };
}

/** A release as one word: `18.09pre` for what came before it. */
export function releaseWord(stated: StatedRelease | null): string | null {
  return stated === null ? null : `${stated.release}${stated.isBefore ? 'pre' : ''}`;
}
