import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Note } from '../../base/note.ts';
import { joinWords } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import { MANIFEST_PATH, parseManifest } from '../../repository/manifest.ts';
import { manifestTemplate } from '../../repository/manifest-template.ts';
import type { CommandResult } from '../options/command.ts';
import type { InitOptions } from '../options/init-options.ts';
import type { CommandContext } from '../world.ts';
import { EMPTY_LOCK } from './change-repository.ts';
import { composeRepository } from './compose-repository.ts';
import { optionsToKeep } from './options-to-keep.ts';
import { LOCK_PATH, textIfThere } from './repository-folder.ts';
import { USUAL_WORK } from './repository-manifest.ts';
import { openFor, repositoryResult } from './repository-run.ts';

/**
 * `pypi2nix init`: starts a repository that asks for nothing yet. Files of the user stay as they are.
 * Throws UserError E_REPOSITORY_EXISTS (exit 73), E_CREDENTIALS_IN_MANIFEST (2), E_NOT_OURS (73) for files that are in the way, and E_USAGE (2) for options that mean nothing.
 */
export async function init(options: InitOptions, context: CommandContext): Promise<CommandResult> {
  const root = path.resolve(context.directory, options.folder ?? '.');
  const shown = options.folder ?? '.';
  if (existsSync(path.join(root, MANIFEST_PATH))) {
    throw new UserError('E_REPOSITORY_EXISTS', `${shown} is a repository already`, {
      exit: EXIT.cannotWrite,
      hint: `edit its ${MANIFEST_PATH}, then run pypi2nix add there`,
    });
  }
  const { kept } = options;
  const text = manifestTemplate(optionsToKeep(kept, { root, directory: context.directory }));
  return openFor(root, { options: { wait: false, force: false }, context }, async (repository) => {
    if (repository.record.packages.length > 0) {
      throw new UserError('E_REPOSITORY_EXISTS', `${shown} has packages of pypi2nix -o`, {
        exit: EXIT.cannotWrite,
        hint: `start in another folder, and ask there for what you want of ${joinWords(repository.record.packages.map(({ name }) => name))}`,
      });
    }
    const manifest = parseManifest(text, MANIFEST_PATH);
    const composed = await composeRepository({ root, manifest, lock: null, work: USUAL_WORK, context });
    const lockBefore = await textIfThere(path.join(root, LOCK_PATH));
    if (lockBefore !== null && lockBefore !== EMPTY_LOCK) {
      throw new UserError('E_NOT_OURS', `${path.join(root, LOCK_PATH)} was not written by pypi2nix for a repository`, {
        exit: EXIT.cannotWrite,
        hint: 'move it away',
      });
    }
    const plan = await repository.plan({
      ...composed.texts,
      own: new Map([
        [MANIFEST_PATH, { text, before: null }],
        [LOCK_PATH, { text: EMPTY_LOCK, before: lockBefore }],
      ]),
    });
    if (!options.dryRun) await repository.commit(plan);
    const foreign = [...plan.outcomes].flatMap(([file, outcome]) => (outcome === 'foreign' ? [file] : []));
    return repositoryResult({ plan, notes: foreignNotes(foreign) }, options);
  });
}

function foreignNotes(foreign: readonly string[]): Note[] {
  if (foreign.length === 0) return [];
  const text = `${joinWords(foreign)} ${foreign.length === 1 ? 'is' : 'are'} yours, and ${foreign.length === 1 ? 'stays' : 'stay'} as ${foreign.length === 1 ? 'it is' : 'they are'}`;
  return [{ kind: 'omitted', text }];
}
