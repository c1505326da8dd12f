import { compareText, sortedUnique } from '../base/text.ts';
import { UserError } from '../base/user-error.ts';
import type { Requirement } from '../pep/requirement.ts';
import type { Version } from '../pep/version.ts';
import { edgesOf } from './dependencies.ts';
import { createPackageTable, type Package } from './package.ts';
import type { Resolution, ResolvedPackage } from './provider.ts';
import { scopeRequirement } from './scope.ts';
import type { World } from './world.ts';

/**
 * The resolution that the decisions of a search make: the projects that the request leads to, each with the extras that
 * are asked for. Requirements of a project on itself are left out, as their extras are among its extras.
 * Throws UserError E_CONFLICTING_URLS when one project is asked for from two places.
 */
export async function resolutionOf(decisions: ReadonlyMap<Package, Version>, world: World): Promise<Resolution> {
  const versions = new Map<string, Version>();
  for (const [subject, version] of decisions) versions.set(subject.name, version);
  const extras = await reachedExtras(versions, world);
  const packages = new Map<string, ResolvedPackage>();
  for (const name of sortedUnique(extras.keys())) {
    const version = versionOf(name, versions);
    const wanted = sortedUnique(extras.get(name) ?? []);
    const listing = await world.listing(name);
    const requirements = (await world.releaseRequirements(name, version))
      .map((requirement) => scopeRequirement(requirement, world.targets, wanted))
      .filter((requirement) => requirement !== null)
      .filter((requirement) => requirement.name !== name);
    const yanked = listing?.yankedReason(version) ?? null;
    packages.set(name, { name, version, extras: wanted, requirements, yanked });
  }
  refuseConflictingUrls(world.requirements, packages);
  return { packages, supplied: suppliedBy(packages, world) };
}

// The extras that are asked for of each project that the request leads to.
async function reachedExtras(versions: ReadonlyMap<string, Version>, world: World): Promise<Map<string, Set<string>>> {
  const packages = createPackageTable();
  const options = { packages, ...world };
  const extras = new Map<string, Set<string>>();
  const reached = new Set<Package>([packages.root]);
  for (const subject of reached) {
    const requirements =
      subject.kind === 'root'
        ? world.requirements
        : await world.releaseRequirements(subject.name, versionOf(subject.name, versions));
    if (subject.kind !== 'root') {
      const known = extras.get(subject.name) ?? new Set();
      if (subject.kind === 'extra') known.add(subject.extra);
      extras.set(subject.name, known);
    }
    for (const { target } of edgesOf(subject, requirements, options)) reached.add(target);
  }
  return extras;
}

function versionOf(name: string, versions: ReadonlyMap<string, Version>): Version {
  const version = versions.get(name);
  if (version === undefined) throw new Error(`${name} is needed and has no version`);
  return version;
}

function suppliedBy(packages: ReadonlyMap<string, ResolvedPackage>, world: World): Resolution['supplied'] {
  const supplied = new Map<string, { by: string; requirement: Requirement }[]>();
  for (const { name: by, requirements } of packages.values()) {
    for (const requirement of requirements) {
      if (!world.isSupplied(requirement.name)) continue;
      const asked = supplied.get(requirement.name) ?? [];
      asked.push({ by, requirement });
      supplied.set(requirement.name, asked);
    }
  }
  return new Map([...supplied].sort(([a], [b]) => compareText(a, b)));
}

function refuseConflictingUrls(direct: readonly Requirement[], packages: ReadonlyMap<string, ResolvedPackage>): void {
  const first = new Map<string, { url: string; by: string }>();
  const check = (requirements: readonly Requirement[], by: string): void => {
    for (const { name, url } of requirements) {
      if (url === null) continue;
      const other = first.get(name);
      if (other === undefined) first.set(name, { url, by });
      else if (other.url !== url) {
        // The addresses are not told: they may hold credentials.
        throw new UserError(
          'E_CONFLICTING_URLS',
          `${name} is asked for from two different addresses, by ${other.by} and by ${by}`,
          { hint: `give one address for ${name} in all requirements` },
        );
      }
    }
  };
  check(direct, 'the request');
  for (const { name, requirements } of packages.values()) check(requirements, name);
}
