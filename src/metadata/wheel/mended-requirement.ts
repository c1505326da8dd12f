import { type Requirement, tryParseRequirement } from '../../pep/requirement.ts';

/** A requirement as a release states it, with what had to be mended for it to be one. */
export interface MendedRequirement {
  readonly text: string;
  readonly requirement: Requirement;
  /** Null when it is valid as it stands. */
  readonly mended: string | null;
}

/**
 * Slips that old releases are full of, each with the function that mends it, in the order of uv (`LenientRequirement`): by the same rules the same
 * releases are passed over.
 */
const MENDS: readonly (readonly [slip: string, mend: (text: string) => string])[] = [
  ['a missing comma', (text) => text.replace(/(\d)([<>=~^!])/g, '$1,$2')],
  ['a tilde in place of a pattern', (text) => text.replace(/!=~((?:\d\.)*\d)/g, '!=$1.*')],
  ['a pattern after a comparison', (text) => text.replace(/(<=|>=|<|>)\s*(\d+(?:\.\d+)*)\.\*/g, '$1$2')],
  ['a missing dot', (text) => text.replace(/(\d\.\d)+\*/g, '$1.*')],
  ['a comma at the end', (text) => text.replace(/,\s*$/, '')],
  ['a version that is none', (text) => text.replace(/>dev/g, '>0.0.0dev')],
  ['a zero after a pre-release', (text) => text.replace(/(\d(?:\.\d)*(?:a|b|rc|post|dev)\d+)\.0/g, '$1')],
  ['stray quotes', withoutStrayQuotes],
];

/** Longer ones are no slips of the pen. */
const LONGEST = 2000;

/** Reads a `Requires-Dist`; null for one that is not valid and cannot be mended. */
export function mendedRequirement(text: string): MendedRequirement | null {
  const valid = tryParseRequirement(text);
  if (valid !== null) return { text, requirement: valid, mended: null };
  if (text.length > LONGEST) return null;
  let patched = text;
  const slips: string[] = [];
  for (const [slip, mend] of MENDS) {
    const next = mend(patched);
    if (next === patched) continue;
    patched = next;
    slips.push(slip);
    const requirement = tryParseRequirement(patched);
    if (requirement !== null) return { text: patched, requirement, mended: slips.join(', ') };
  }
  return null;
}

// Markers have quotes of their own.
function withoutStrayQuotes(text: string): string {
  const semicolon = text.indexOf(';');
  const end = semicolon < 0 ? text.length : semicolon;
  return text.slice(0, end).replace(/['"]/g, '') + text.slice(end);
}
