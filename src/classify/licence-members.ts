import type { Note } from '../base/note.ts';
import { joinWords, sortedUnique } from '../base/text.ts';
import type { LicenceEvidence } from './licence-evidence.ts';
import { type LicenceFamily, spdxOfText } from './licence-names.ts';

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

/** The member of a family that the licence files, else the texts name; where they leave it open, the usual one with a note. */
export function settle(
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
export function refine(spdx: string, evidence: LicenceEvidence): string {
  if (!isBareGnu(spdx)) return spdx;
  return allowsLater(evidence) ? `${spdx}-or-later` : `${spdx}-only`;
}

/** Without a word about later versions nobody can tell `-only` from `-or-later`. */
export function laterNotes(spdx: string, evidence: LicenceEvidence): Note[] {
  if (!isBareGnu(spdx) || allowsLater(evidence)) return [];
  const text = `nothing says whether later versions of the ${spdx} may be used; ${spdx}-only is a guess`;
  const isStated = [...evidence.sentences, ...evidence.texts].some((sentence) => /\bonly\b/iu.test(sentence));
  return isStated ? [] : [{ kind: 'guess', text }];
}

/** Whether an id of a GNU licence leaves open if later versions may be used, as its text alone does. */
export function isBareGnu(spdx: string): boolean {
  return /^(?:A|L)?GPL-\d\.\d$/u.test(spdx);
}

function allowsLater(evidence: LicenceEvidence): boolean {
  return [...evidence.sentences, ...evidence.texts].some((text) =>
    /any later version|or later|or newer|GPL\s*v?\d(?:\.\d)?\s*\+/iu.test(text),
  );
}
