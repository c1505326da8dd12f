import { excerpt, joinWords, sortedUnique } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { Place } from '../../metadata/release-facts.ts';

/** E_DYNAMIC_REQUIREMENTS: only running the build backend would tell; `place` and `why` say what stands in the way. */
export function dynamic(
  file: string,
  place: { readonly file?: string; readonly line?: number },
  why: string,
): UserError {
  const where = place.file === undefined ? '' : ` (${place.file}${place.line === undefined ? '' : `:${place.line}`})`;
  return new UserError(
    'E_DYNAMIC_REQUIREMENTS',
    `the requirements of ${file} cannot be read without running its build backend: ${excerpt(why)}${where}`,
    {
      exit: EXIT.data,
      hint: 'write them into [project] dependencies, or give a requirements file with -r',
    },
  );
}

/** E_BAD_PYPROJECT: a file or table that cannot be read. */
export function badPyproject(
  file: string,
  { line, what, why }: Place & { readonly what: string; readonly why: string },
): UserError {
  const where = line === undefined ? file : `${file}:${line}`;
  return new UserError('E_BAD_PYPROJECT', `${where}: ${what === 'pyproject.toml' ? '' : `${what}: `}${excerpt(why)}`, {
    exit: EXIT.data,
    hint: 'the file has to be a pyproject.toml as PEP 621 has it',
  });
}

/** E_NO_SUCH_EXTRA: with the extras that there are as the hint. */
export function noSuchExtra(
  extra: string,
  { file, known }: { readonly file: string; readonly known: readonly string[] },
): UserError {
  return new UserError('E_NO_SUCH_EXTRA', `${file} has no extra ${excerpt(extra)}`, {
    exit: EXIT.data,
    hint: known.length === 0 ? 'it has no extras' : `its extras are ${joinWords(sortedUnique(known))}`,
  });
}
