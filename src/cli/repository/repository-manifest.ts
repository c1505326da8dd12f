import path from 'node:path';
import { EXIT, UserError } from '../../base/user-error.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../../repository/manifest.ts';
import { optionArguments } from '../../repository/manifest-options.ts';
import { type GenerateOptions, parseArguments } from '../options.ts';
import { VERSION } from '../version.ts';
import { textIfThere } from './repository-folder.ts';

/** The manifest of a repository. Throws UserError E_BAD_MANIFEST (exit 78), E_NO_REPOSITORY (2) and E_CANNOT_READ (74). */
export async function readManifest(root: string): Promise<Manifest> {
  const text = await textIfThere(path.join(root, MANIFEST_PATH));
  if (text !== null) return parseManifest(text, MANIFEST_PATH);
  throw new UserError('E_NO_REPOSITORY', `${root} has no ${MANIFEST_PATH}`, {
    exit: EXIT.usage,
    hint: 'start a repository with pypi2nix init',
  });
}

/** How a run of a repository goes to work, which is no matter of the manifest. */
export interface WorkOptions {
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly jobs: number;
}

/** What a run asks for where nothing is said of it. */
export const USUAL_WORK: WorkOptions = { offline: false, refresh: false, jobs: 16 };

/**
 * The manifest as options of `generate`: what its command line with the same options and requirements would say. Variables of the environment that stand for options do
 * not count, because a repository is the same on every machine.
 * Throws UserError E_USAGE (exit 2) for values that mean nothing.
 */
export function manifestOptions(manifest: Manifest, work: WorkOptions): GenerateOptions {
  const requirements = wantedOf(manifest);
  const args = [
    'generate',
    ...optionArguments(manifest.options),
    ...(work.offline ? ['--offline'] : []),
    ...(work.refresh ? ['--refresh'] : []),
    `--jobs=${work.jobs}`,
    '--',
    // A command line asks for something.
    ...(requirements.length === 0 ? [MANIFEST_NOTHING] : requirements),
  ];
  const invocation = parseArguments(args, { version: VERSION, environment: {} });
  if (invocation.kind !== 'generate') throw new Error('the options of a manifest are those of generate');
  return { ...invocation.options, requirements };
}

const MANIFEST_NOTHING = 'nothing';

/** The requirements of a manifest, with the projects that are worked on, as they are written. */
export function wantedOf({ requirements, develop }: Pick<Manifest, 'requirements' | 'develop'>): readonly string[] {
  return [...requirements, ...develop.filter((each) => !requirements.includes(each))];
}
