/** What a case is given. */
export interface BenchContext {
  /** Path of dist/main.js. */
  readonly program: string;
  /** Empty, the case's own, removed afterwards. */
  readonly folder: string;
  /** Progress, for stderr. */
  readonly say: (text: string) => void;
}

/** What a case found: a figure beside another that was measured in the same run, and the limit for it. */
export interface Measurement {
  readonly unit: 's' | 'MB';
  /** The program's figure: the median of its runs. */
  readonly measured: number;
  /** What it is compared with, and the figure of that: the median of its runs. */
  readonly against: { readonly what: string; readonly figure: number };
  /** The largest figure with which the case holds, and how it comes about; null where the figure is only reported. */
  readonly limit: { readonly figure: number; readonly rule: string } | null;
  /** Single runs and whatever explains the figures; goes to the details. */
  readonly details: unknown;
}

/** The middle value; the mean of the two in the middle where their number is even. Throws for none. */
export function medianOf(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('there is no median of nothing');
  return (lower + upper) / 2;
}

/** Runs both in turn, so that what else the machine does hits them alike; gives the seconds that each run took. */
export async function alternate(
  rounds: number,
  actions: { readonly measured: () => Promise<number>; readonly against: () => Promise<number> },
): Promise<{ readonly measured: readonly number[]; readonly against: readonly number[] }> {
  const measured: number[] = [];
  const against: number[] = [];
  for (let round = 0; round < rounds; round++) {
    against.push(await actions.against());
    measured.push(await actions.measured());
  }
  return { measured, against };
}
