import type { Incompatibility } from './incompatibility.ts';
import type { Package } from './package.ts';

/**
 * In which order packages are decided: uv's rules, see docs/resolver.md, "Order of decisions". Projects with a URL come
 * first, then those pinned to a version, then those that conflicts moved forward, then the rest; in each tier by first
 * appearance. An extra follows its project.
 */
export interface Priorities {
  /** Tells that something asks for the project. The first time fixes its place within its tier. */
  see(name: string, how: 'url' | 'exact' | 'range'): void;
  /** The package to be decided next, undefined for none. */
  first(packages: Iterable<Package>): Package | undefined;
  /**
   * Tells that `affected` was rejected because of the other packages of the incompatibility, while `decided` was the last that was taken up:
   * the search counts a rejection for that one, as uv does.
   */
  recordConflict(affected: Package, conflict: Incompatibility, decided: Package): void;
  /** Moves packages that conflicted too often, and gives those whose decisions should be taken back. */
  reprioritize(): Package[];
}

type Tier = 'url' | 'exact' | 'conflict-early' | 'conflict-late' | 'range';
const TIERS: readonly Tier[] = ['url', 'exact', 'conflict-early', 'conflict-late', 'range'];

/** How often a package may be part of a conflict before it changes its tier. uv's number. */
const CONFLICT_THRESHOLD = 5;

interface Place {
  tier: number;
  readonly index: number;
}

export function createPriorities(): Priorities {
  const places = new Map<string, Place>();
  const byOrder: (Place | undefined)[] = [];
  const rejections = new Map<Package, number>();
  const obstructions = new Map<Package, number>();
  const early: Package[] = [];
  const late: Package[] = [];

  // The search asks for thousands of places with each decision: the order of a package finds them sooner than its name.
  const placeOf = (subject: Package): Place => {
    const known = byOrder[subject.order];
    if (known !== undefined) return known;
    const place = places.get(subject.name);
    if (place === undefined) throw new Error(`${subject.label} is to be decided and nothing asked for it`);
    byOrder[subject.order] = place;
    return place;
  };

  // What conflicts moved is not moved by them again, or the search could go to and fro for ever.
  const move = (name: string, to: Tier, from: readonly Tier[]): boolean => {
    const place = places.get(name);
    const isMoved = from.some((tier) => TIERS.indexOf(tier) === place?.tier);
    if (isMoved) return false;
    const tier = TIERS.indexOf(to);
    if (place === undefined) places.set(name, { tier, index: places.size });
    else place.tier = tier;
    return true;
  };

  return {
    see(name, how) {
      const place = places.get(name);
      const tier = TIERS.indexOf(how);
      if (place === undefined) places.set(name, { tier, index: places.size });
      else place.tier = Math.min(place.tier, tier);
    },
    first(packages) {
      let best: Package | undefined;
      let bestPlace: Place | undefined;
      for (const subject of packages) {
        const place = placeOf(subject);
        if (best !== undefined && bestPlace !== undefined && !isBefore(subject, place, best, bestPlace)) continue;
        best = subject;
        bestPlace = place;
      }
      return best;
    },
    recordConflict(affected, conflict, decided) {
      const others = conflict.terms.map((term) => term.package).filter((other) => other.name !== affected.name);
      if (others.length === 0) return;
      for (const other of others) {
        if (count(obstructions, other) === CONFLICT_THRESHOLD && other.kind !== 'root') late.push(other);
      }
      if (count(rejections, decided) === CONFLICT_THRESHOLD && decided.kind !== 'root') early.push(decided);
    },
    reprioritize() {
      for (const { name } of early.splice(0)) move(name, 'conflict-early', ['conflict-early']);
      return late.splice(0).filter(({ name }) => move(name, 'conflict-late', ['conflict-early', 'conflict-late']));
    },
  };
}

function isBefore(a: Package, placeA: Place, b: Package, placeB: Place): boolean {
  if (placeA.tier !== placeB.tier) return placeA.tier < placeB.tier;
  if (placeA.index !== placeB.index) return placeA.index < placeB.index;
  // The project before its extras: an extra takes the version of its project.
  if (a.kind !== b.kind) return a.kind === 'project';
  return a.order < b.order;
}

function count(counts: Map<Package, number>, subject: Package): number {
  const next = (counts.get(subject) ?? 0) + 1;
  counts.set(subject, next);
  return next;
}
