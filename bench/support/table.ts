import type { Measurement } from './measurement.ts';

/** How a case ended. */
export type Outcome =
  | { readonly name: string; readonly measurement: Measurement }
  | { readonly name: string; readonly failed: string; readonly isNetwork: boolean };

/** The table of all cases as lines, with columns of equal width. */
export function tableOf(outcomes: readonly Outcome[]): string[] {
  const rows = [['case', 'measured', 'against', 'ratio', 'limit', ''], ...outcomes.map(rowOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `R of S ratios hold`; figures that are only reported do not count, cases that failed count as not held. */
export function lastLine(outcomes: readonly Outcome[]): string {
  const counted = outcomes.filter((outcome) => 'failed' in outcome || outcome.measurement.limit !== null);
  return `${counted.filter(holds).length} of ${counted.length} ratios hold`;
}

/** 0 when all hold, 69 when a case could not be measured without a network, else 1. */
export function exitCodeOf(outcomes: readonly Outcome[]): number {
  if (outcomes.some((outcome) => 'failed' in outcome && outcome.isNetwork)) return 69;
  return outcomes.every((outcome) => holds(outcome)) ? 0 : 1;
}

function holds(outcome: Outcome): boolean {
  if ('failed' in outcome) return false;
  const { measured, limit } = outcome.measurement;
  return limit === null || measured <= limit.figure;
}

function rowOf(outcome: Outcome): string[] {
  if ('failed' in outcome) return [outcome.name, `failed: ${outcome.failed}`];
  const { unit, measured, against, limit } = outcome.measurement;
  return [
    outcome.name,
    shown(measured, unit),
    `${shown(against.figure, unit)} ${against.what}`,
    (measured / against.figure).toFixed(2),
    limit === null ? '' : `${shown(limit.figure, unit)} (${limit.rule})`,
    limit === null ? 'reported only' : holds(outcome) ? 'holds' : 'DOES NOT HOLD',
  ];
}

function shown(figure: number, unit: Measurement['unit']): string {
  return unit === 's' ? `${figure.toFixed(3)} s` : `${figure.toFixed(0)} MB`;
}
