import { shellQuote } from '../../base/shell-quote.ts';
import { compareText, countOf } from '../../base/text.ts';
import { EXIT, UserError } from '../../base/user-error.ts';
import type { SearchHit } from '../../report/search.ts';
import { isRead, type NixpkgsChoice } from '../options/nixpkgs-choice.ts';

/** What an `env` line has to say besides its packages. */
export interface PickContext {
  /** X.Y of the interpreter that environments have where nothing is said of it, those of the repository and those of nixpkgs alone; null: it has to be said. */
  readonly usual: { readonly inRepository: string | null; readonly alone: string | null };
  readonly release: string | null;
  readonly nixpkgs: NixpkgsChoice;
  /** The line is for the folder of a repository. */
  readonly hasRepository: boolean;
}

/** Those of a list that are picked, by their numbers from 1 on. Throws UserError E_USAGE (exit 2) for a number that it does not have. */
export function picked(hits: readonly SearchHit[], pick: readonly number[]): readonly SearchHit[] {
  return [...new Set(pick)].map((number) => {
    const hit = hits[number - 1];
    if (hit !== undefined) return hit;
    throw new UserError('E_USAGE', `--pick ${number}: the list has ${countOf(hits.length, 'entry', 'entries')}`, {
      exit: EXIT.usage,
      hint: 'without --pick the list is printed',
    });
  });
}

/** The commands that print an environment with packages of a list: one for each interpreter. Throws UserError E_USAGE (exit 2) for packages of PyPy. */
export function environmentCommands(hits: readonly SearchHit[], context: PickContext): readonly string[] {
  if (hits.some(({ implementation }) => implementation === 'pypy'))
    throw new UserError('E_USAGE', 'environments are made of CPython, not of PyPy', {
      exit: EXIT.usage,
      hint: 'pick the package of another interpreter',
    });
  const pythons = [...new Set(hits.map(({ python }) => python))];
  return pythons.map((python) => {
    const own = hits.filter((hit) => hit.python === python);
    return commandFor(own, { ...context, python });
  });
}

function commandFor(
  hits: readonly SearchHit[],
  { python, usual, release, nixpkgs, hasRepository }: PickContext & { readonly python: string },
): string {
  const of = (origin: SearchHit['origin']): readonly string[] =>
    [...new Set(hits.filter((hit) => hit.origin === origin).map(({ project }) => project))].sort(compareText);
  const own = of('repository');
  const others = of('nixpkgs');
  // A repository decides all but the interpreter.
  const standsAlone = own.length === 0;
  const words = [
    'pypi2nix',
    'env',
    ...own,
    ...(others.length === 0 ? [] : ['--with', others.join(',')]),
    ...(standsAlone && hasRepository ? ['--no-repository'] : []),
    ...(python === (standsAlone ? usual.alone : usual.inRepository) ? [] : ['--python', python]),
    ...(standsAlone && release !== null ? ['--release', release] : []),
    ...(standsAlone && isRead(nixpkgs)
      ? ['--nixpkgs', nixpkgs.kind === 'path' ? nixpkgs.path : nixpkgs.reference]
      : []),
  ];
  return words.map(shellQuote).join(' ');
}
