import { EXIT, UserError } from '../../base/user-error.ts';
import { dialectFor } from '../../nix/dialect.ts';
import { checkForm } from '../../nix/environment-request.ts';
import type { CommandResult } from '../options/command.ts';
import type { EnvOptions } from '../options/env-options.ts';
import type { CommandContext } from '../world.ts';
import { repositoryEnvironment, repositoryForEnvironment } from './repository.ts';
import { requirementsEnvironment } from './requirements.ts';

/**
 * `pypi2nix env`: an environment with packages of a repository, where all that is named is of one, or with the packages that requirements lead to.
 * Throws UserError E_NO_SUCH_FORM and E_FORM_DOES_NOT_FIT (exit 2), E_NOT_IN_NIXPKGS (1) for a name in `with`, E_NOT_IN_REPOSITORY (1), and what generating throws.
 */
export async function env(options: EnvOptions, context: CommandContext): Promise<CommandResult> {
  if (options.release !== null) checkForm(options.form, dialectFor(options.release));
  const { choice, notes } = await repositoryForEnvironment(options, context);
  if (options.interpreter !== null && (choice !== null || !asksNothing(options))) throw onlyOfNixpkgs();
  if (choice !== null) return repositoryEnvironment(choice, options, context);
  if (asksNothing(options) && options.with.length === 0)
    throw new UserError('E_USAGE', 'nothing is asked for: there is no repository here or in a folder around', {
      exit: EXIT.usage,
      hint: 'name at least one project, for example: pypi2nix env toolz',
    });
  return requirementsEnvironment(options, { context, notes });
}

function onlyOfNixpkgs(): UserError {
  return new UserError('E_USAGE', '--interpreter is for packages of nixpkgs alone: others are generated for --python', {
    exit: EXIT.usage,
    hint: 'name packages of nixpkgs by --with, and in a repository say --no-repository',
  });
}

/** Whether nothing is to be resolved. */
export function asksNothing(options: EnvOptions): boolean {
  const { requirements, requirementFiles, projectFiles, lock } = options;
  return requirements.length + requirementFiles.length + projectFiles.length === 0 && lock === null;
}
