import type { Note } from '../base/note.ts';
import { joinWords, oneLine, sortedUnique } from '../base/text.ts';
import { PUBLIC_DOMAIN } from '../pep/public-domain.ts';
import type { LicenceEvidence } from './licence-evidence.ts';
import { idsOfExpression } from './licence-ids.ts';
import { isBareGnu, laterNotes, refine, settle } from './licence-members.ts';
import { AMBIGUOUS_CLASSIFIERS, type LicenceFamily, SPDX_OF_CLASSIFIER, spdxOfText } from './licence-names.ts';
import { LONGEST_TEXT, licencesOfTexts } from './licence-texts.ts';
import type { Licence } from './package-facts.ts';

/**
 * The licences of a release by SPDX id: the PEP 639 expression, then the classifiers, then the licence files, then free text.
 * A family without its version or clauses ("BSD", "GPL") is settled by the other evidence; where that leaves it open, the usual member is taken with a note.
 */
export function licencesOf(evidence: LicenceEvidence): {
  readonly licences: readonly Licence[];
  readonly notes: readonly Note[];
} {
  for (const expression of evidence.expressions) {
    const ids = idsOfExpression(expression);
    if (ids !== null)
      return {
        licences: ids.map((spdx) => ({ spdx: refine(spdx, evidence) })),
        notes: ids.flatMap((spdx) => laterNotes(spdx, evidence)),
      };
  }
  const [invalid] = evidence.expressions;
  const found = withoutExpression(evidence);
  return invalid === undefined ? found : { ...found, notes: [invalidNote(invalid, found.licences)] };
}

/** One note for one bad statement: what stands in its place is told with it. */
function invalidNote(expression: string, licences: readonly Licence[]): Note {
  const ids = licences.flatMap((licence) => ('spdx' in licence ? [licence.spdx] : []));
  const text = `the licence expression “${oneLine(expression).slice(0, LONGEST_TEXT)}” is not valid SPDX`;
  if (ids.length === 0) return { kind: 'unknown', text };
  return { kind: 'guess', text: `${text}; ${joinWords(ids)} is taken by what else the release says` };
}

function withoutExpression(evidence: LicenceEvidence): {
  readonly licences: readonly Licence[];
  readonly notes: readonly Note[];
} {
  const named = evidence.classifiers.flatMap((text) => withMinor(SPDX_OF_CLASSIFIER.get(text) ?? null, evidence));
  const exact = withDedication(sortedUnique(named), evidence);
  const families = sortedUnique(
    evidence.classifiers.flatMap((text) => AMBIGUOUS_CLASSIFIERS.get(text) ?? []),
  ) as LicenceFamily[];
  const settled = families.map((family) => settle(family, evidence));
  if (exact.length + settled.length > 0) {
    const checked = againstFiles(exact, evidence);
    const ids = sortedUnique([...checked.ids, ...settled.map(({ spdx }) => spdx)]);
    const notes = [...checked.notes, ...settled.flatMap((one) => one.notes), ...unnamedClassifiers(evidence)];
    return { licences: ids.map((spdx) => ({ spdx })), notes };
  }

  // Before PEP 639 the License field was free text, yet many wrote an expression.
  for (const text of evidence.texts) {
    const ids = idsOfExpression(text);
    if (ids === null || ids.some(isBareGnu)) continue;
    const checked = againstFiles(ids, evidence);
    return { licences: checked.ids.map((spdx) => ({ spdx })), notes: checked.notes };
  }

  const fromFiles = sortedUnique(evidence.files.flatMap(({ spdx }) => spdx ?? []));
  if (fromFiles.length > 0) {
    return {
      licences: sortedUnique(fromFiles.map((spdx) => refine(spdx, evidence))).map((spdx) => ({ spdx })),
      notes: fromFiles.flatMap((spdx) => laterNotes(spdx, evidence)),
    };
  }

  return licencesOfTexts(evidence);
}

/**
 * What a release states beside the texts that it ships: where it ships that of another version of the licence alone, the text is taken, since it is what users get.
 * A statement that allows later versions agrees with the text of a later one.
 */
function againstFiles(
  stated: readonly string[],
  evidence: LicenceEvidence,
): { readonly ids: readonly string[]; readonly notes: readonly Note[] } {
  const notes: Note[] = [];
  const ids = stated.map((spdx) => {
    const own = versionOf(spdx);
    if (own === null || stated.some((other) => other !== spdx && versionOf(other)?.family === own.family)) return spdx;
    const shipped = evidence.files.flatMap((file) => {
      const version = file.spdx === null ? null : versionOf(file.spdx);
      return version?.family === own.family ? [{ ...file, ...version }] : [];
    });
    const [first] = shipped;
    const agrees = shipped.some(
      ({ number }) => number === own.number || (own.suffix === '-or-later' && number > own.number),
    );
    if (first === undefined || first.spdx === null || agrees) return spdx;
    const taken =
      isBareGnu(first.spdx) && own.suffix !== '' ? `${first.spdx}${own.suffix}` : refine(first.spdx, evidence);
    const text = `the release states ${spdx}, but ${first.path} has the text of ${first.spdx}; ${taken} is a guess`;
    notes.push({ kind: 'guess', text, file: first.path });
    return taken;
  });
  return { ids: sortedUnique(ids), notes };
}

/** family "-" number ["-Clause" | "-only" | "-or-later"]; null for an id without a version. */
function versionOf(spdx: string): { readonly family: string; readonly number: number; readonly suffix: string } | null {
  const match = /^([A-Za-z]+)-(\d+(?:\.\d+)?)(-Clause|-only|-or-later)?$/u.exec(spdx);
  return match === null ? null : { family: match[1] ?? '', number: Number(match[2]), suffix: match[3] ?? '' };
}

/** The classifiers have no LGPL 2.1: those who use it take that of 2 and ship the text of 2.1. */
function withMinor(spdx: string | null, { files }: LicenceEvidence): string[] {
  if (spdx === null) return [];
  const isNewer = spdx.startsWith('LGPL-2.0-') && files.some((file) => file.spdx?.startsWith('LGPL-2.1') === true);
  return [isNewer ? spdx.replace('2.0', '2.1') : spdx];
}

/** Who gives a work to the public domain often does so by a text that has a name, which tells more than the classifier. */
function withDedication(ids: readonly string[], { files, texts }: LicenceEvidence): readonly string[] {
  if (!ids.includes(PUBLIC_DOMAIN)) return ids;
  const stated = [...ids, ...files.map(({ spdx }) => spdx), ...texts.flatMap((text) => spdxOfText(text) ?? [])];
  const dedications = stated.filter((spdx) => spdx === 'CC0-1.0' || spdx === 'Unlicense');
  return dedications.length === 0 ? ids : sortedUnique([...ids.filter((id) => id !== PUBLIC_DOMAIN), ...dedications]);
}

/** Licences that classifiers state beside known ones and that have no SPDX id. */
function unnamedClassifiers({ classifiers }: LicenceEvidence): Note[] {
  return classifiers
    .filter((text) => !SPDX_OF_CLASSIFIER.has(text) && !AMBIGUOUS_CLASSIFIERS.has(text))
    .filter((text) => text !== 'License :: OSI Approved' && text !== 'License :: DFSG approved')
    .map((text) => ({
      kind: 'unknown',
      text: `the classifier “${oneLine(text)}” names no licence that has an SPDX id`,
    }));
}
