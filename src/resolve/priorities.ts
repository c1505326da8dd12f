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
  /** Tells that `affected` was rejected because of the other packages of the incompatibility. */
  recordConflict(affected: Package, conflict: Incompatibility): void;
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
  const rejections = new Map<Package, number>();
  const obstructions = new Map<Package, number>();
  const early: Package[] = [];
  const late: Package[] = [];

  // Moves a project to a better tier and tells whether it was in a worse one.
  const raise = (name: string, to: Tier): boolean => {
    const place = places.get(name);
    const tier = TIERS.indexOf(to);
    if (place === undefined) places.set(name, { tier, index: places.size });
    else if (tier < place.tier) place.tier = tier;
    else return false;
    return true;
  };

  return {
    see: raise,
    first(packages) {
      let best: { subject: Package; place: Place } | undefined;
      for (const subject of packages) {
        const place = places.get(subject.name);
        if (place === undefined) throw new Error(`${subject.label} is to be decided and nothing asked for it`);
        if (best === undefined || isBefore(subject, place, best.subject, best.place)) best = { subject, place };
      }
      return best?.subject;
    },
    recordConflict(affected, conflict) {
      const others = conflict.terms
        .map((term) => term.package)
        .filter((other) => other.kind !== 'root' && other.name !== affected.name);
      if (others.length === 0) return;
      for (const other of others) if (count(obstructions, other) === CONFLICT_THRESHOLD) late.push(other);
      if (affected.kind !== 'root' && count(rejections, affected) === CONFLICT_THRESHOLD) early.push(affected);
    },
    reprioritize() {
      for (const subject of early.splice(0)) raise(subject.name, 'conflict-early');
      return late.splice(0).filter((subject) => raise(subject.name, 'conflict-late'));
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
