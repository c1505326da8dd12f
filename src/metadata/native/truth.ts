import { type Certainty, counts, markersJoined, stronger, weaker } from './native-facts.ts';

/**
 * How sure the condition of a build file holds, and how sure it does not, for a build on Linux or macOS with the default options. The markers (PEP 508) are
 * those of the platforms on which it does; missing: on all, or it is not known which.
 */
export interface Truth {
  readonly when: Certainty;
  readonly otherwise: Certainty;
  readonly whenMarker?: string;
  readonly otherwiseMarker?: string;
}

export const OPEN: Truth = { when: 'optional', otherwise: 'optional' };
export const TRUE: Truth = { when: 'always', otherwise: 'off' };
export const FALSE: Truth = { when: 'off', otherwise: 'always' };
/** On Linux and macOS alike. */
export const ON_UNIX: Truth = { when: 'always', otherwise: 'elsewhere' };
export const ON_LINUX: Truth = {
  ...ON_UNIX,
  whenMarker: 'sys_platform == "linux"',
  otherwiseMarker: 'sys_platform != "linux"',
};
/** On systems that no package is built for. */
export const ELSEWHERE: Truth = { when: 'elsewhere', otherwise: 'always' };
/** What is for macOS alone comes with its SDK, so that it is as good as elsewhere. */
export const ON_MACOS: Truth = {
  ...ELSEWHERE,
  whenMarker: 'sys_platform == "darwin"',
  otherwiseMarker: 'sys_platform != "darwin"',
};

export function opposite({ when, otherwise, whenMarker, otherwiseMarker }: Truth): Truth {
  return truth({ when: otherwise, marker: otherwiseMarker }, { when, marker: whenMarker });
}

export function bothHold(a: Truth, b: Truth): Truth {
  return truth(
    { when: weaker(a.when, b.when), marker: bothMarkers(a.whenMarker, b.whenMarker) },
    {
      when: stronger(a.otherwise, b.otherwise),
      marker: eitherMarker(
        { when: a.otherwise, marker: a.otherwiseMarker },
        { when: b.otherwise, marker: b.otherwiseMarker },
      ),
    },
  );
}

export function eitherHolds(a: Truth, b: Truth): Truth {
  return opposite(bothHold(opposite(a), opposite(b)));
}

export function sameTruth(a: Truth, b: Truth): boolean {
  return (
    a.when === b.when &&
    a.otherwise === b.otherwise &&
    a.whenMarker === b.whenMarker &&
    a.otherwiseMarker === b.otherwiseMarker
  );
}

/** The marker of what two markers hold for. */
export function bothMarkers(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? (a ?? b) : markersJoined('and', a, b);
}

interface Side {
  readonly when: Certainty;
  readonly marker: string | undefined;
}

/** A side that does not count on Linux and macOS adds no platform. */
function eitherMarker(a: Side, b: Side): string | undefined {
  if (a.marker !== undefined && b.marker !== undefined) return markersJoined('or', a.marker, b.marker);
  const [marked, plain] = a.marker === undefined ? [b, a] : [a, b];
  return counts(plain.when) ? undefined : marked.marker;
}

function truth(holds: Side, fails: Side): Truth {
  return {
    ...{ when: holds.when, otherwise: fails.when },
    ...(holds.marker === undefined ? {} : { whenMarker: holds.marker }),
    ...(fails.marker === undefined ? {} : { otherwiseMarker: fails.marker }),
  };
}

/** A branch of a build file: what its condition comes to, and how it is written. */
export interface Branch extends Truth {
  readonly condition: string;
}

/** What the branches around a place come to; `condition` is the least certain one's. */
export interface Outer {
  readonly when: Certainty;
  readonly condition: string | null;
  readonly marker?: string;
}

/** A branch that is looked at where those before it did not hold. */
export function narrowed(own: Branch, before: Branch): Branch {
  const rest = opposite(before);
  const holds = bothHold(own, rest);
  const fails = bothHold(opposite(own), rest);
  return {
    ...truth({ when: holds.when, marker: holds.whenMarker }, { when: fails.when, marker: fails.whenMarker }),
    condition: own.condition,
  };
}

/** The branch of an `else`. */
export function elseOf(before: Branch): Branch {
  const { when, whenMarker } = opposite(before);
  const side = { when, marker: whenMarker };
  return { ...truth(side, side), condition: `else of ${before.condition}` };
}

export function outerOf(branches: readonly Branch[]): Outer {
  let when: Certainty = 'always';
  let condition: string | null = null;
  let marker: string | undefined;
  for (const branch of branches) {
    marker = bothMarkers(marker, branch.whenMarker);
    if (branch.when !== 'always' && weaker(when, branch.when) === branch.when) {
      when = branch.when;
      condition = branch.condition;
    }
  }
  return { when, condition, ...(marker === undefined ? {} : { marker }) };
}
