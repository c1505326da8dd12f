import { evaluateMarker } from '../../../src/pep/marker.ts';
import { parseRequirement, type Requirement } from '../../../src/pep/requirement.ts';
import { specifierAllows } from '../../../src/pep/specifier.ts';
import { parseVersion } from '../../../src/pep/version.ts';
import { isList, LINUX, type MadeUpIndex } from './made-up-index.ts';

type Chosen = ReadonlyMap<string, string>;

interface World {
  /** Versions of each project, and what each release requires. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly requirements: ReadonlyMap<string, readonly Requirement[]>;
  readonly request: readonly Requirement[];
  readonly constraints: readonly Requirement[];
}

/**
 * Whether some choice of versions meets a request, found by trying all choices. It knows nothing of the algorithm under
 * test: only what it means that requirements are met. Releases are lists of requirements or unusable, the target is LINUX.
 */
export function bruteForce(index: MadeUpIndex, request: readonly string[], constraints: readonly string[]): boolean {
  const world = worldOf(index, request, constraints);
  const choices = [...world.versions].reduce<Chosen[]>(
    (found, [name, versions]) =>
      found.flatMap((chosen) => [chosen, ...versions.map((version) => new Map([...chosen, [name, version]]))]),
    [new Map()],
  );
  return choices.some((chosen) => isMet(world, chosen));
}

/** Whether this choice of versions meets the request. */
export function meetsAll(
  index: MadeUpIndex,
  request: readonly string[],
  constraints: readonly string[],
  chosen: Chosen,
): boolean {
  return isMet(worldOf(index, request, constraints), chosen);
}

function worldOf(index: MadeUpIndex, request: readonly string[], constraints: readonly string[]): World {
  const versions = new Map<string, string[]>();
  const requirements = new Map<string, readonly Requirement[]>();
  for (const [release, texts] of Object.entries(index)) {
    const [name = '', version = ''] = release.split(' ');
    if (!isList(texts)) {
      if (texts.unusable === undefined) throw new Error('releases are lists of requirements here, or unusable');
      continue;
    }
    versions.set(name, [...(versions.get(name) ?? []), version]);
    requirements.set(release, texts.map(parseRequirement));
  }
  return {
    versions,
    requirements,
    request: request.map(parseRequirement),
    constraints: constraints.map(parseRequirement),
  };
}

function isMet(world: World, chosen: Chosen): boolean {
  for (const { name, specifier } of world.constraints) {
    const version = chosen.get(name);
    if (version !== undefined && !specifierAllows(specifier, parseVersion(version))) return false;
  }
  // Nodes are `name extra`: what a release needs depends on the extras that are asked for.
  const open: { name: string; extra: string }[] = [];
  const seen = new Set<string>();
  const demand = (requirements: readonly Requirement[], extra: string): boolean => {
    for (const { name, specifier, marker, extras } of requirements) {
      if (marker !== null && !evaluateMarker(marker, { ...LINUX, extra })) continue;
      const version = chosen.get(name);
      if (version === undefined || !specifierAllows(specifier, parseVersion(version))) return false;
      for (const wanted of ['', ...extras]) {
        if (seen.has(`${name} ${wanted}`)) continue;
        seen.add(`${name} ${wanted}`);
        open.push({ name, extra: wanted });
      }
    }
    return true;
  };
  if (!demand(world.request, '')) return false;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const requirements = world.requirements.get(`${node.name} ${chosen.get(node.name)}`) ?? [];
    if (!demand(requirements, node.extra)) return false;
  }
  return true;
}
