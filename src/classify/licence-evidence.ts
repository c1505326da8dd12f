import { sortedUnique } from '../base/text.ts';
import type { SdistFacts } from '../metadata/release-facts.ts';
import type { CoreMetadata } from '../pep/core-metadata.ts';
import { idsOfExpression } from './licence-ids.ts';

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
