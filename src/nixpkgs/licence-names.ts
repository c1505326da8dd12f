import { PUBLIC_DOMAIN } from '../pep/public-domain.ts';
import licences from './data/licences.json' with { type: 'json' };

/**
 * The attribute of `lib.licenses` for a licence by its SPDX id (`BSD-3-Clause` -> `bsd3`) in a release (`24.05`, `unstable`), null where that release has none;
 * naming one that does not exist would make the whole expression fail. The names are those of `lib/licenses.nix` where each release was branched off, so that of 15.09 and 16.03
 * are one.
 */
export function licenceAttribute(spdxId: string, release: string): string | null {
  return namesOf(spdxId).findLast(({ since }) => since <= release)?.name ?? null;
}

/** The name of a licence in `lib.licenses` today, and the first release from which on it has been that, `` for all that are known; null where there is none. */
export function licenceSince(spdxId: string): { readonly name: string; readonly since: string } | null {
  const last = namesOf(spdxId).at(-1);
  return last === undefined || last.name === null ? null : { name: `lib.licenses.${last.name}`, since: last.since };
}

interface LicenceName {
  readonly since: string;
  readonly name: string | null;
}

/** Oldest first. */
function namesOf(spdxId: string): readonly LicenceName[] {
  // In every release; its entry in lib/licenses.nix says no SPDX id, by which the others are found.
  if (spdxId === PUBLIC_DOMAIN) return [{ since: '', name: 'publicDomain' }];
  const byId: Readonly<Record<string, string>> = licences;
  return Object.hasOwn(byId, spdxId) ? (byId[spdxId] ?? '').split(' ').map(parseName) : [];
}

/** name = [release ":"] (attribute / "-"), from the first release on where it names none; `-` stands for no name. Releases compare as text, `unstable` after all of them. */
function parseName(text: string): LicenceName {
  const colon = text.indexOf(':');
  const name = text.slice(colon + 1);
  return { since: text.slice(0, Math.max(colon, 0)), name: name === '-' ? null : name };
}
