import licences from './data/licences.json' with { type: 'json' };
import { generationOf } from './releases.ts';

/**
 * The attribute of `lib.licenses` for a licence by its SPDX id (`BSD-3-Clause` -> `bsd3`), null where that release has none;
 * naming one that does not exist would make the whole expression fail. The names of 16.03 are those of its lib/licenses.nix.
 */
export function licenceAttribute(spdxId: string, release: string): string | null {
  const isModern = generationOf(release) === 'modern';
  const byId: Readonly<Record<string, string>> = isModern ? licences.modern : licences['16.03'];
  const attribute = Object.hasOwn(byId, spdxId) ? (byId[spdxId] ?? null) : null;
  // Called after a licence "ZPT" that there is not, up to 17.03.
  return attribute !== null && !isModern && release >= FIRST_WITH_ZPL ? attribute.replace(/^zpt/u, 'zpl') : attribute;
}

const FIRST_WITH_ZPL = '17.09';
