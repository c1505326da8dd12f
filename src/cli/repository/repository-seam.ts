import { UserError } from '../../base/user-error.ts';
import { defaultIndexUrl } from '../../index/default-index.ts';
import type { RepositoryLock } from '../../lock/repository-lock.ts';
import type { Pin } from '../../repository/manifest.ts';
import { lockedIndex } from '../lock/locked-index.ts';
import type { ResolvingOptions } from '../options.ts';
import type { RunInputs, RunSeam } from '../run/run-inputs.ts';

/** A run that generates from the lock file of a repository, and asks no index. */
export async function lockedSeam(
  lock: RepositoryLock,
  { root, pins }: { readonly root: string; readonly pins: readonly Pin[] },
): Promise<RunSeam> {
  const publicIndex = await defaultIndexUrl();
  const needs = new Map(lock.needs.map((each) => [each.name, each.needs]));
  return {
    adapt: (inputs) => withPins(inputs, pins),
    fallback: { versions: new Map(), commits: lock.commits, notes: [] },
    index: () => lockedIndex(lock, { root, publicIndex }),
    reader: (reader) => ({
      ...reader,
      async newestNeeds(project) {
        const known = needs.get(project);
        if (known !== undefined) return known;
        throw new UserError('E_NOT_IN_LOCK', 'the lock file does not tell it', {
          hint: 'pypi2nix add resolves again, without names what the manifest asks for',
        });
      },
    }),
  };
}

/** The pins of a manifest as constraints, beside those of files. */
export function withPins<Options extends ResolvingOptions>(
  inputs: RunInputs<Options>,
  pins: readonly Pin[],
): RunInputs<Options> {
  if (pins.length === 0) return inputs;
  const constraints = [...inputs.requested.constraints, ...pins.map(({ constraint }) => constraint)];
  return { ...inputs, requested: { ...inputs.requested, constraints } };
}
