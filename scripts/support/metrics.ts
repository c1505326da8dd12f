/** How many names both sides have, and how many only one. */
export interface Tally {
  readonly both: number;
  readonly onlyTruth: number;
  readonly onlyHere: number;
}

/** Shares from 0 to 1. */
export interface Figures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The counts of all tallies together: micro-averaging gives each name the same weight, so that projects with many inputs count more. */
export function sumOf(tallies: readonly Tally[]): Tally {
  let [both, onlyTruth, onlyHere] = [0, 0, 0];
  for (const tally of tallies) {
    both += tally.both;
    onlyTruth += tally.onlyTruth;
    onlyHere += tally.onlyHere;
  }
  return { both, onlyTruth, onlyHere };
}

/** Precision, recall and their harmonic mean. With nothing to find and nothing found all are 1: nothing is wrong. */
export function figuresOf({ both, onlyTruth, onlyHere }: Tally): Figures {
  const share = (of: number): number => (of === 0 ? 1 : both / of);
  const f1 = both + onlyTruth + onlyHere === 0 ? 1 : (2 * both) / (2 * both + onlyTruth + onlyHere);
  return { precision: share(both + onlyHere), recall: share(both + onlyTruth), f1 };
}
