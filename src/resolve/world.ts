import type { Note } from '../base/note.ts';
import { UserError } from '../base/user-error.ts';
import type { MarkerEnvironment } from '../pep/marker.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { SpecifierSet } from '../pep/specifier.ts';
import type { Version } from '../pep/version.ts';
import type { VersionRange } from '../pep/version-range.ts';
import { type CandidateRules, type Listing, listReleases } from './candidates.ts';
import { createRangeCache } from './dependencies.ts';
import { type Provider, UNUSABLE_RELEASE } from './provider.ts';
import type { ResolveRequest } from './request.ts';
import { holdsSomewhere } from './scope.ts';

/** The world behind the provider: asks each thing once, and tells candidates by the rules of the request. */
export interface World {
  readonly request: ResolveRequest;
  readonly targets: readonly MarkerEnvironment[];
  /** Requirements of the request that hold on some target. */
  readonly requirements: readonly Requirement[];
  /** Constraints of the request that hold on some target, by project. */
  readonly constraints: ReadonlyMap<string, readonly Requirement[]>;
  isSupplied(name: string): boolean;
  rangeOf(specifiers: SpecifierSet): VersionRange;
  /** The releases of a project; null when no index has it. Throws UserError when an index fails. */
  listing(name: string): Promise<Listing | null>;
  /** The same when the answer is there already, else undefined. */
  knownListing(name: string): Listing | null | undefined;
  /** The requirements of a release. Throws UserError when they cannot be had. */
  releaseRequirements(name: string, version: Version): Promise<readonly Requirement[]>;
  /** The same for a release that is not chosen yet. Throws UserError when an index fails. */
  tryRequirements(name: string, version: Version): Promise<TriedRelease>;
  /** What the provider has to tell of a release that is chosen. */
  notes(name: string, version: Version): Promise<readonly Note[]>;
  /** Whether the request names an address for the project. */
  hasAddress(name: string): boolean;
  /** Whether the request names an address for the project, or the provider has this one. Which one counts is another question. */
  knowsAddress(name: string, url: string): boolean;
}

/** What came of reading a release. */
export type TriedRelease =
  | { readonly kind: 'usable'; readonly requirements: readonly Requirement[] }
  | { readonly kind: 'unusable'; readonly reason: string };

export function createWorld(request: ResolveRequest, provider: Provider): World {
  const { targets } = request;
  const requirements = request.requirements.filter(({ marker }) => holdsSomewhere(marker, targets, ''));
  const constraints = byName(request.constraints.filter(({ marker }) => holdsSomewhere(marker, targets, '')));
  const direct = byName(requirements);
  const arrived = new Map<string, Listing | null>();
  const addressed = new Set(
    [...requirements, ...request.constraints].filter(({ url }) => url !== null).map(({ name }) => name),
  );
  const releaseRequirements = once(
    (name: string, version: Version) => `${name} ${version.text}`,
    (name, version) => provider.requirements(name, version),
  );
  const rulesOf = (name: string): CandidateRules => ({
    specifiers: [...(direct.get(name) ?? []), ...(constraints.get(name) ?? [])].map(({ specifier }) => specifier),
    prereleases: request.prereleases,
    lowest: request.strategy === 'lowest' || (request.strategy === 'lowest-direct' && direct.has(name)),
    isAddressed: addressed.has(name),
    fixed: request.fixed?.get(name),
    preferred: request.preferences?.get(name),
  });
  const list = async (name: string): Promise<Listing | null> => {
    const rules = rulesOf(name);
    const releases = await provider.releases(name);
    const listing = releases === null && rules.fixed === undefined ? null : listReleases(name, releases ?? [], rules);
    arrived.set(name, listing);
    return listing;
  };

  return {
    request,
    targets,
    requirements,
    constraints,
    isSupplied: (name) => !direct.has(name) && request.supplies(name),
    rangeOf: createRangeCache(),
    listing: once((name: string) => name, list),
    knownListing: (name) => arrived.get(name),
    releaseRequirements,
    async tryRequirements(name, version) {
      try {
        return { kind: 'usable', requirements: await releaseRequirements(name, version) };
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== UNUSABLE_RELEASE) throw error;
        return { kind: 'unusable', reason: error.message };
      }
    },
    notes: async (name, version) => (await provider.notes?.(name, version)) ?? [],
    hasAddress: (name) => addressed.has(name),
    knowsAddress: (name, url) => addressed.has(name) || provider.knowsAddress?.(name, url) === true,
  };
}

function byName(requirements: readonly Requirement[]): ReadonlyMap<string, readonly Requirement[]> {
  const groups = new Map<string, Requirement[]>();
  for (const requirement of requirements) {
    const group = groups.get(requirement.name) ?? [];
    group.push(requirement);
    groups.set(requirement.name, group);
  }
  return groups;
}

/** Asks once for each key. A failure is told to everybody who awaits it, and to nobody when nobody does. */
function once<Arguments extends readonly unknown[], Answer>(
  keyOf: (...given: Arguments) => string,
  ask: (...given: Arguments) => Promise<Answer>,
): (...given: Arguments) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (...given) => {
    const key = keyOf(...given);
    const before = asked.get(key);
    if (before !== undefined) return before;
    const answer = ask(...given);
    // Requests made ahead of need may fail for a release that the search never gets to.
    answer.catch(() => undefined);
    asked.set(key, answer);
    return answer;
  };
}
