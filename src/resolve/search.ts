import { ANY_VERSION } from '../pep/version-range.ts';
import { derivedIncompatibility, type Incompatibility, incompatibility, isFailure } from './incompatibility.ts';
import { createKnowledge, type Knowledge } from './knowledge.ts';
import type { Package } from './package.ts';
import { type Assignment, createPartialSolution, type PartialSolution } from './partial-solution.ts';
import { bothTerms, forbids, isNever, negate, type Term } from './term.ts';

/** The part of PubGrub that needs no answers from the world: it draws conclusions and learns from conflicts. */
export interface Search {
  readonly solution: PartialSolution;
  readonly knowledge: Knowledge;
  /**
   * Draws every conclusion that follows from what is known about the packages (docs/resolver.md, "Conclusions"). Gives the
   * incompatibility that proves the request impossible, or null. `onConflict` hears of each conflict that was resolved:
   * the package that now has to change, and what was learned.
   */
  propagate(
    changed: Iterable<Package>,
    onConflict: (affected: Package, learned: Incompatibility) => void,
  ): Proof | null;
  /** Takes back the decision about a package and all steps after it. */
  undo(subject: Package): void;
  /** Packages about which something became known since the last call. */
  takeTouched(): Package[];
}

/** An incompatibility that says that the request cannot be met. */
export type Proof = Incompatibility;

/** Starts a search: the request has to be chosen. */
export function createSearch(root: Package): Search {
  const solution = createPartialSolution();
  const knowledge = createKnowledge();
  const silenced = createSilencer();
  let touched = new Set<Package>();
  knowledge.add(incompatibility([forbids(root, ANY_VERSION)], { kind: 'root' }));

  const backtrack = (level: number): void => {
    solution.backtrack(level);
    silenced.backtrack(level);
  };

  // Derives what the incompatibility leaves as the only way out, and gives the package that it is about.
  const conclude = (fact: Incompatibility): Package | 'conflict' | null => {
    let open: Term | undefined;
    for (const term of fact.terms) {
      const relation = solution.relation(term);
      if (relation === 'satisfied') continue;
      if (relation === 'contradicted') {
        silenced.add(fact, solution.level);
        return null;
      }
      if (open !== undefined) return null;
      open = term;
    }
    if (open === undefined) return 'conflict';
    solution.derive(negate(open), fact);
    silenced.add(fact, solution.level);
    touched.add(open.package);
    return open.package;
  };

  // Combines the incompatibility with the reasons for its terms until it says what to do differently at an earlier level.
  const resolveConflict = (conflict: Incompatibility): Incompatibility => {
    let fact = conflict;
    while (!isFailure(fact)) {
      const { term, satisfier, rest, previousLevel } = lastSatisfier(fact, solution);
      if (satisfier.cause === null || previousLevel < satisfier.level) {
        backtrack(previousLevel);
        if (fact !== conflict) knowledge.add(fact);
        return fact;
      }
      const terms = [
        ...fact.terms.filter((other) => other !== term),
        ...satisfier.cause.terms.filter((other) => other.package !== term.package),
      ];
      if (rest !== null) terms.push(negate(rest));
      fact = derivedIncompatibility(terms, fact, satisfier.cause);
    }
    return fact;
  };

  return {
    solution,
    knowledge,
    propagate(packages, onConflict) {
      const changed = new Set(packages);
      for (const subject of changed) {
        changed.delete(subject);
        // Newest first: what conflicts taught is more general than single dependencies, and so leads further.
        const facts = knowledge.about(subject);
        for (let index = facts.length - 1; index >= 0; index -= 1) {
          const fact = facts[index];
          if (fact === undefined || silenced.has(fact)) continue;
          const conclusion = conclude(fact);
          if (conclusion === null) continue;
          if (conclusion !== 'conflict') {
            changed.add(conclusion);
            continue;
          }
          const learned = resolveConflict(fact);
          if (isFailure(learned)) return learned;
          const affected = conclude(learned);
          if (affected === null || affected === 'conflict') throw new Error('a learned incompatibility led nowhere');
          onConflict(affected, learned);
          changed.clear();
          changed.add(affected);
          break;
        }
      }
      return null;
    },
    undo(subject) {
      const level = solution.decidedAt(subject);
      if (level !== undefined) backtrack(level - 1);
    },
    takeTouched() {
      const taken = [...touched];
      touched = new Set();
      return taken;
    },
  };
}

interface LastSatisfier {
  /** The term of the incompatibility that came true last. */
  readonly term: Term;
  /** The step that made it true. */
  readonly satisfier: Assignment;
  /** What the step says beyond the term; null when the step alone satisfies the term. */
  readonly rest: Term | null;
  /** The highest level needed for the other terms, at least the level of the request. */
  readonly previousLevel: number;
}

function lastSatisfier(fact: Incompatibility, solution: PartialSolution): LastSatisfier {
  let last: { term: Term; satisfier: Assignment } | undefined;
  // Stopping at the level of the request and not below it keeps "you require" near the end of explanations.
  let previousLevel = 1;
  for (const term of fact.terms) {
    const satisfier = solution.satisfier(term);
    if (last === undefined || satisfier.index > last.satisfier.index) {
      if (last !== undefined) previousLevel = Math.max(previousLevel, last.satisfier.level);
      last = { term, satisfier };
    } else {
      previousLevel = Math.max(previousLevel, satisfier.level);
    }
  }
  if (last === undefined) throw new Error('an incompatibility without terms has no satisfier');
  const difference = bothTerms(last.satisfier.term, negate(last.term));
  const rest = isNever(difference) ? null : difference;
  if (rest !== null) previousLevel = Math.max(previousLevel, solution.satisfier(negate(rest)).level);
  return { ...last, rest, previousLevel };
}

/** Incompatibilities that cannot lead to a conclusion before the search goes back below a level. */
interface Silencer {
  has(fact: Incompatibility): boolean;
  add(fact: Incompatibility, level: number): void;
  backtrack(level: number): void;
}

function createSilencer(): Silencer {
  const facts = new Set<Incompatibility>();
  const order: { fact: Incompatibility; level: number }[] = [];
  return {
    has: (fact) => facts.has(fact),
    add(fact, level) {
      if (facts.has(fact)) return;
      facts.add(fact);
      order.push({ fact, level });
    },
    backtrack(level) {
      for (let last = order.at(-1); last !== undefined && last.level > level; last = order.at(-1)) {
        order.pop();
        facts.delete(last.fact);
      }
    },
  };
}
