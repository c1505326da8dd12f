import { sortedUnique } from '../base/text.ts';
import { evaluateMarker, type Marker, type MarkerComparison, type MarkerEnvironment } from '../pep/marker.ts';
import { simplifyMarker } from '../pep/marker-simplify.ts';
import { isProjectName, normalizeName } from '../pep/name.ts';
import type { Requirement } from '../pep/requirement.ts';

/** A requirement as it holds once it is decided which extra is asked for. */
export interface Member {
  /** Its marker speaks of no extra; null for always. */
  readonly requirement: Requirement;
  /** As the release states it. */
  readonly stated: Requirement;
}

/** The requirements of a release, told apart by what asks for them. */
export interface ExtraMembers {
  /** PEP 685 names of all extras, sorted. */
  readonly extras: readonly string[];
  /**
   * What an extra asks for beyond what is needed anyway; with an empty name, what is needed without any extra. Where the release requires extras of
   * itself (`all = ["x[a,b]"]`), their members stand in place of that.
   */
  membersOf(extra: string): readonly Member[];
}

export interface ExtraMembersOptions {
  /** PEP 503 name of the release. */
  readonly project: string;
  readonly requirements: readonly Requirement[];
  /** Extras that the metadata declares (Provides-Extra), as they are spelled. */
  readonly provided: readonly string[];
  readonly targets: readonly MarkerEnvironment[];
}

/**
 * Tells which requirements are needed at run time and which belong to extras, by evaluating their markers: needed is what can hold on a target without
 * an extra, and an extra has what holds with it on a target where it does not hold without (PEP 508, `extra`).
 */
export function extraMembers(options: ExtraMembersOptions): ExtraMembers {
  const { project, targets } = options;
  const { extras, byExtra } = grouped(options);

  return {
    extras,
    membersOf(extra) {
      const members: Member[] = [];
      const reached = new Map([[extra, new Set(targets)]]);
      const steps: Step[] = [{ extra, condition: null, on: targets }];
      for (const step of steps) {
        for (const { stated, condition: own, on } of byExtra.get(step.extra) ?? []) {
          const condition = both(step.condition, own, targets);
          if (condition === false) continue;
          if (stated.name !== project) members.push({ requirement: { ...stated, marker: condition }, stated });
          else {
            const next = { condition, on: step.on.filter((target) => on.has(target)) };
            for (const other of stated.extras) steps.push(...fresh({ ...next, extra: other }, reached));
          }
        }
      }
      return members;
    },
  };
}

/** An extra that is asked for under a condition, which holds on these targets. */
interface Step {
  readonly extra: string;
  readonly condition: Marker | null;
  readonly on: readonly MarkerEnvironment[];
}

/** The step, where it reaches its extra on a target on which nothing reached it yet; so extras that include each other come to an end. */
function fresh(step: Step, reached: Map<string, Set<MarkerEnvironment>>): Step[] {
  const before = reached.get(step.extra) ?? new Set();
  reached.set(step.extra, before);
  const isNew = step.on.some((target) => !before.has(target));
  for (const target of step.on) before.add(target);
  return isNew ? [step] : [];
}

/** Null: on all targets; false: on none. */
function both(a: Marker | null, b: Marker | null, targets: readonly MarkerEnvironment[]): Marker | null | false {
  if (a === null || b === null) return a ?? b;
  const simple = simplifyMarker({ kind: 'and', operands: [a, b] }, targets);
  return simple === true ? null : simple;
}

/** What is left of a marker that holds somewhere when the extra is asked for; null for always. */
function withExtra(marker: Marker, extra: string, targets: readonly MarkerEnvironment[]): Marker | null {
  const simple = simplifyMarker(
    marker,
    targets.map((target) => ({ ...target, extra })),
  );
  return typeof simple === 'boolean' ? null : simple;
}

function targetsOf(
  marker: Marker | null,
  extra: string,
  targets: readonly MarkerEnvironment[],
): ReadonlySet<MarkerEnvironment> {
  return new Set(targets.filter((target) => marker === null || evaluateMarker(marker, { ...target, extra })));
}

/** A requirement of an extra, with what is left of its marker, and the targets on which it holds. */
interface Belonging {
  readonly stated: Requirement;
  readonly condition: Marker | null;
  readonly on: ReadonlySet<MarkerEnvironment>;
}

/** The requirements by the extras that they belong to, under the empty name what is needed without one. */
function grouped({ requirements, provided, targets }: ExtraMembersOptions): {
  readonly extras: readonly string[];
  readonly byExtra: ReadonlyMap<string, readonly Belonging[]>;
} {
  const read = requirements.map((requirement) => ({
    requirement,
    comparisons: requirement.marker === null ? [] : comparisonsWithExtra(requirement.marker),
  }));
  const extras = sortedUnique(
    [...provided, ...read.flatMap(({ comparisons }) => comparisons.flatMap(namesIn))]
      .filter(isProjectName)
      .map(normalizeName),
  );
  const byExtra = new Map<string, Belonging[]>();
  const add = (extra: string, belonging: Belonging): void => {
    const known = byExtra.get(extra);
    if (known === undefined) byExtra.set(extra, [belonging]);
    else known.push(belonging);
  };
  for (const { requirement: stated, comparisons } of read) {
    const { marker } = stated;
    if (marker === null || comparisons.length === 0) {
      // Its marker is simplified when it becomes an input.
      add('', { stated, condition: marker, on: targetsOf(marker, '', targets) });
      continue;
    }
    const without = targetsOf(marker, '', targets);
    if (without.size > 0) add('', { stated, condition: withExtra(marker, '', targets), on: without });
    // Who only compares for equality says the same of extras that it does not name as of none.
    const candidates = comparisons.every(isPlain) ? sortedUnique(comparisons.flatMap(namesIn)) : extras;
    for (const extra of candidates) {
      const on = targetsOf(marker, extra, targets);
      if ([...on].some((target) => !without.has(target)))
        add(extra, { stated, condition: withExtra(marker, extra, targets), on });
    }
  }
  return { extras, byExtra };
}

function comparisonsWithExtra(marker: Marker): MarkerComparison[] {
  if (marker.kind !== 'compare') return marker.operands.flatMap(comparisonsWithExtra);
  return [marker.left, marker.right].some((operand) => operand.kind === 'variable' && operand.name === 'extra')
    ? [marker]
    : [];
}

function isPlain(comparison: MarkerComparison): boolean {
  return (comparison.operator === '==' || comparison.operator === '!=') && namesIn(comparison).length === 1;
}

/** The names that `extra` is compared with; `in` has several in one literal. */
function namesIn({ left, right }: MarkerComparison): string[] {
  return [left, right]
    .flatMap((operand) => (operand.kind === 'literal' ? operand.value.split(/[\s,]+/u) : []))
    .filter(isProjectName)
    .map(normalizeName);
}
