import { oneLine } from '../base/text.ts';

/** A package that was found, for one interpreter. */
export interface SearchHit {
  readonly origin: 'repository' | 'nixpkgs';
  /** PEP 503 name. */
  readonly project: string;
  /** X.Y. */
  readonly python: string;
  readonly implementation: 'cpython' | 'pypy';
  /** Null where it is not known. */
  readonly version: string | null;
  /** The whole path: `python35Packages.numpy`. */
  readonly attribute: string;
  /** Null where it is not known. */
  readonly description: string | null;
}

/** The numbered list, as Nox shows it: name with interpreter and version, the attribute, and below it what it is. */
export function searchLines(hits: readonly SearchHit[]): string[] {
  return hits.flatMap((hit, index) => [
    `${index + 1} ${oneLine(fullName(hit))} (${hit.origin}.${oneLine(hit.attribute)})`,
    ...(hit.description === null ? [] : [`\t${oneLine(hit.description)}`]),
  ]);
}

/** `python3.5-numpy-1.10.1`, as nixpkgs calls derivations. */
function fullName({ implementation, python, project, version }: SearchHit): string {
  const interpreter = `${implementation === 'pypy' ? 'pypy' : 'python'}${python}`;
  return `${interpreter}-${project}${version === null ? '' : `-${version}`}`;
}
