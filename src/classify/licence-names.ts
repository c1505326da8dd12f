import { PUBLIC_DOMAIN } from '../pep/public-domain.ts';

/** Licences that come in several versions or with more or fewer clauses. */
export type LicenceFamily = 'BSD' | 'GPL' | 'LGPL' | 'AGPL' | 'Apache' | 'MPL' | 'ZPL';

/** SPDX ids by the last part of the trove classifier. */
const SPDX_OF_OSI_NAME: Readonly<Record<string, string>> = {
  'Academic Free License (AFL)': 'AFL-3.0',
  'Apache Software License': 'Apache-2.0',
  'Artistic License': 'Artistic-2.0',
  'Boost Software License 1.0 (BSL-1.0)': 'BSL-1.0',
  'European Union Public Licence 1.1 (EUPL 1.1)': 'EUPL-1.1',
  'European Union Public Licence 1.2 (EUPL 1.2)': 'EUPL-1.2',
  'Eclipse Public License 1.0 (EPL-1.0)': 'EPL-1.0',
  'Eclipse Public License 2.0 (EPL-2.0)': 'EPL-2.0',
  'GNU Affero General Public License v3': 'AGPL-3.0-only',
  'GNU Affero General Public License v3 or later (AGPLv3+)': 'AGPL-3.0-or-later',
  'GNU General Public License v2 (GPLv2)': 'GPL-2.0-only',
  'GNU General Public License v2 or later (GPLv2+)': 'GPL-2.0-or-later',
  'GNU General Public License v3 (GPLv3)': 'GPL-3.0-only',
  'GNU General Public License v3 or later (GPLv3+)': 'GPL-3.0-or-later',
  'GNU Lesser General Public License v2 (LGPLv2)': 'LGPL-2.0-only',
  'GNU Lesser General Public License v2 or later (LGPLv2+)': 'LGPL-2.0-or-later',
  'GNU Lesser General Public License v3 (LGPLv3)': 'LGPL-3.0-only',
  'GNU Lesser General Public License v3 or later (LGPLv3+)': 'LGPL-3.0-or-later',
  'Historical Permission Notice and Disclaimer (HPND)': 'HPND',
  'ISC License (ISCL)': 'ISC',
  'MIT License': 'MIT',
  'MIT No Attribution License (MIT-0)': 'MIT-0',
  'Mozilla Public License 1.1 (MPL 1.1)': 'MPL-1.1',
  'Mozilla Public License 2.0 (MPL 2.0)': 'MPL-2.0',
  'Mulan Permissive Software License v2 (MulanPSL-2.0)': 'MulanPSL-2.0',
  'Python Software Foundation License': 'PSF-2.0',
  'SIL Open Font License 1.1 (OFL-1.1)': 'OFL-1.1',
  'The Unlicense (Unlicense)': 'Unlicense',
  'Universal Permissive License (UPL)': 'UPL-1.0',
  'University of Illinois/NCSA Open Source License': 'NCSA',
  'W3C License': 'W3C',
  'Zero-Clause BSD (0BSD)': '0BSD',
  'zlib/libpng License': 'Zlib',
};

/** The SPDX ids of trove classifiers that name one licence. The Apache one says no version; 1.x is older than the classifiers' use. */
export const SPDX_OF_CLASSIFIER: ReadonlyMap<string, string> = new Map([
  ...Object.entries(SPDX_OF_OSI_NAME).map(([name, spdx]) => [`License :: OSI Approved :: ${name}`, spdx] as const),
  ['License :: CC0 1.0 Universal (CC0 1.0) Public Domain Dedication', 'CC0-1.0'] as const,
  ['License :: Public Domain', PUBLIC_DOMAIN] as const,
]);

/** Trove classifiers that name a family only. */
export const AMBIGUOUS_CLASSIFIERS: ReadonlyMap<string, LicenceFamily> = new Map([
  ['License :: OSI Approved :: BSD License', 'BSD'],
  ['License :: OSI Approved :: GNU General Public License (GPL)', 'GPL'],
  ['License :: OSI Approved :: GNU Library or Lesser General Public License (LGPL)', 'LGPL'],
  ['License :: OSI Approved :: GNU Lesser General Public License (LGPL)', 'LGPL'],
  ['License :: OSI Approved :: Zope Public License', 'ZPL'],
]);

/** Spellings in free text, the more telling first. Each names its licences exactly. */
const SPELLINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:new|modified|revised|3[- ]clause|three[- ]clause)[- ]BSD\b|\bBSD[- ](?:3|new|three)(?:[- ]clause)?\b|\bBSD \(3[- ]clause\)/iu,
    ['BSD-3-Clause'],
  ],
  [
    /\b(?:simplified|free|2[- ]clause|two[- ]clause)[- ]BSD\b|\bBSD[- ](?:2|two)(?:[- ]clause)?\b|\bBSD \(2[- ]clause\)/iu,
    ['BSD-2-Clause'],
  ],
  [/^(?:the )?(?:MIT|Expat)(?:\/X11|\/Expat)?(?: licen[sc]e)?(?: \(MIT\))?$/iu, ['MIT']],
  [/^MIT OR Apache(?: License,?)?[- ](?:Version )?2(?:\.0)?$/iu, ['MIT', 'Apache-2.0']],
  [/^(?:the )?apache(?: software)?(?: licen[sc]e)?,?(?:[- ]?(?:v|version)?[- ]?\.? ?2(?:\.0)?)?$/iu, ['Apache-2.0']],
  [/^(?:AL2|ASL 2(?:\.0)?)$/iu, ['Apache-2.0']],
  [/^ISC(?:L)?(?: licen[sc]e)?$/iu, ['ISC']],
  [/^(?:MPL|mozilla public licen[sc]e)[- ,v]*(?:version )?2(?:\.0)?(?: \(MPL 2\.0\))?$/iu, ['MPL-2.0']],
  [/^(?:PSF(?:L|-2\.0)?|python software foundation(?: licen[sc]e)?|PSF licen[sc]e)$/iu, ['PSF-2.0']],
  [/^(?:the )?unlicen[sc]e$/iu, ['Unlicense']],
  [/^(?:the |in the )?public[- ]domain$/iu, [PUBLIC_DOMAIN]],
  [/^ZPL[- ]?2\.1$/iu, ['ZPL-2.1']],
  [/^ZPL[- ]?2\.0$/iu, ['ZPL-2.0']],
  [/^zlib(?:\/libpng)?(?: licen[sc]e)?$/iu, ['Zlib']],
  [/^(?:CC0|CC0 1\.0)(?: universal)?$/iu, ['CC0-1.0']],
  [/\bAGPL[- ]?v?3(?:\.0)?(?:\+| or later)/iu, ['AGPL-3.0-or-later']],
  [/\bAGPL[- ]?v?3/iu, ['AGPL-3.0-only']],
  [/\bLGPL[- ]?v?3(?:\.0)?(?:\+|[- ]or[- ]later)/iu, ['LGPL-3.0-or-later']],
  [/\bLGPL[- ]?v?3/iu, ['LGPL-3.0-only']],
  [/\bLGPL[- ]?v?2\.1(?:\+|[- ]or[- ]later)/iu, ['LGPL-2.1-or-later']],
  [/\bLGPL[- ]?v?2\.1/iu, ['LGPL-2.1-only']],
  [/(?<![AL])\bGPL[- ]?v?3(?:\.0)?(?:\+|[- ]or[- ]later)/iu, ['GPL-3.0-or-later']],
  [/(?<![AL])\bGPL[- ]?v?3/iu, ['GPL-3.0-only']],
  [/(?<![AL])\bGPL[- ]?v?2(?:\.0)?(?:\+|[- ]or[- ]later)/iu, ['GPL-2.0-or-later']],
  [/(?<![AL])\bGPL[- ]?v?2/iu, ['GPL-2.0-only']],
];

/** The SPDX ids that a short text names without doubt; null when it does not. Long texts are cut: a whole licence text is no name. */
export function spdxOfText(text: string): readonly string[] | null {
  const name = withShortName(text.slice(0, 300).replace(/\s+/gu, ' ').trim());
  return SPELLINGS.find(([spelling]) => spelling.test(name))?.[1] ?? null;
}

/** `GNU General Public License, version 2 or (at your option) any later version` as `GPL v2 or later`; the head of a whole licence text stays. */
function withShortName(name: string): string {
  if (name.length > 140 || !/general public licen[sc]e/iu.test(name)) return name;
  return name
    .replace(/(?:GNU )?affero general public licen[sc]e(?: \(AGPL\))?/iu, 'AGPL')
    .replace(/(?:GNU )?(?:lesser|library)(?: or lesser)? general public licen[sc]e(?: \(LGPL\))?/iu, 'LGPL')
    .replace(/(?:GNU )?general public licen[sc]e(?: \(GPL\))?/iu, 'GPL')
    .replace(/(?<=GPL),? ?\(?(?:version ?|ver\.? ?|v\.? ?)?(?=\d)/iu, ' v')
    .replace(/,? ?\(?or (?:\(?at your option\)? )?(?:any )?(?:later|newer|greater)(?: versions?)?\)?/iu, ' or later');
}

/** The family that a short text names, for example `BSD` or `GPL License`. */
export function familyOfText(text: string): LicenceFamily | null {
  const match = /^(?:the )?(?:GNU )?(BSD|L?GPL|AGPL|Apache|MPL|ZPL)(?:[- ]?(?:style|like))?(?: licen[sc]e)?$/iu.exec(
    text.trim().slice(0, 60),
  );
  const families: readonly LicenceFamily[] = ['BSD', 'GPL', 'LGPL', 'AGPL', 'Apache', 'MPL', 'ZPL'];
  return families.find((family) => family.toLowerCase() === match?.[1]?.toLowerCase()) ?? null;
}
