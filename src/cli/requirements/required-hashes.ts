import { UserError } from '../../base/user-error.ts';
import type { RequestedProjects } from './requirement-arguments.ts';

/**
 * The run-time projects (PEP 503 names) for which no requirement has a digest although a requirements file says `--require-hashes`: E_HASH_MISSING for each. As in pip, what
 * only builds or tests ask for needs none.
 */
export function missingHashes(
  projects: Iterable<string>,
  { hashes, hashesRequired }: Pick<RequestedProjects, 'hashes' | 'hashesRequired'>,
): readonly UserError[] {
  if (!hashesRequired) return [];
  return [...projects]
    .filter((name) => !hashes.has(name))
    .map(
      (name) =>
        new UserError(
          'E_HASH_MISSING',
          `${name} is needed, and --require-hashes asks for a --hash that no line gives`,
          {
            hint: `add a line for ${name} with its version and --hash=sha256:..., as \`pip hash FILE\` prints it`,
          },
        ),
    );
}
