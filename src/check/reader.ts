import { excerpt } from '../base/text.ts';
import type { Cause, Finding, Stage } from './finding.ts';
import type { LogLine } from './log-lines.ts';

/** What a line of a log tells. `stage` null: that in which the line stands. */
export interface Found {
  readonly cause: Cause;
  readonly stage: Stage | null;
  readonly line: LogLine;
}

type Told = Omit<Found, 'line'>;

/** One message and what it means. A pattern runs in linear time, and matches one line. */
export interface Reader {
  readonly pattern: RegExp;
  /** Only in these parts of a build; missing: in all. */
  readonly stages?: readonly Stage[];
  readonly read: (match: RegExpExecArray, place: ReaderPlace) => Told | readonly Told[] | null;
}

/** Where a message stands. */
export interface ReaderPlace {
  readonly lines: readonly LogLine[];
  /** The index of the line in `lines`. */
  readonly at: number;
}

/** Everything that a table of messages finds in a log, in its order. */
export function readWith(readers: readonly Reader[], lines: readonly LogLine[]): readonly Found[] {
  const found: Found[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.text === '') continue;
    for (const { pattern, stages, read } of readers) {
      if (stages !== undefined && line.stage !== null && !stages.includes(line.stage)) continue;
      const match = pattern.exec(line.text);
      if (match === null) continue;
      const told = read(match, { lines, at });
      for (const one of told === null ? [] : isList(told) ? told : [told]) found.push({ ...one, line });
    }
  }
  return found;
}

function isList(told: Told | readonly Told[]): told is readonly Told[] {
  return Array.isArray(told);
}

/** A finding of what was read; `otherwise`: the stage where neither the message nor its place tells. */
export function findingOf({ cause, stage, line }: Found, otherwise: Stage): Finding {
  return { cause, stage: stage ?? line.stage ?? otherwise, evidence: excerpt(line.text), line: line.number };
}
