import type { Cause } from './cause.ts';
import type { Package } from './package.ts';
import { bothTerms, isAlways, type Term } from './term.ts';

/** Terms that cannot all be true at once, and why (docs/resolver.md, "Incompatibilities"). At most one term a package. */
export interface Incompatibility {
  readonly terms: readonly Term[];
  readonly cause: Cause;
}

/** Makes an incompatibility from a fact. */
export function incompatibility(terms: readonly Term[], cause: Cause): Incompatibility {
  return { terms: onePerPackage(terms), cause };
}

/** Makes the incompatibility that follows from two others. The request is always chosen, so its term says nothing. */
export function derivedIncompatibility(
  terms: readonly Term[],
  left: Incompatibility,
  right: Incompatibility,
): Incompatibility {
  const merged = onePerPackage(terms);
  const telling = merged.filter((term) => !(term.positive && term.package.kind === 'root'));
  return { terms: telling.length === 0 ? merged : telling, cause: { kind: 'conflict', left, right } };
}

/** Whether it says that the request cannot be met. */
export function isFailure({ terms }: Incompatibility): boolean {
  const [first, ...rest] = terms;
  return first === undefined || (rest.length === 0 && first.positive && first.package.kind === 'root');
}

function onePerPackage(terms: readonly Term[]): readonly Term[] {
  const byPackage = new Map<Package, Term>();
  for (const term of terms) {
    const other = byPackage.get(term.package);
    byPackage.set(term.package, other === undefined ? term : bothTerms(other, term));
  }
  return [...byPackage.values()].filter((term) => !isAlways(term));
}
