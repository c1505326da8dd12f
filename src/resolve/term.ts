import {
  complementOf,
  intersectionOf,
  isEmptyRange,
  isSubsetOf,
  rangesEqual,
  unionOf,
  type VersionRange,
} from '../pep/version-range.ts';
import type { Package } from './package.ts';

/**
 * A statement about one package. Positive: "a version in `range` is chosen". Negative: "none in `range` is chosen",
 * which also holds when the package is not chosen at all (docs/resolver.md, "Terms").
 */
export interface Term {
  readonly package: Package;
  readonly positive: boolean;
  readonly range: VersionRange;
}

/** What is known about a term when another statement about the same package is taken for true. */
export type Relation = 'satisfied' | 'contradicted' | 'inconclusive';

export function requires(subject: Package, range: VersionRange): Term {
  return { package: subject, positive: true, range };
}

export function forbids(subject: Package, range: VersionRange): Term {
  return { package: subject, positive: false, range };
}

export function negate(term: Term): Term {
  return { package: term.package, positive: !term.positive, range: term.range };
}

/** Whether `asked` must hold, cannot hold, or may hold, given `known`. Both are about the same package. */
export function relationOf(known: Term, asked: Term): Relation {
  if (known.positive) {
    const common = intersectionOf(known.range, asked.range);
    if (isEmptyRange(common)) return asked.positive ? 'contradicted' : 'satisfied';
    if (rangesEqual(common, known.range)) return asked.positive ? 'satisfied' : 'contradicted';
    return 'inconclusive';
  }
  // A negative statement leaves open that the package is not chosen, so it never satisfies a positive one.
  if (!isSubsetOf(asked.range, known.range)) return 'inconclusive';
  return asked.positive ? 'contradicted' : 'satisfied';
}

/** Both statements as one. A positive term with an empty range says that they exclude each other. */
export function bothTerms(a: Term, b: Term): Term {
  if (a.positive && b.positive) return requires(a.package, intersectionOf(a.range, b.range));
  if (a.positive) return requires(a.package, intersectionOf(a.range, complementOf(b.range)));
  if (b.positive) return requires(a.package, intersectionOf(b.range, complementOf(a.range)));
  return forbids(a.package, unionOf(a.range, b.range));
}

/** No choice of versions makes the term true. */
export function isNever(term: Term): boolean {
  return term.positive && isEmptyRange(term.range);
}

/** Every choice of versions makes the term true. */
export function isAlways(term: Term): boolean {
  return !term.positive && isEmptyRange(term.range);
}
