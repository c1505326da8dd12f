import { joinWords, oneLine } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { Requirement } from '../pep/requirement.ts';
import { formatSpecifierSet } from '../pep/specifier.ts';
import { firstCandidate } from './candidates.ts';
import { listVersions, passedOverHints, unknownProjectHint, unknownProjectText } from './hints.ts';
import type { World } from './world.ts';

/** How many of the versions that exist a message names. */
const NEWEST = 5;

/**
 * The faults of the requirements that the user names, each by itself: E_NO_SUCH_PROJECT for a project that no index has,
 * E_NO_MATCHING_VERSION for one without a version that matches. All projects are asked for at once. Throws UserError when
 * an index fails.
 */
export async function checkDirect(world: World): Promise<UserError[]> {
  const { requirements } = world;
  await Promise.all(requirements.map(({ name }) => world.listing(name)));
  const faults: UserError[] = [];
  const told = new Set<string>();
  for (const requirement of requirements) {
    const fault = await faultOf(requirement, world);
    if (fault === null || told.has(fault.message)) continue;
    told.add(fault.message);
    faults.push(fault);
  }
  return faults;
}

async function faultOf(requirement: Requirement, world: World): Promise<UserError | null> {
  const { name, specifier } = requirement;
  const listing = await world.listing(name);
  if (listing === null) {
    const similar = world.request.similarNames?.(name) ?? [];
    return new UserError('E_NO_SUCH_PROJECT', unknownProjectText(name, world.request.indexes ?? []), {
      hint: unknownProjectHint(name, similar),
    });
  }
  const range = world.rangeOf(specifier);
  // What contradicts a version that is decided already is told with its reasons by the search.
  if (world.request.fixed?.has(name) === true || firstCandidate(listing, range) !== undefined) return null;
  const wanted = specifier.length === 0 ? 'can be used' : `matches ${oneLine(formatSpecifierSet(specifier))}`;
  const existing =
    listing.versions.length === 0
      ? noReleases(world.request.unusableFiles?.(name) ?? [])
      : `its versions are ${listVersions(listing.versions, NEWEST)}`;
  const hints = passedOverHints(listing, range);
  return new UserError(
    'E_NO_MATCHING_VERSION',
    `no version of ${name} ${wanted}: ${existing}`,
    hints.length === 0 ? {} : { hint: hints.join('; ') },
  );
}

function noReleases(unusable: readonly string[]): string {
  if (unusable.length === 0) return 'it has no releases';
  return `it has no releases, only files that cannot be used: ${joinWords(unusable.map(oneLine))}`;
}
