import * as v from 'valibot';
import { excerpt } from '../base/text.ts';
import { EXIT, UserError } from '../base/user-error.ts';
import { lastMessages } from '../nix-run/evaluate.ts';
import { nixVersion } from '../nix-run/find-nix.ts';
import { runNix } from '../nix-run/nix-process.ts';

/** Where a nixpkgs that was named lies. */
export interface PlacedNixpkgs {
  /** Absolute path. */
  readonly folder: string;
  /** What the revision is called where the name tells it; missing: the folder does. */
  readonly title?: string;
}

/** What asking Nix takes. */
export interface PlacingOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly directory: string;
  /** Nothing is fetched. */
  readonly offline: boolean;
}

/**
 * Lets Nix fetch what a flake reference (`github:NixOS/nixpkgs/nixos-25.05`) leads to. The features of Nix that this takes are asked for on the command line.
 * Throws UserError E_NO_FLAKES (exit 69) where Nix is older than flakes, E_BAD_FLAKE (exit 1) with what Nix says, and E_NIX_MISSING (exit 69).
 */
export async function placeFlake(reference: string, options: PlacingOptions): Promise<PlacedNixpkgs> {
  const { environment, directory, offline } = options;
  const arguments_ = [
    ...['--extra-experimental-features', 'nix-command flakes', 'flake', 'metadata', '--json', '--no-write-lock-file'],
    ...(offline ? ['--offline'] : []),
    ...['--', reference],
  ];
  const { status, stdout, stderr } = await runNix('nix', arguments_, { environment, directory }).catch(
    async (thrown: unknown) => {
      throw (await isOlderThanFlakes(environment)) ? noFlakes(reference) : thrown;
    },
  );
  if (status !== 0) {
    if ((await isOlderThanFlakes(environment)) || /not a recogni[sz]ed (?:command|flag)/u.test(stderr))
      throw noFlakes(reference);
    throw new UserError('E_BAD_FLAKE', `Nix cannot fetch the flake ${excerpt(reference)}:\n${lastMessages(stderr)}`, {
      hint: 'see that `nix flake metadata` reads it; the folder of a checkout works as well',
    });
  }
  return placeOf(stdout, reference);
}

const Metadata = v.object({
  path: v.string(),
  revision: v.optional(v.string()),
  locked: v.optional(v.object({ dir: v.optional(v.string()) })),
});

function placeOf(stdout: string, reference: string): PlacedNixpkgs {
  const found = v.safeParse(Metadata, parsed(stdout));
  if (!found.success || !found.output.path.startsWith('/'))
    throw new UserError('E_BAD_FLAKE', `Nix does not tell where the flake ${excerpt(reference)} lies`);
  const { path: folder, revision, locked } = found.output;
  const commit = revision === undefined || !/^[0-9a-f]{40,64}$/u.test(revision) ? null : revision.slice(0, 12);
  return {
    folder: locked?.dir === undefined ? folder : `${folder}/${locked.dir}`,
    ...(commit === null ? {} : { title: `commit ${commit}` }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Flakes came with Nix 2.4. */
async function isOlderThanFlakes(environment: PlacingOptions['environment']): Promise<boolean> {
  const version = await nixVersion({ environment });
  const [, major, minor] = /^(\d+)\.(\d+)/u.exec(version ?? '') ?? [];
  return version !== null && (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 4));
}

function noFlakes(reference: string): UserError {
  return new UserError('E_NO_FLAKES', `${excerpt(reference)} is a flake reference, and this Nix knows no flakes`, {
    hint: 'give --nixpkgs the folder of a checkout instead, or use Nix 2.4 or newer',
    exit: EXIT.unavailable,
  });
}

/**
 * Lets Nix look a name of NIX_PATH up (`<nixpkgs>`). Throws UserError E_BAD_NIXPKGS (exit 1) where it leads nowhere, and E_NIX_MISSING (exit 69).
 */
export async function placeSearchPath(
  name: string,
  { environment, directory }: PlacingOptions,
): Promise<PlacedNixpkgs> {
  const found = await runNix('nix-instantiate', ['--find-file', name], { environment, directory });
  const folder = found.stdout.trim();
  if (found.status === 0 && folder.startsWith('/')) return { folder };
  throw new UserError('E_BAD_NIXPKGS', `NIX_PATH has no <${name}>`, {
    hint: 'give --nixpkgs the folder of a nixpkgs, or a flake reference such as github:NixOS/nixpkgs/nixos-25.05',
  });
}
