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

/** The commands that print an environment with packages of a list: one for each interpreter. */
export function environmentCommands(hits: readonly SearchHit[], context: PickContext): readonly string[] {
  const byInterpreter = new Map<string, SearchHit[]>();
  for (const hit of hits) {
    const interpreter = `${hit.implementation} ${hit.python}`;
    byInterpreter.set(interpreter, [...(byInterpreter.get(interpreter) ?? []), hit]);
  }
  return [...byInterpreter.values()].map((own) => commandFor(own, context));
}

function commandFor(hits: readonly SearchHit[], { usual, release, nixpkgs, hasRepository }: PickContext): string {
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
    ...interpreterWords(hits, standsAlone ? usual.alone : usual.inRepository),
    ...(standsAlone && release !== null ? ['--release', release] : []),
    ...(standsAlone && isRead(nixpkgs)
      ? ['--nixpkgs', nixpkgs.kind === 'path' ? nixpkgs.path : nixpkgs.reference]
      : []),
  ];
  return words.map(shellQuote).join(' ');
}

/** All hits are of one interpreter. PyPy is named by its attribute: nixpkgs has several of one version of Python. */
function interpreterWords([hit]: readonly SearchHit[], usual: string | null): readonly string[] {
  if (hit === undefined) return [];
  if (hit.implementation === 'pypy') return ['--interpreter', hit.attribute.replace(/Packages\..*$/u, '')];
  return hit.python === usual ? [] : ['--python', hit.python];
}
