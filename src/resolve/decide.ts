import { UserError } from '../base/user-error.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { Version } from '../pep/version.ts';
import { ANY_VERSION, complementOf, rangeOfVersion, type VersionRange } from '../pep/version-range.ts';
import { firstCandidate, type Listing } from './candidates.ts';
import type { Cause } from './cause.ts';
import { edgesOf, isExact } from './dependencies.ts';
import { type Incompatibility, incompatibility } from './incompatibility.ts';
import type { Package, PackageTable } from './package.ts';
import type { Priorities } from './priorities.ts';
import type { Search } from './search.ts';
import type { Speculation } from './speculation.ts';
import { forbids, requires, type Term } from './term.ts';
import type { World } from './world.ts';

/** What the search consists of. */
export interface Parts {
  readonly world: World;
  readonly packages: PackageTable;
  readonly search: Search;
  readonly priorities: Priorities;
  readonly speculation: Speculation;
  /** Versions and packages whose requirements are known to the search, as `label version`. */
  readonly introduced: Set<string>;
}

/**
 * Takes up a package: chooses a version for it and lets the search know what that needs, or lets it know that there is
 * none. Waits for the answers of the world that this one package needs (docs/resolver.md, "Decisions").
 */
export async function decide(subject: Package, parts: Parts): Promise<void> {
  switch (subject.kind) {
    case 'root':
      choose(subject, null, introduce(subject, null, parts.world.requirements, parts), parts);
      return;
    case 'project':
      return decideProject(subject, parts);
    case 'extra':
      return decideExtra(subject, parts);
  }
}

async function decideProject(subject: Package, parts: Parts): Promise<void> {
  const { world, search } = parts;
  const listing = await world.listing(subject.name);
  if (listing === null) {
    search.knowledge.add(incompatibility([requires(subject, ANY_VERSION)], { kind: 'no-project' }));
    return;
  }
  const range = allowedRange(subject, search);
  const found = await firstUsable(listing, range, parts);
  if (found === null) {
    search.knowledge.add(incompatibility([requires(subject, range)], { kind: 'no-versions' }));
    return;
  }
  const { version, requirements } = found;
  const conflict =
    introduce(subject, version, requirements, parts) ??
    // What its extras need is known as well, and may speak against the version before it is chosen.
    neededExtras(subject, parts)
      .map((extra) => introduce(extra, version, requirements, parts))
      .find((fact) => fact);
  choose(subject, version, conflict, parts);
}

// What cannot be used shows itself only when it is read. It is no candidate from then on, and was never chosen, so that all that was concluded holds.
async function firstUsable(
  listing: Listing,
  range: VersionRange,
  { world, speculation }: Parts,
): Promise<{ version: Version; requirements: readonly Requirement[] } | null> {
  for (;;) {
    const version = firstCandidate(listing, range);
    if (version === undefined) return null;
    speculation.tried(listing, version, range);
    const answer = await world.tryRequirements(listing.name, version);
    if (answer.kind === 'usable') return { version, requirements: answer.requirements };
    listing.reject(version, answer.reason);
    speculation.expect(listing.name, range);
  }
}

// The project is always decided before its extras, and an extra has no version of its own to choose.
async function decideExtra(subject: Package, parts: Parts): Promise<void> {
  const version = parts.search.solution.decisions.get(parts.packages.project(subject.name));
  if (version === undefined) throw new Error(`${subject.label} was taken up before ${subject.name}`);
  const requirements = await parts.world.releaseRequirements(subject.name, version);
  choose(subject, null, introduce(subject, version, requirements, parts), parts);
}

// With a conflict in sight nothing is chosen: the search concludes from the dependency that the version cannot be.
function choose(subject: Package, version: Version | null, conflict: Incompatibility | undefined, parts: Parts): void {
  if (conflict === undefined) parts.search.solution.decide(subject, version);
  else parts.priorities.recordConflict(subject, conflict, subject);
}

// Lets the search know what a version needs, the first time that it is taken up. Gives a dependency that cannot be met now.
function introduce(
  subject: Package,
  version: Version | null,
  requirements: readonly Requirement[],
  parts: Parts,
): Incompatibility | undefined {
  const { packages, search, world } = parts;
  if (!isFirst(parts, `${subject.label} ${version?.text ?? ''}`)) return undefined;
  const dependent = {
    subject,
    versions:
      version === null
        ? requires(subject, ANY_VERSION)
        : requires(packages.project(subject.name), rangeOfVersion(version)),
  };
  let conflict: Incompatibility | undefined;
  const edges = edgesOf(subject, requirements, { packages, ...world });
  for (const { requirement } of edges) {
    if (subject.kind !== 'root') refuseUnknownAddress(requirement, `${subject.label} ${version?.text ?? ''}`, world);
    see(requirement, parts);
  }
  for (const { target, range, requirement } of edges) {
    introducePackage(target, parts);
    const needed = forbids(target, target.kind === 'extra' ? ANY_VERSION : range);
    const fact = search.knowledge.addDependency(dependent, needed, {
      kind: 'dependency',
      requirement,
      extra: subject.extra,
    });
    if (fact !== null && isSatisfiedBut(fact, subject, search)) conflict ??= fact;
  }
  for (const { target } of edges) parts.speculation.expect(target.name, expectedRange(target, parts));
  return conflict;
}

function neededExtras(project: Package, { packages, search }: Parts): Package[] {
  const { undecided } = search.solution;
  const needed = packages.extrasOf(project.name).filter((extra) => undecided.has(extra));
  // In the order in which they came to be needed. Few projects have several, and to look through all that is undecided takes long.
  return needed.length < 2 ? needed : [...undecided].filter((each) => needed.includes(each));
}

// What holds for a package whatever needs it.
function introducePackage(subject: Package, parts: Parts): void {
  if (!isFirst(parts, subject.label)) return;
  const { packages, search, world } = parts;
  if (subject.kind === 'extra') {
    const terms: Term[] = [requires(subject, ANY_VERSION), forbids(packages.project(subject.name), ANY_VERSION)];
    search.knowledge.add(incompatibility(terms, { kind: 'extra' }));
    return;
  }
  const fixed = world.request.fixed?.get(subject.name);
  if (fixed !== undefined) limit(subject, rangeOfVersion(fixed), { kind: 'fixed' }, search);
  for (const { specifier } of world.constraints.get(subject.name) ?? []) {
    limit(subject, world.rangeOf(specifier), { kind: 'constraint' }, search);
  }
}

function limit(subject: Package, range: VersionRange, cause: Cause, search: Search): void {
  search.knowledge.add(incompatibility([requires(subject, complementOf(range))], cause));
}

// A release could otherwise make a run fetch from anywhere. uv's rule.
function refuseUnknownAddress({ name, url }: Requirement, by: string, world: World): void {
  if (url === null || world.knowsAddress(name, url)) return;
  throw new UserError('E_TRANSITIVE_ADDRESS', `${by} asks for ${name} at an address, which the request does not name`, {
    hint: `if the address is to be trusted, name it in the request: '${name} @ ADDRESS'`,
  });
}

function see(requirement: Requirement, { priorities, world }: Parts): void {
  const { name } = requirement;
  const isPinned =
    world.request.fixed?.has(name) === true ||
    [requirement, ...(world.constraints.get(name) ?? [])].some((one) => isExact(one));
  priorities.see(name, requirement.url !== null || world.hasAddress(name) ? 'url' : isPinned ? 'exact' : 'range');
}

// Whether all that is left to make the incompatibility true is to choose the subject.
function isSatisfiedBut(fact: Incompatibility, subject: Package, { solution }: Search): boolean {
  return fact.terms.every((term) => term.package.name === subject.name || solution.relation(term) === 'satisfied');
}

function allowedRange(subject: Package, { solution }: Search): VersionRange {
  const known = solution.known(subject);
  if (known === undefined || !known.positive) throw new Error(`${subject.label} is not needed`);
  return known.range;
}

function expectedRange(target: Package, { packages, search }: Parts): VersionRange {
  const known = search.solution.known(packages.project(target.name));
  if (known === undefined) return ANY_VERSION;
  return known.positive ? known.range : complementOf(known.range);
}

function isFirst({ introduced }: Parts, key: string): boolean {
  if (introduced.has(key)) return false;
  introduced.add(key);
  return true;
}
