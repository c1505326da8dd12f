import type { Version } from '../pep/version.ts';
import { ANY_VERSION, rangeOfVersion } from '../pep/version-range.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { Package } from './package.ts';
import { bothTerms, type Relation, relationOf, requires, type Term } from './term.ts';

/** One step of the search: a decision (no cause) or something that follows from the steps before it. */
export interface Assignment {
  readonly term: Term;
  /** All that is known about the package after this step. */
  readonly known: Term;
  /** Number of decisions up to and including this step. */
  readonly level: number;
  /** Position among all steps. */
  readonly index: number;
  readonly cause: Incompatibility | null;
}

/** What the search takes for true at the moment, in the order it came to that (docs/resolver.md, "The partial solution"). */
export interface PartialSolution {
  readonly level: number;
  /** The versions of projects that are decided. */
  readonly decisions: ReadonlyMap<Package, Version>;
  /** Packages that must be chosen and have no version yet, in no particular order. */
  readonly undecided: ReadonlySet<Package>;
  /** The request and extras have no version of their own: null. */
  decide(subject: Package, version: Version | null): void;
  derive(term: Term, cause: Incompatibility): void;
  /** What is known about a package, or undefined when nothing is. */
  known(subject: Package): Term | undefined;
  relation(term: Term): Relation;
  /** The first step after which `term` is satisfied. The term must be satisfied. */
  satisfier(term: Term): Assignment;
  /** The level at which a package was decided, or undefined. */
  decidedAt(subject: Package): number | undefined;
  /** Takes back all steps above a level. */
  backtrack(level: number): void;
}

export function createPartialSolution(): PartialSolution {
  const steps: Assignment[] = [];
  const stepsOf = new Map<Package, Assignment[]>();
  const decisions = new Map<Package, Version>();
  const undecided = new Set<Package>();
  const decided = new Set<Package>();

  const assign = (term: Term, cause: Incompatibility | null): void => {
    const mine = stepsOf.get(term.package) ?? [];
    const before = mine.at(-1)?.known;
    const known = before === undefined ? term : bothTerms(before, term);
    const step: Assignment = { term, known, level: decided.size, index: steps.length, cause };
    steps.push(step);
    mine.push(step);
    stepsOf.set(term.package, mine);
    if (known.positive && !decided.has(term.package)) undecided.add(term.package);
  };

  return {
    get level() {
      return decided.size;
    },
    decisions,
    undecided,
    decide(subject, version) {
      decided.add(subject);
      undecided.delete(subject);
      if (version !== null) decisions.set(subject, version);
      assign(requires(subject, version === null ? ANY_VERSION : rangeOfVersion(version)), null);
    },
    derive: assign,
    known: (subject) => stepsOf.get(subject)?.at(-1)?.known,
    relation(term) {
      const known = stepsOf.get(term.package)?.at(-1)?.known;
      return known === undefined ? 'inconclusive' : relationOf(known, term);
    },
    satisfier(term) {
      for (const step of stepsOf.get(term.package) ?? []) {
        if (relationOf(step.known, term) === 'satisfied') return step;
      }
      throw new Error(`the search asked what satisfies a term on ${term.package.label} that is not satisfied`);
    },
    decidedAt: (subject) => stepsOf.get(subject)?.find((step) => step.cause === null)?.level,
    backtrack(level) {
      for (let step = steps.at(-1); step !== undefined && step.level > level; step = steps.at(-1)) {
        const subject = step.term.package;
        const mine = stepsOf.get(subject) ?? [];
        steps.pop();
        mine.pop();
        if (step.cause === null) {
          decided.delete(subject);
          decisions.delete(subject);
        }
        if (decided.has(subject)) continue;
        if (mine.at(-1)?.known.positive === true) undecided.add(subject);
        else undecided.delete(subject);
      }
    },
  };
}
