import type { Note } from '../base/note.ts';
import { oneLine } from '../base/text.ts';
import type { LicenceEvidence } from './licence-evidence.ts';
import { idsOfExpression } from './licence-ids.ts';
import { laterNotes, refine, settle } from './licence-members.ts';
import { familyOfText, spdxOfText } from './licence-names.ts';
import type { Licence } from './package-facts.ts';

/** How much of a text from outside a note shows. */
export const LONGEST_TEXT = 100;

/**
 * The licences that free text names, one or a list of them; else, with a note, the known text behind unknown terms, or the free text as it stands.
 */
export function licencesOfTexts(evidence: LicenceEvidence): {
  readonly licences: readonly Licence[];
  readonly notes: readonly Note[];
} {
  for (const text of [...evidence.expressions, ...evidence.texts]) {
    const several = idsOfExpression(text) === null ? licencesInList(text, evidence) : null;
    if (several !== null) return several;
    const ids = idsOfExpression(text) ?? spdxOfText(text)?.map((spdx) => asWritten(spdx, text)) ?? null;
    if (ids !== null) {
      const notes = ids.flatMap((spdx) => laterNotes(spdx, evidence));
      return { licences: ids.map((spdx) => ({ spdx: refine(spdx, evidence) })), notes };
    }
    const family = familyOfText(text);
    if (family !== null) {
      const { spdx, notes } = settle(family, evidence);
      return { licences: [{ spdx }], notes };
    }
  }
  const [text] = [...evidence.expressions, ...evidence.texts];
  const [mixed] = evidence.mixed;
  if (text === undefined && mixed !== undefined) {
    const guess = `${mixed.path} begins with terms that are not known; ${mixed.later}, which stands behind them, is a guess`;
    const notes: Note[] = [{ kind: 'guess', text: guess, file: mixed.path }];
    return { licences: [{ spdx: refine(mixed.later, evidence) }], notes };
  }
  if (text === undefined) return { licences: [], notes: [{ kind: 'unknown', text: 'the release states no licence' }] };
  const short = oneLine(text).slice(0, LONGEST_TEXT);
  const beside = mixed === undefined ? '' : `; ${mixed.path} begins with other terms than those of ${mixed.later}`;
  return {
    licences: [{ text: short }],
    notes: [{ kind: 'unknown', text: `the licence “${short}” is not known by an SPDX id${beside}` }],
  };
}

/**
 * “Apache-2.0 or BSD”: several licences in free text, each of which is known by itself; null for anything else.
 * list = name (("and" / "or" / "/" / "," / "&" / ";") name)+
 */
function licencesInList(
  text: string,
  evidence: LicenceEvidence,
): { readonly licences: readonly Licence[]; readonly notes: readonly Note[] } | null {
  // What is one name with such a sign in it: MIT/X11, zlib/libpng.
  if (spdxOfText(text) !== null && !/\b(?:and|or)\b/iu.test(text)) return null;
  const names = oneLine(text.slice(0, LONGEST_TEXT))
    .split(/ (?:and|or|&) /iu)
    .flatMap((name) => (isOneLicence(name) ? [name] : name.split(/ ?[/,;] ?/u)))
    .filter((name) => name !== '');
  if (names.length < 2 || text.length > LONGEST_TEXT) return null;
  const found = names.map((name) => {
    const ids = idsOfExpression(name) ?? spdxOfText(name)?.map((spdx) => asWritten(spdx, name)) ?? null;
    if (ids !== null)
      return {
        ids: ids.map((spdx) => refine(spdx, evidence)),
        notes: ids.flatMap((spdx) => laterNotes(spdx, evidence)),
      };
    const family = familyOfText(name);
    if (family === null) return null;
    const { spdx, notes } = settle(family, evidence);
    return { ids: [spdx], notes };
  });
  const known = found.filter((one) => one !== null);
  if (known.length < found.length) return null;
  return {
    licences: [...new Set(known.flatMap(({ ids }) => ids))].map((spdx) => ({ spdx })),
    notes: known.flatMap(({ notes }) => notes),
  };
}

function isOneLicence(name: string): boolean {
  return idsOfExpression(name) !== null || spdxOfText(name) !== null;
}

/** “GPLv3” names a version and does not say that no later one may be used. */
function asWritten(spdx: string, text: string): string {
  return /\bonly\b/iu.test(text) ? spdx : spdx.replace(/-only$/u, '');
}
