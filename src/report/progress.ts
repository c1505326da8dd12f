import type { ProgressEvent, ProgressSink } from '../base/progress.ts';
import { oneLine } from '../base/text.ts';

export interface ProgressOptions {
  readonly stream: {
    write(text: string): unknown;
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
  };
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Milliseconds, for rates and remaining times; missing: none are told. */
  readonly now?: () => number;
}

export interface ProgressReport {
  readonly sink: ProgressSink;
  /** Takes the live line away, so that the result or an error stands alone. */
  clear(): void;
}

/**
 * Progress on stderr: on a terminal one line that is written over, elsewhere a line a phase; each request too with `--verbose`; nothing with `--quiet`.
 * Retries are told always but with `--quiet`, because they explain a wait. What is counted is a bar on a terminal, with rate and remaining time, and nothing elsewhere.
 */
export function createProgress({ stream, quiet, verbose, now }: ProgressOptions): ProgressReport {
  if (quiet) return { sink: () => {}, clear: () => {} };
  const live = stream.isTTY === true && !verbose;
  const barOf = countBar(now);
  let shown = false;
  let isCounting = false;

  function clear(): void {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  }
  function show(text: string): void {
    clear();
    stream.write(cut(text, stream.columns));
    shown = true;
  }
  function tell(text: string): void {
    clear();
    stream.write(`${text}\n`);
  }
  function sink(event: ProgressEvent): void {
    if (event.kind === 'count') {
      const bar = live ? barOf(event, roomOf(stream.columns)) : null;
      if (bar !== null) show(bar);
      isCounting = live && event.done < event.total;
      return;
    }
    // Single requests would take the place of the bar that they move.
    if (isCounting && live && (event.kind === 'request' || event.kind === 'done')) return;
    isCounting = false;
    const text = oneLine(textOf(event));
    if (event.kind === 'retry') tell(text);
    else if (live) show(text);
    else if (verbose || event.kind === 'phase') tell(text);
  }
  return { sink, clear };
}

type CountEvent = Extract<ProgressEvent, { readonly kind: 'count' }>;

const BAR_WIDTH = 20;
/** Often enough to be seen moving. */
const SHOW_EVERY = 50;

/** A rate over less than this is chance. */
const RATE_AFTER = 500;

/**
 * Bars of counts: `reading  ##########----------  150/300, 40/s, 4 s left`. Where the line has no room for all of it, the bar goes first and then the name of what is counted.
 * Null: the last one is new enough.
 */
function countBar(now: ProgressOptions['now']): (event: CountEvent, room: number) => string | null {
  let counted = '';
  let start = 0;
  let before = 0;
  let last = Number.NEGATIVE_INFINITY;
  return ({ text, done, total }, room) => {
    const time = now?.() ?? 0;
    if (text !== counted) {
      counted = text;
      start = time;
      before = done;
      last = Number.NEGATIVE_INFINITY;
    }
    if (now !== undefined && time - last < SHOW_EVERY && done < total) return null;
    last = time;
    const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
    const bar = `${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}`;
    const rate = time - start >= RATE_AFTER ? (done - before) / ((time - start) / 1000) : null;
    const speed = rate === null || rate === 0 ? '' : `, ${rateText(rate)}, ${durationText((total - done) / rate)} left`;
    const figures = `${done}/${total}${speed}`;
    const lines = [`${oneLine(text)}  ${bar}  ${figures}`, `${oneLine(text)}  ${figures}`, figures];
    return lines.find((line) => line.length <= room) ?? figures;
  };
}

function rateText(rate: number): string {
  return rate >= 10 ? `${Math.round(rate)}/s` : `${rate.toFixed(1)}/s`;
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function textOf(event: Exclude<ProgressEvent, CountEvent>): string {
  switch (event.kind) {
    case 'phase':
      return event.text;
    case 'request':
      return `asking for ${event.what}: ${event.url}`;
    case 'retry':
      return `asking again for ${event.what} in ${event.seconds.toFixed(1)} s (attempt ${event.attempt}): ${event.why}`;
    case 'done':
      return `got ${event.what}`;
  }
}

function cut(text: string, columns: number | undefined): string {
  const room = roomOf(columns);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** Characters of a line that is not broken; some terminals report no columns, or 0. */
function roomOf(columns: number | undefined): number {
  return Math.max(10, (columns || 80) - 1);
}
