import { oneLine } from '../base/text.ts';
import type { Origin } from '../classify/package-facts.ts';
import type { Place } from '../metadata/release-facts.ts';

/** What a release says of its licence, by how clear it is; the clearest first. */
export interface LicenceStatements {
  readonly expressions: readonly string[];
  readonly classifiers: readonly string[];
  readonly texts: readonly string[];
  readonly files: readonly { readonly path: string; readonly spdx: string | null }[];
  readonly sentences: readonly string[];
}

/**
 * Where the licence of a release comes from. `decides` tells whether statements alone lead to the licence that was found: the clearest that do are the evidence,
 * and where none does alone, all of them together are. `placesOf` tells where a statement stands.
 */
export function licenceOrigins(
  statements: LicenceStatements,
  {
    decides,
    placesOf = () => [],
  }: {
    readonly decides: (some: LicenceStatements) => boolean;
    readonly placesOf?: (kind: 'expressions' | 'classifiers' | 'texts', text: string) => readonly Place[];
  },
): readonly Origin[] {
  const kinds = ['expressions', 'classifiers', 'texts', 'files', 'sentences'] as const;
  const none: LicenceStatements = { expressions: [], classifiers: [], texts: [], files: [], sentences: [] };
  const said = kinds.filter((kind) => statements[kind].length > 0);
  const deciding = said.filter((kind) => decides({ ...none, [kind]: statements[kind] }));
  return (deciding.length > 0 ? deciding : said).flatMap((kind): Origin[] => {
    if (kind === 'files') {
      return statements.files.flatMap(({ path, spdx }) =>
        spdx === null ? [] : [{ kind: 'inference', text: `has the text of ${spdx}`, file: path }],
      );
    }
    return [...new Set(statements[kind])].flatMap((stated): Origin[] => {
      const text = `${WHAT[kind]} “${oneLine(stated).slice(0, LONGEST)}”`;
      if (kind === 'sentences') return [{ kind: 'inference', text }];
      const places = placesOf(kind, stated);
      return places.length === 0
        ? [{ kind: 'requirement', text }]
        : places.map((place) => ({ kind: 'requirement', text, ...place }));
    });
  });
}

const LONGEST = 100;

const WHAT = {
  expressions: 'the licence expression',
  classifiers: 'the classifier',
  texts: 'the licence field',
  sentences: 'the description or the header of a file says',
} as const;
