import parseSpdx from 'spdx-expression-parse';
import type { Note } from '../base/note.ts';
import { joinWords, oneLine, sortedUnique } from '../base/text.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import {
  AMBIGUOUS_CLASSIFIERS,
  familyOfText,
  type LicenceFamily,
  SPDX_OF_CLASSIFIER,
  spdxOfText,
} from './licence-names.ts';
import type { Licence } from './package-facts.ts';

/** What a release says about its licence, from the clearest statement to the vaguest. */
export interface LicenceEvidence {
  /** PEP 639 `License-Expression`, and the `license` text of pyproject.toml where it is an SPDX expression. */
  readonly expressions: readonly string[];
  readonly classifiers: readonly string[];
  /** SPDX ids of the licence files that were recognised. */
  readonly files: readonly { readonly path: string; readonly spdx: string | null }[];
  /** Licence files that begin with terms which are not known, and have a known text behind them. */
  readonly mixed: readonly { readonly path: string; readonly later: string }[];
  /** Free text: the `License` field. */
  readonly texts: readonly string[];
  /** Sentences of the long description and of the leading comment of setup.py that speak of the licence. */
  readonly sentences: readonly string[];
}

/** Collects the evidence of an sdist; without its PKG-INFO, of pyproject.toml and setup.py alone. */
export function licenceEvidence(facts: SdistFacts): LicenceEvidence {
  const metadata = facts.coreMetadata;
  const project = facts.pyproject?.project ?? null;
  const tableText = project?.license ?? null;
  const isExpression = tableText !== null && idsOfExpression(tableText) !== null;
  const stated = [facts.setupScript?.license, facts.setupCfg?.license].flatMap((reading) =>
    reading?.kind === 'known' ? [reading.value] : [],
  );
  const classifiers = [facts.setupScript?.classifiers, facts.setupCfg?.classifiers].flatMap((reading) =>
    reading?.kind === 'known' ? reading.value : [],
  );
  const texts = [isExpression ? null : tableText, metadata?.license ?? null, ...stated].filter(isStated);
  return {
    expressions: [metadata?.licenseExpression ?? null, isExpression ? tableText : null].filter((text) => text !== null),
    classifiers: sortedUnique([
      ...[...(metadata?.classifiers ?? []), ...(project?.classifiers ?? []), ...classifiers].filter(isClassifier),
      ...texts.filter(isClassifier),
    ]),
    files: ownLicenceFiles(facts.licenceFiles),
    mixed: facts.licenceFiles.flatMap(({ path, later }) => (later === undefined ? [] : [{ path, later }])),
    texts: texts.filter((text) => !isClassifier(text)),
    sentences: [
      ...facts.licenceSentences,
      ...(facts.setupScript?.header === null || facts.setupScript === null ? [] : [facts.setupScript.header]),
    ],
  };
}

/**
 * The licence files that speak for the project: those at its root where one of them is recognised, without the lists of what is bundled; those in folders
 * of packages only where there is no other.
 * The text of the GPL beside that of the LGPL is a part of the latter.
 */
function ownLicenceFiles(files: SdistFacts['licenceFiles']): SdistFacts['licenceFiles'] {
  const isOfPackage = (path: string): boolean => path.includes('/') && !/^licen[cs]es?\//iu.test(path);
  const outside = files.filter(({ path }) => !isOfPackage(path));
  const known = (outside.length > 0 ? outside : files).filter(({ spdx }) => spdx !== null);
  const atRoot = known.filter(({ path }) => !path.includes('/'));
  const near = atRoot.length > 0 ? atRoot : known;
  const own = near.filter(({ path }) => !/^licen[cs]es\b|bundled|vendor|third|3rd/iu.test(path));
  const chosen = own.length > 0 ? own : near;
  const lesser = new Set(chosen.flatMap(({ spdx }) => (spdx?.startsWith('LGPL-') === true ? [spdx.slice(1)] : [])));
  return lesser.has('GPL-3.0') ? chosen.filter(({ spdx }) => spdx !== 'GPL-3.0') : chosen;
}

/** The same for a release that has only a wheel. */
export function licenceEvidenceOfMetadata(metadata: CoreMetadata): LicenceEvidence {
  const texts = [metadata.license].filter(isStated);
  return {
    expressions: metadata.licenseExpression === null ? [] : [metadata.licenseExpression],
    classifiers: [...metadata.classifiers, ...texts].filter(isClassifier),
    files: [],
    mixed: [],
    texts: texts.filter((text) => !isClassifier(text)),
    sentences: [],
  };
}

function isStated(text: string | null): text is string {
  return text !== null && text !== '' && text.toUpperCase() !== 'UNKNOWN';
}

/** Some write a classifier into the License field. */
function isClassifier(text: string): boolean {
  return text.startsWith('License ::');
}

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

/** How much of a text from outside a note shows. */
const LONGEST_TEXT = 100;

function withoutExpression(evidence: LicenceEvidence): {
  readonly licences: readonly Licence[];
  readonly notes: readonly Note[];
} {
  const exact = sortedUnique(
    evidence.classifiers.flatMap((text) => withMinor(SPDX_OF_CLASSIFIER.get(text) ?? null, evidence)),
  );
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

  return fromTexts(evidence);
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

/** The ids of an SPDX expression in order of appearance; null when it is none. */
function idsOfExpression(expression: string): string[] | null {
  try {
    return collect(parseSpdx(expression.trim()));
  } catch {
    // Free text where an expression should stand: other evidence decides.
    return null;
  }
}

function collect(node: parseSpdx.Info): string[] {
  if ('conjunction' in node) return [...new Set([...collect(node.left), ...collect(node.right)])];
  return [node.plus === true ? `${node.license}-or-later` : node.license];
}

function fromTexts(evidence: LicenceEvidence): {
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

/** The usual member of each family, taken when nothing says which one it is. */
const USUAL: Readonly<Record<LicenceFamily, string>> = {
  BSD: 'BSD-3-Clause',
  GPL: 'GPL-2.0-or-later',
  LGPL: 'LGPL-2.1-or-later',
  AGPL: 'AGPL-3.0-only',
  Apache: 'Apache-2.0',
  MPL: 'MPL-2.0',
  ZPL: 'ZPL-2.1',
};

function settle(
  family: LicenceFamily,
  evidence: LicenceEvidence,
): { readonly spdx: string; readonly notes: readonly Note[] } {
  const belongs = (id: string): boolean => id.startsWith(`${family}-`);
  const fromFile = evidence.files.flatMap(({ spdx }) => (spdx !== null && belongs(spdx) ? [spdx] : []));
  const stated = [...evidence.texts, ...evidence.sentences].flatMap((text) => spdxOfText(text) ?? []).filter(belongs);
  const found = sortedUnique(fromFile.length > 0 ? fromFile : stated);
  const [first] = found;
  if (first === undefined) {
    const usual = USUAL[family];
    return {
      spdx: usual,
      notes: [{ kind: 'guess', text: `the release says only “${family}” of its licence; ${usual} is a guess` }],
    };
  }
  const spdx = refine(first, evidence);
  if (found.length === 1) return { spdx, notes: laterNotes(first, evidence) };
  return {
    spdx,
    notes: [{ kind: 'guess', text: `the release has the texts of ${joinWords(found)}; ${spdx} is taken` }],
  };
}

/** `GPL-3.0` as its text alone gives it, made `-only` or `-or-later` by the notice that uses it. */
function refine(spdx: string, evidence: LicenceEvidence): string {
  if (!isBareGnu(spdx)) return spdx;
  return allowsLater(evidence) ? `${spdx}-or-later` : `${spdx}-only`;
}

/** Without a word about later versions nobody can tell `-only` from `-or-later`. */
function laterNotes(spdx: string, evidence: LicenceEvidence): Note[] {
  if (!isBareGnu(spdx) || allowsLater(evidence)) return [];
  const text = `nothing says whether later versions of the ${spdx} may be used; ${spdx}-only is a guess`;
  const isStated = [...evidence.sentences, ...evidence.texts].some((sentence) => /\bonly\b/iu.test(sentence));
  return isStated ? [] : [{ kind: 'guess', text }];
}

function isBareGnu(spdx: string): boolean {
  return /^(?:A|L)?GPL-\d\.\d$/u.test(spdx);
}

function allowsLater(evidence: LicenceEvidence): boolean {
  return [...evidence.sentences, ...evidence.texts].some((text) =>
    /any later version|or later|or newer|GPL\s*v?\d(?:\.\d)?\s*\+/iu.test(text),
  );
}
