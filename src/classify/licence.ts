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
  /** PEP 639 `License-Expression`, or the `license` text of pyproject.toml. */
  readonly expressions: readonly string[];
  readonly classifiers: readonly string[];
  /** SPDX ids of the licence files that were recognised. */
  readonly files: readonly { readonly path: string; readonly spdx: string | null }[];
  /** Free text: the `License` field. */
  readonly texts: readonly string[];
  /** Sentences of the long description and of the leading comment of setup.py that speak of the licence. */
  readonly sentences: readonly string[];
}

/** Collects the evidence of an sdist; without its PKG-INFO, of pyproject.toml and setup.py alone. */
export function licenceEvidence(facts: SdistFacts): LicenceEvidence {
  const metadata = facts.coreMetadata;
  const project = facts.pyproject?.project ?? null;
  const stated = [facts.setupScript?.license, facts.setupCfg?.license].flatMap((reading) =>
    reading?.kind === 'known' ? [reading.value] : [],
  );
  const classifiers = [facts.setupScript?.classifiers, facts.setupCfg?.classifiers].flatMap((reading) =>
    reading?.kind === 'known' ? reading.value : [],
  );
  return {
    expressions: [metadata?.licenseExpression ?? null, project?.license ?? null].filter((text) => text !== null),
    classifiers: sortedUnique(
      [...(metadata?.classifiers ?? []), ...(project?.classifiers ?? []), ...classifiers].filter((text) =>
        text.startsWith('License ::'),
      ),
    ),
    files: facts.licenceFiles,
    texts: [metadata?.license ?? null, ...stated]
      .filter((text) => text !== null && text !== '' && text.toUpperCase() !== 'UNKNOWN')
      .flatMap((text) => text ?? []),
    sentences: [
      ...facts.licenceSentences,
      ...(facts.setupScript?.header === null || facts.setupScript === null ? [] : [facts.setupScript.header]),
    ],
  };
}

/** The same for a release that has only a wheel. */
export function licenceEvidenceOfMetadata(metadata: CoreMetadata): LicenceEvidence {
  return {
    expressions: metadata.licenseExpression === null ? [] : [metadata.licenseExpression],
    classifiers: metadata.classifiers.filter((text) => text.startsWith('License ::')),
    files: [],
    texts: metadata.license === null || metadata.license.toUpperCase() === 'UNKNOWN' ? [] : [metadata.license],
    sentences: [],
  };
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
    if (ids !== null) return { licences: ids.map((spdx) => ({ spdx })), notes: [] };
  }

  const exact = sortedUnique(evidence.classifiers.flatMap((text) => SPDX_OF_CLASSIFIER.get(text) ?? []));
  const families = sortedUnique(
    evidence.classifiers.flatMap((text) => AMBIGUOUS_CLASSIFIERS.get(text) ?? []),
  ) as LicenceFamily[];
  const settled = families.map((family) => settle(family, evidence));
  if (exact.length + settled.length > 0) {
    const ids = sortedUnique([...exact, ...settled.map(({ spdx }) => spdx)]);
    return { licences: ids.map((spdx) => ({ spdx })), notes: settled.flatMap(({ notes }) => notes) };
  }

  const fromFiles = sortedUnique(evidence.files.flatMap(({ spdx }) => (spdx === null ? [] : [refine(spdx, evidence)])));
  if (fromFiles.length > 0) return { licences: fromFiles.map((spdx) => ({ spdx })), notes: [] };

  return fromTexts(evidence);
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
    const ids = idsOfExpression(text) ?? spdxOfText(text);
    if (ids !== null) return { licences: ids.map((spdx) => ({ spdx: refine(spdx, evidence) })), notes: [] };
    const family = familyOfText(text);
    if (family !== null) {
      const { spdx, notes } = settle(family, evidence);
      return { licences: [{ spdx }], notes };
    }
  }
  const [text] = evidence.texts;
  if (text === undefined) return { licences: [], notes: [{ kind: 'unknown', text: 'the release states no licence' }] };
  const short = oneLine(text).slice(0, 100);
  return {
    licences: [{ text: short }],
    notes: [{ kind: 'unknown', text: `the licence “${short}” is not known by an SPDX id` }],
  };
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
  if (found.length === 1) return { spdx, notes: [] };
  return {
    spdx,
    notes: [{ kind: 'guess', text: `the release has the texts of ${joinWords(found)}; ${spdx} is taken` }],
  };
}

/** `GPL-3.0` as its text alone gives it, made `-only` or `-or-later` by the notice that uses it. */
function refine(spdx: string, evidence: LicenceEvidence): string {
  if (!/^(?:A|L)?GPL-\d\.\d$/u.test(spdx)) return spdx;
  const later = [...evidence.sentences, ...evidence.texts].some((text) =>
    /any later version|or later|or newer|GPL\s*v?\d(?:\.\d)?\s*\+/iu.test(text),
  );
  return later ? `${spdx}-or-later` : `${spdx}-only`;
}
