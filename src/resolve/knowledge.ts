import { formatMarker } from '../pep/marker.ts';
import { ANY_VERSION, rangesEqual, unionOf } from '../pep/version-range.ts';
import type { Cause } from './cause.ts';
import { type Incompatibility, incompatibility } from './incompatibility.ts';
import type { Package } from './package.ts';
import { isNever, requires, type Term } from './term.ts';

/** Who needs something: the request, a version of a project, or an extra at a version of its project. */
export interface Dependent {
  readonly subject: Package;
  /** The request, or versions of the project. */
  readonly versions: Term;
}

/** All incompatibilities that the search knows, by the packages they mention. */
export interface Knowledge {
  /** Those that mention the package, oldest first. */
  about(subject: Package): readonly Incompatibility[];
  add(fact: Incompatibility): void;
  /**
   * Adds that `dependent` excludes the negative term `needed`. Versions with the same need become one incompatibility,
   * which keeps the lists short and the explanations general. Gives the incompatibility that now says it, null when it is
   * met by itself, as when a project needs itself.
   */
  addDependency(dependent: Dependent, needed: Term, cause: Cause): Incompatibility | null;
}

interface Need {
  readonly needed: Term;
  dependent: Dependent;
  fact: Incompatibility;
}

export function createKnowledge(): Knowledge {
  const byPackage = new Map<Package, Incompatibility[]>();
  const needs = new Map<Package, Map<Package, Need[]>>();

  const listOf = (subject: Package): Incompatibility[] => entry(byPackage, subject, () => []);
  const add = (fact: Incompatibility): void => {
    for (const term of fact.terms) listOf(term.package).push(fact);
  };

  return {
    about: listOf,
    add,
    addDependency(dependent, needed, cause) {
      const fact = dependencyFact(dependent, needed, cause);
      if (fact.terms.some(isNever)) return null;
      const ofSubject = entry(needs, dependent.subject, () => new Map<Package, Need[]>());
      const siblings = entry(ofSubject, needed.package, () => []);
      const same = siblings.find(
        (need) => rangesEqual(need.needed.range, needed.range) && sameCause(need.fact.cause, cause),
      );
      if (same === undefined) {
        siblings.push({ needed, dependent, fact });
        add(fact);
        return fact;
      }
      const { range } = same.dependent.versions;
      const versions = requires(dependent.versions.package, unionOf(range, dependent.versions.range));
      const merged = dependencyFact({ ...dependent, versions }, needed, same.fact.cause);
      for (const term of merged.terms) replace(listOf(term.package), same.fact, merged);
      same.dependent = { ...dependent, versions };
      same.fact = merged;
      return merged;
    },
  };
}

function dependencyFact({ subject, versions }: Dependent, needed: Term, cause: Cause): Incompatibility {
  const terms = subject === versions.package ? [versions, needed] : [requires(subject, ANY_VERSION), versions, needed];
  return incompatibility(terms, cause);
}

// Two dependencies are told in one sentence only when both hold on the same targets.
function sameCause(a: Cause, b: Cause): boolean {
  if (a.kind !== 'dependency' || b.kind !== 'dependency') return a.kind === b.kind;
  const left = a.requirement.marker;
  const right = b.requirement.marker;
  if (left === null || right === null) return left === right;
  return formatMarker(left) === formatMarker(right);
}

function replace(list: Incompatibility[], old: Incompatibility, by: Incompatibility): void {
  const index = list.indexOf(old);
  if (index === -1) list.push(by);
  else list[index] = by;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
