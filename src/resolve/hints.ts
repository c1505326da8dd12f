import { joinWords, oneLine } from '../base/text.ts';
import type { Version } from '../pep/version.ts';
import type { VersionRange } from '../pep/version-range.ts';
import { rangeHas } from '../pep/version-range.ts';
import type { Listing, PassedOver } from './candidates.ts';

/** How many versions, and how many different reasons, a hint names before it only counts. */
const SHOWN = 3;

/** What helps against reasons for which a release is no candidate, by how the reason begins. Others speak for themselves. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^requires Python /, 'choose interpreters with --python'],
  [/^was uploaded later/, 'choose a later day with --as-of'],
  [/^has no known upload time/, 'it counts without --as-of only'],
  [/^has no sdist, /, 'choose targets with --python and --platform'],
];

/** Sentences about the releases in `range` that are no candidates: which, why, and what the user can do. */
export function passedOverHints(listing: Listing, range: VersionRange): string[] {
  const inRange = listing.passedOver.filter(({ version }) => rangeHas(range, version));
  return [
    ...prereleaseHints(listing.name, inRange),
    ...yankedHints(listing.name, inRange),
    ...excludedHints(listing.name, inRange),
  ];
}

/** A sentence about files of a project that no release is made of (`3 eggs`), null without any. */
export function unusableFilesHint(name: string, kinds: readonly string[]): string | null {
  return kinds.length === 0 ? null : `${name} has files that cannot be used: ${joinWords(kinds.map(oneLine))}`;
}

/** A clause about a project that nobody has. `indexes`: the names of those that were asked, without credentials; empty when that is not known. */
export function unknownProjectText(name: string, indexes: readonly string[]): string {
  const [only, ...others] = indexes;
  if (only === undefined) return `no index has a project ${name}`;
  if (others.length === 0) return `${oneLine(only)} has no project ${name}`;
  return `none of ${joinWords(indexes.map(oneLine))} has a project ${name}`;
}

/** A sentence about a project that no index has. */
export function unknownProjectHint(name: string, similar: readonly string[]): string {
  if (similar.length === 0)
    return `check the spelling of ${name}, or name the index that has it with --extra-index-url`;
  return `did you mean ${joinWords(similar.slice(0, SHOWN), 'or')}?`;
}

/** `1.2`, `1.2 and 1.1`, or `1.2, 1.1, 1.0 and 14 others`. */
export function listVersions(versions: readonly Version[], shown = SHOWN): string {
  const texts = versions.slice(0, shown).map(({ text }) => text);
  const others = versions.length - texts.length;
  return joinWords(others === 0 ? texts : [...texts, others === 1 ? '1 other' : `${others} others`]);
}

function prereleaseHints(name: string, inRange: readonly PassedOver[]): string[] {
  const found = inRange.filter(({ why }) => why === 'pre-release').map(({ version }) => version);
  const [newest] = found;
  if (newest === undefined) return [];
  const subject = found.length === 1 ? 'is a pre-release' : 'are pre-releases';
  return [
    `${name} ${listVersions(found)} ${subject}: allow pre-releases with --pre, or ask for ${name}==${newest.text}`,
  ];
}

function yankedHints(name: string, inRange: readonly PassedOver[]): string[] {
  const found = inRange.filter(({ why }) => why === 'yanked');
  const [newest] = found;
  if (newest === undefined) return [];
  const reason = oneLine(newest.reason);
  if (found.length === 1) {
    const because = reason === '' ? '' : ` (${reason})`;
    return [
      `${name} ${newest.version.text} was yanked${because}: only asking for ${name}==${newest.version.text} takes it`,
    ];
  }
  const versions = listVersions(found.map(({ version }) => version));
  return [`${name} ${versions} were yanked: only asking for one of them by ${name}==VERSION takes it`];
}

function excludedHints(name: string, inRange: readonly PassedOver[]): string[] {
  const byReason = new Map<string, Version[]>();
  for (const { version, why, reason } of inRange) {
    if (why !== 'excluded') continue;
    const versions = byReason.get(oneLine(reason)) ?? [];
    versions.push(version);
    byReason.set(oneLine(reason), versions);
  }
  const told = [...byReason].slice(0, SHOWN).map(([reason, versions]) => {
    const advice = ADVICE.find(([beginning]) => beginning.test(reason))?.[1];
    return `${exclusionText(`${name} ${listVersions(versions)}`, versions.length, reason)}${advice === undefined ? '' : `: ${advice}`}`;
  });
  const untold = [...byReason.values()].slice(SHOWN).flat();
  if (untold.length === 0) return told;
  return [...told, `${name} ${listVersions(untold)} cannot be used for ${byReason.size - SHOWN} other reasons`];
}

// Most reasons are what can be said of one release: `requires Python >=3.14`.
function exclusionText(releases: string, count: number, reason: string): string {
  if (/^(?:has|is|requires|was) /.test(reason))
    return count === 1 ? `${releases} ${reason}` : `each of ${releases} ${reason}`;
  return `${releases} ${count === 1 ? 'is no candidate' : 'are no candidates'}: ${reason}`;
}
