import type { Note } from '../base/note.ts';
import { compareText, joinWords, sortedUnique } from '../base/text.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { Dialect } from './dialect.ts';
import { binary, type Expression, list, select } from './expression.ts';
import type { PackageToPrint } from './package-names.ts';

/** An extra that is asked for of a package in an environment, and that its expression has. */
export interface AskedExtra {
  /** Attribute of the package. */
  readonly attribute: string;
  readonly extra: string;
}

/**
 * The extras of generated packages that requirements ask for, sorted, with a note for each that packages of the release cannot have. An extra that needs nothing
 * is none.
 */
export function askedExtras(
  asked: readonly Pick<Requirement, 'name' | 'extras'>[],
  packages: readonly PackageToPrint[],
  dialect: Dialect,
): { readonly extras: readonly AskedExtra[]; readonly notes: readonly Note[] } {
  const found = packages.flatMap(({ attribute, facts }) => {
    const wanted = asked.filter(({ name }) => name === facts.name).flatMap(({ extras }) => extras);
    return sortedUnique(wanted).flatMap((extra) => {
      const { [extra]: members = [] } = facts.optionalDependencies;
      return members.length === 0 ? [] : [{ attribute, extra, members, project: facts.name }];
    });
  });
  if (dialect.optionalDependencies !== null) {
    const extras = found.map(({ attribute, extra }) => ({ attribute, extra }));
    return { extras: extras.sort((a, b) => compareText(a.attribute, b.attribute)), notes: [] };
  }
  const notes = found.map(({ extra, members, project }): Note => {
    const names = joinWords(members.map((member) => (member.kind === 'python' ? member.name : member.attribute)));
    const text = `the extra ${extra} is not in environments, since packages of nixpkgs ${dialect.release} have no extras; it needs ${names}`;
    return { kind: 'omitted', text, project };
  });
  return { extras: [], notes };
}

/** The list of packages of an environment: `[ ps.httpx ] ++ ps.httpx.optional-dependencies.http2`. `packageOf` gives a package by its attribute. */
export function environmentMembers(
  attributes: readonly string[],
  extras: readonly AskedExtra[],
  packageOf: (attribute: string) => Expression,
): Expression {
  return binary('++', memberLists(attributes, extras, packageOf));
}

/** The lists that are joined to that: the packages themselves, and one for each extra. */
export function memberLists(
  attributes: readonly string[],
  extras: readonly AskedExtra[],
  packageOf: (attribute: string) => Expression,
): readonly Expression[] {
  return [
    list(attributes.map(packageOf)),
    ...extras.map(({ attribute, extra }) => select(packageOf(attribute), 'optional-dependencies', extra)),
  ];
}
